"""The command that looks through a folder of pictures."""

from pathlib import Path

from cnnstudio.cli.engine import StoppedError, stopping_on_interrupt
from cnnstudio.cli.output import Bars, Output, as_values, plain_table
from cnnstudio.images.scan import CheckReport, check_pictures, scan_folders
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import errors_in
from cnnstudio.project.words import say, say_count


def check(folder: Path, output: Output) -> int:
    """Show classes, counts and problems; returns 1 where one stands in the way of a training.

    Raises:
        StoppedError: after Ctrl-C.
    """
    scan = scan_folders([str(folder)])
    report = CheckReport(scan, (), scan.problems)
    if scan.pictures:
        with stopping_on_interrupt() as should_stop, Bars(output) as bars:
            try:
                report = check_pictures(scan, bars.looked_through, should_stop)
            except InterruptedError as error:
                raise StoppedError from error
    _tell_report(report, output)
    values = {
        "classes": report.counts(),
        "problems": [as_values(problem) for problem in report.problems],
    }
    errors = errors_in(report.problems)
    if errors:
        output.failure(errors[0].message, errors[0].remedy, **values)
        return 1
    output.sentence(say("Ready to be trained on."), "bold green")
    output.result(**values)
    return 0


def _tell_report(report: CheckReport, output: Output) -> None:
    if report.scan.pictures:
        _tell_counts(report, output)
    errors = errors_in(report.problems)
    for problem in report.problems:
        # Where both streams end on one screen, the first error is told at the end only.
        if problem not in errors[:1] or not output.console.is_terminal:
            output.problem(problem)


def _tell_counts(report: CheckReport, output: Output) -> None:
    usable = report.usable()
    titles: dict[Part, str] = {}
    if report.scan.has_parts:
        titles = {
            "training": say("Training"),
            "validation": say("Validation"),
            "test": say("Test"),
        }
    columns = [say("Class"), say("Usable pictures"), *titles.values()]
    table = plain_table(*columns, right=tuple(range(1, len(columns))))
    for name, count in report.counts().items():
        of_class = [each.part for each in usable if each.label == name]
        table.add_row(name, str(count), *(str(of_class.count(part)) for part in titles))
    output.table(table)
    left_out = len(report.broken)
    output.sentence(
        say_count("{count} picture", "{count} pictures", len(usable))
        + (", " + say("{count} left out", count=left_out) if left_out else "")
    )
