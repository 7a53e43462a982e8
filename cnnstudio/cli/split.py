"""The command that shows how pictures are split, and keeps what is like another together."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from cnnstudio.cli.engine import StoppedError, stopping_on_interrupt
from cnnstudio.cli.output import Bars, Output, as_values, plain_table
from cnnstudio.cli.pictures import (
    project_at,
    remember_split,
    remembered_split,
    split_file_at,
)
from cnnstudio.images.arrangement import arrange, scan_pictures
from cnnstudio.images.checking import CheckReport, check_pictures
from cnnstudio.images.facts import look_into
from cnnstudio.images.look_alikes import groups_of
from cnnstudio.images.split import SplitReport
from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.findings import groups_on_both_sides
from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.listing import PictureList
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import SPLIT_NAME, write_problem
from cnnstudio.project.split_words import look_alikes_kept, look_alikes_torn
from cnnstudio.project.words import say, say_count
from cnnstudio.worker.runs import folder_around

MOST_PATHS_SHOWN = 10


def split(
    path: Path,
    assignments: list[str],
    labels_in_names: bool,
    to: Path | None,
    after: Path | None,
    output: Output,
) -> int:
    """Show the parts of what ``path`` (a project or a source of pictures) holds.

    With ``to``, they are written as a table; with ``after``, pictures of such a table keep their
    parts. The parts of a source (not those of a project) are remembered for the next time.
    Returns 1 where no training is possible.

    Raises:
        ProblemError: if the project or the earlier table cannot be read, or the new one cannot
            be written.
        StoppedError: after Ctrl-C.
    """
    project, _ = project_at(path, assignments, output, labels_in_names)
    split_file = split_file_at(path)
    if to is not None:
        _require_outside(to, project.pictures.folders)
    earlier = _read_parts(after) if after is not None else None
    report = _look_through(project, output)
    digests = report.look_alikes.digests
    notes: list[Problem] = []
    if earlier is None:
        kept = remembered_split(split_file, project.pictures).parts
    else:
        kept, gone = earlier.by_content(digests)
        if gone:
            notes.append(Problem("earlier_pictures_gone", file=str(after), values={"count": gone}))
    arrangement = arrange(report.scan, project.pictures, project.edits, report, kept)
    problems = [*arrangement.problems, *notes]
    errors = errors_in(problems)
    done = arrangement.split
    if done is None or errors:
        problem = errors[0]
        known = [as_values(each) for each in problems]
        output.failure(problem.message, problem.remedy, problems=known)
        return 1
    stayed = sum(
        kept.get(digests.get(each.path, "")) == each.part for each in done.listing.pictures
    )
    if earlier is None and split_file.name != SPLIT_NAME:
        before = remembered_split(split_file, project.pictures)
        remember_split(split_file, before.after(done.listing, digests))
    torn = groups_on_both_sides(arrangement.findings)
    _tell(done, stayed, len(torn), notes, output)
    more = len(arrangement.problems) - len(done.problems) + len(arrangement.findings)
    if more:
        output.sentence(
            say_count(
                "'cnnstudio check' tells {count} more thing about these pictures.",
                "'cnnstudio check' tells {count} more things about these pictures.",
                more,
            )
        )
    if to is not None:
        _write(done.listing, digests, to, output)
    output.result(
        classes=_by_class(done.listing),
        seed=project.pictures.seed,
        validation_share=project.pictures.validation_share,
        test_share=project.pictures.test_share,
        pictures={each.path: each.part for each in done.listing.pictures},
        look_alikes=_groups(report),
        kept_together=done.kept_together,
        torn_at_random=done.torn_at_random,
        on_both_sides=torn,
        left_between=list(done.left_between),
        stayed=stayed,
        list=str(to.absolute()) if to is not None else None,
        problems=[as_values(each) for each in problems],
    )
    return 0


def _look_through(project: Project, output: Output) -> CheckReport:
    scan = scan_pictures(project)
    if not scan.pictures:
        return CheckReport(scan)
    with stopping_on_interrupt() as should_stop, Bars(output) as bars:
        try:
            return check_pictures(scan, bars.looked_through, should_stop)
        except InterruptedError as error:
            raise StoppedError from error


def _write(listing: PictureList, digests: Mapping[str, str], to: Path, output: Output) -> None:
    """A table of the pictures; by their digests they are known again wherever they are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("path", "label", "part", "digest"))
    writer.writerows(
        (each.path, each.label, each.part, digests.get(each.path, "")) for each in listing.pictures
    )
    try:
        write_text_atomically(to, text.getvalue())
    except OSError as error:
        raise ProblemError(write_problem(error, to)) from error
    output.sentence(say("Written: {path}", path=to.absolute()))


