"""The command that looks through pictures: classes, parts, sources, and all that was found."""

from pathlib import Path
from typing import Any

from cnnstudio.cli.engine import StoppedError, stopping_on_interrupt
from cnnstudio.cli.output import Bars, Output, as_values, plain_table
from cnnstudio.cli.pictures import project_at, remembered_split, split_file_at
from cnnstudio.images.arrangement import Arrangement, arrange, scan_pictures
from cnnstudio.images.checking import CheckReport, check_pictures
from cnnstudio.images.name_labels import NameOffer
from cnnstudio.images.sources import SourceFacts, SourceKind
from cnnstudio.project.findings import Finding
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.words import N_, say, say_count

MOST_GROUPS_SHOWN = 5
MOST_PICTURES_SHOWN = 10

_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}

_SOURCES: dict[SourceKind, str] = {
    "folders": N_("a folder for each class"),
    "parts": N_("folders for training and test"),
    "list": N_("a list of pictures"),
    "names": N_("classes from the file names"),
    "zip": N_("a ZIP"),
    "idx": N_("IDX arrays"),
    "npz": N_("NPZ arrays"),
    "files": N_("single pictures"),
}


def check(path: Path, labels_in_names: bool, output: Output) -> int:
    """Show what ``path`` (a project or a source of pictures) holds, and what is wrong with it.

    Returns 1 where something stands in the way of a training.

    Raises:
        ProblemError: if the project cannot be opened.
        StoppedError: after Ctrl-C.
    """
    project, _ = project_at(path, [], output, labels_in_names)
    arrangement = _look_through(project, split_file_at(path), output)
    told = {finding.kind for finding in arrangement.findings}
    problems = [problem for problem in arrangement.problems if problem.kind not in told]
    errors = errors_in(arrangement.problems)
    _tell(arrangement, problems, errors[:1], output)
    values = _as_values(arrangement)
    if errors:
        output.failure(errors[0].message, errors[0].remedy, **values)
        return 1
    output.sentence(say("Ready to be trained on."), "bold green")
    output.result(**values)
    return 0


def _look_through(project: Project, split_file: Path, output: Output) -> Arrangement:
    scan = scan_pictures(project)
    report = CheckReport(scan)
    if scan.pictures:
        with stopping_on_interrupt() as should_stop, Bars(output) as bars:
            try:
                report = check_pictures(scan, bars.looked_through, should_stop)
            except InterruptedError as error:
                raise StoppedError from error
    before = remembered_split(split_file, project.pictures).parts
    return arrange(scan, project.pictures, project.edits, report, before)


# For people


def _tell(
    arrangement: Arrangement, problems: list[Problem], told_last: list[Problem], output: Output
) -> None:
    if arrangement.scan.pictures:
        _tell_counts(arrangement, output)
    for source in arrangement.scan.sources:
        if source.kind != "folders" or len(arrangement.scan.sources) > 1:
            _tell_source(source, output)
    for offer in arrangement.scan.offers:
        _tell_offer(offer, output)
    for finding in arrangement.findings:
        _tell_finding(finding, output)
    if arrangement.findings:
        output.sentence("")
        output.sentence(
            say("In the window, every remedy is one click on the Health page, and can be undone.")
        )
    for problem in problems:
        # Where both streams end on one screen, the first error is told at the end only.
        if problem not in told_last or not output.console.is_terminal:
            output.problem(problem)
    if arrangement.scan.pictures and not arrangement.findings and not arrangement.problems:
        output.sentence(say("All is well."), "green")


def _tell_counts(arrangement: Arrangement, output: Output) -> None:
    usable = arrangement.usable()
    listing = arrangement.listing
    titles: dict[Part, str] = {}
    if listing is not None:
        titles = {
            "training": say("Training"),
            "validation": say("Validation"),
            "test": say("Test"),
        }
    columns = [say("Class"), say("Usable pictures"), *titles.values()]
    table = plain_table(*columns, right=tuple(range(1, len(columns))))
    for name, count in arrangement.counts().items():
        parts = listing.counts() if listing is not None else {}
        table.add_row(name, str(count), *(str(parts[part][name]) for part in titles))
    output.table(table)
    left_out = len(arrangement.broken) + len(arrangement.left_out)
    if left_out:
        output.sentence(
            say_count(
                "{count} picture, {left_out} left out",
                "{count} pictures, {left_out} left out",
                len(usable),
                left_out=left_out,
            )
        )
    else:
        output.sentence(say_count("{count} picture", "{count} pictures", len(usable)))


def _tell_source(source: SourceFacts, output: Output) -> None:
    output.sentence(
        say_count(
            "From {path} ({kind}): {count} picture",
            "From {path} ({kind}): {count} pictures",
            source.pictures,
            path=source.path or "–",
            kind=say(_SOURCES[source.kind]),
        )
    )


def _tell_offer(offer: NameOffer, output: Output) -> None:
    counts = ", ".join(f"{name} {count}" for name, count in offer.counts.items())
    output.sentence(
        say(
            "The file names in {folder} say the class: {counts}.",
            folder=offer.folder,
            counts=counts,
        ),
        "cyan",
    )
    output.sentence(say("To use them, add --labels-in-names."))


def _tell_finding(finding: Finding, output: Output) -> None:
    output.sentence("")
    output.sentence(finding.title, _STYLES[finding.severity])
    output.sentence(finding.why)
    if not finding.classes:
        _tell_groups(finding, output)
    for remedy in finding.remedies:
        output.sentence(f"  → {remedy.sentence}")


def _tell_groups(finding: Finding, output: Output) -> None:
    are_single = all(len(group) == 1 for group in finding.groups)
    most = MOST_PICTURES_SHOWN if are_single else MOST_GROUPS_SHOWN
    for group in finding.groups[:most]:
        for place, path in enumerate(group[:MOST_PICTURES_SHOWN]):
            output.sentence(f"  = {path}" if place else f"  {path}", "dim")
        more = len(group) - MOST_PICTURES_SHOWN
        if more > 0:
            output.sentence(f"  = {_and_more(more)}", "dim")
    if len(finding.groups) > most:
        output.sentence(f"  {_and_more(len(finding.groups) - most)}", "dim")


def _and_more(count: int) -> str:
    return say_count("and {count} more", "and {count} more", count)


# For programs


def _as_values(arrangement: Arrangement) -> dict[str, Any]:
    listing = arrangement.listing
    parts = listing.counts() if listing is not None else {}
    return {
        "classes": arrangement.counts(),
        "parts": {part: dict(counts) for part, counts in parts.items()},
        "sources": [
            {
                "path": source.path,
                "kind": source.kind,
                "pictures": source.pictures,
                "classes": list(source.classes),
            }
            for source in arrangement.scan.sources
        ],
        "offers": [
            {
                "folder": offer.folder,
                "classes": dict(offer.counts),
                "examples": {name: list(paths) for name, paths in offer.examples.items()},
                "unclear": offer.unclear,
            }
            for offer in arrangement.scan.offers
        ],
        "left_out": [picture.path for picture in arrangement.left_out],
        "findings": [_finding_as_values(finding) for finding in arrangement.findings],
        "problems": [as_values(problem) for problem in arrangement.problems],
    }


def _finding_as_values(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "title": finding.title,
        "why": finding.why,
        "classes": list(finding.classes),
        "groups": [list(group) for group in finding.groups],
        "remedies": [
            {"kind": each.kind, "title": each.sentence, "class": each.value}
            for each in finding.remedies
        ],
    }
