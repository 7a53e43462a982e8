"""The commands about trainings and their runs, by which words they are asked for."""

from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.cli.engine import engines, stopping_on_interrupt
from cnnstudio.cli.options import Assignments, Json, LabelsInNames, Source
from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

training_commands = typer.Typer()


@training_commands.command(help=N_("Train a project, or a folder of pictures."))
def train(
    path: Source,
    settings: Assignments = None,
    runs: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FOLDER",
            help=N_("Where the run is kept: else the project's runs, else ./cnnstudio-runs."),
        ),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            help=N_("Afterwards, write the model to this .keras file."),
        ),
    ] = None,
    labels_in_names: LabelsInNames = False,
    json: Json = False,
) -> None:
    """Ctrl-C stops and keeps what was reached."""
    from cnnstudio.cli.pictures import project_at, split_file_at
    from cnnstudio.cli.training import train as train_here

    output = Output(json)
    project, usual_runs = project_at(path, settings or [], output, labels_in_names)
    split_file = split_file_at(path)
    raise typer.Exit(train_here(project, runs or usual_runs, export, output, split_file))


@training_commands.command(help=N_("Write a run's model to a .keras file that anyone can load."))
def export(
    run: Annotated[Path, typer.Argument(readable=False, help=N_("A run's folder."))],
    to: Annotated[
        Path, typer.Option("--to", readable=False, metavar="FILE", help=N_("The file to write."))
    ],
    json: Json = False,
) -> None:
    """The file is checked by a fresh process before it gets its name."""
    from cnnstudio.cli.training import export as export_here
    from cnnstudio.project.run_folder import RunFolder

    output = Output(json)
    opened = RunFolder.open(run)
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        exported = export_here(keeper, opened, to, output, should_stop)
    output.result(
        file=str(exported.file),
        classes=list(exported.classes),
        size=exported.size,
        difference=exported.difference,
        megabytes=round(exported.megabytes, 2),
    )
