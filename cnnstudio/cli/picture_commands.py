"""The commands about pictures, by which words they are asked for."""

from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.cli.options import Assignments, Json, LabelsInNames, Source
from cnnstudio.cli.output import Bars, Output, quoted
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.words import N_, say

picture_commands = typer.Typer()


@picture_commands.command(
    help=N_("Show classes and counts of pictures, what is wrong with them, and the remedies.")
)
def check(
    path: Source,
    labels_in_names: LabelsInNames = False,
    json: Json = False,
) -> None:
    """Exit code 1 only where something stands in the way of a training."""
    from cnnstudio.cli.check import check as check_here

    raise typer.Exit(check_here(path, labels_in_names, Output(json)))


@picture_commands.command(
    help=N_("Show which pictures are learned from, watched and kept back, look-alikes together.")
)
def split(
    path: Source,
    settings: Assignments = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            readable=False,
            metavar="FILE",
            help=N_("Also write each picture and its part to this table."),
        ),
    ] = None,
    after: Annotated[
        Path | None,
        typer.Option(
            "--after",
            readable=False,
            metavar="FILE",
            help=N_("Leave the pictures of this earlier table in their parts."),
        ),
    ] = None,
    labels_in_names: LabelsInNames = False,
    json: Json = False,
) -> None:
    """Nothing is trained, and a project stays as it is."""
    from cnnstudio.cli.split import split as split_here

    given = split_here(path, settings or [], labels_in_names, to, after, Output(json))
    raise typer.Exit(given)


@picture_commands.command(
    help=N_("Draw sample pictures of cats and dogs, to try everything out on.")
)
def samples(
    folder: Annotated[Path, typer.Argument(readable=False, help=N_("Where the pictures are put."))],
    per_class: Annotated[
        int, typer.Option(min=1, max=5000, help=N_("How many pictures of each class."))
    ] = 150,
    seed: Annotated[
        int, typer.Option(min=0, help=N_("The same seed draws the same pictures."))
    ] = 1,
    json: Json = False,
) -> None:
    """Two classes, ready for training."""
    from cnnstudio.images.samples import draw_samples
    from cnnstudio.images.scan import scan_folders
    from cnnstudio.project.project_folder import write_problem

    output = Output(json)
    try:
        with Bars(output) as bars:
            draw_samples(folder, per_class, seed, bars.drawn)
    except OSError as error:
        raise ProblemError(write_problem(error, folder)) from error
    counts = scan_folders([str(folder)]).counts()
    shown = ", ".join(f"{name} {count}" for name, count in counts.items())
    output.sentence(say("Drawn in {folder}: {counts}", folder=folder.absolute(), counts=shown))
    output.sentence(say("Train on them with: cnnstudio train {folder}", folder=quoted(folder)))
    output.result(folder=str(folder.absolute()), classes=counts)