def _require_outside(to: Path, folders: Sequence[str]) -> None:
    if (folder := folder_around(to, folders)) is not None:
        values: dict[str, str | int | float] = {"folder": folder}
        raise ProblemError(Problem("list_in_pictures", file=str(to), values=values))


# The time before


@dataclass(frozen=True)
class _Earlier:
    """The parts of an earlier table: by content where it says that, by full path where not."""

    of_content: Mapping[str, Part]
    of_path: Mapping[str, Part]

    def by_content(self, digests: Mapping[str, str]) -> tuple[dict[str, Part], int]:
        """The part of each content, and how many pictures could not be read again."""
        found = dict(self.of_content)
        gone = 0
        for path, part in self.of_path.items():
            digest = digests.get(path) or look_into(path).digest.hex()
            if digest:
                found.setdefault(digest, part)
            else:
                gone += 1
        return found, gone


def _read_parts(path: Path) -> _Earlier:
    """What a project's split file, a run's table of pictures, or one of this command says.

    Raises:
        ProblemError: earlier_list_unreadable.
    """
    if (kept := KeptSplit.load(path)) is not None:
        return _Earlier(kept.parts, {})
    of_content: dict[str, str] = {}
    of_path: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                if row.get("digest"):
                    of_content.setdefault(row["digest"], row["part"])
                else:
                    of_path[str(path.absolute().parent / row["path"])] = row["part"]
    except (OSError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise ProblemError(Problem("earlier_list_unreadable", file=str(path))) from error
    named = {*of_content.values(), *of_path.values()}
    if not named or not named.issubset(get_args(Part)):
        raise ProblemError(Problem("earlier_list_unreadable", file=str(path)))
    return _Earlier(cast(dict[str, Part], of_content), cast(dict[str, Part], of_path))


# What is shown


def _tell(
    done: SplitReport, stayed: int, torn: int, notes: Sequence[Problem], output: Output
) -> None:
    counts = done.listing.counts()
    columns = say("Class"), say("Training"), say("Validation"), say("Test")
    table = plain_table(*columns, right=(1, 2, 3))
    for name, of_class in _by_class(done.listing).items():
        table.add_row(name, *map(str, of_class.values()))
    table.add_row("", *(str(of_part.total()) for of_part in counts.values()), style="bold")
    output.table(table)
    if stayed:
        output.sentence(
            say_count(
                "{count} picture is in the part that it was in before.",
                "{count} pictures are in the part that they were in before.",
                stayed,
            )
        )
    words = look_alikes_kept(done.kept_together, done.torn_at_random)
    if words or not torn:
        none = say("There are no look-alikes that had to be kept together.")
        output.sentence(words or none)
    if torn:
        output.sentence(look_alikes_torn(torn), "yellow")
    for problem in (*notes, *done.problems):
        output.problem(problem)
    for path in done.left_between[:MOST_PATHS_SHOWN]:
        output.sentence(f"  {path}", "dim")
    more = len(done.left_between) - MOST_PATHS_SHOWN
    if more > 0:
        output.sentence("  " + say_count("and {count} more", "and {count} more", more), "dim")


def _groups(report: CheckReport) -> list[tuple[str, ...]]:
    """The pictures of each group of look-alikes."""
    pairs = (*report.look_alikes.same, *report.look_alikes.near)
    paths = dict.fromkeys(path for pair in pairs for path in pair)
    return groups_of(paths, pairs)


def _by_class(listing: PictureList) -> dict[str, dict[Part, int]]:
    counts: Mapping[Part, Counter[str]] = listing.counts()
    return {
        name: {part: of_part[name] for part, of_part in counts.items()} for name in listing.classes
    }
