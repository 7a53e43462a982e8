"""The commands about trainings, by which words they are asked for."""

from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.cli.engine import engines, stopping_on_interrupt
from cnnstudio.cli.options import Assignments, Json, LabelsInNames, Run, Source
from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

training_commands = typer.Typer()

ExportTo = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        help=N_("Afterwards, write the model to this .keras file."),
    ),
]


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
    export: ExportTo = None,
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


@training_commands.command(
    "continue",
    help=N_("Let a run go on where it was stopped or broke off, or add epochs to it."),
)
def go_on(
    run: Run,
    epochs: Annotated[
        int,
        typer.Option(min=0, max=10000, help=N_("So many epochs more than planned so far.")),
    ] = 0,
    export: ExportTo = None,
    json: Json = False,
) -> None:
    """The history becomes what it would have been without the break."""
    from cnnstudio.cli.runs import run_at
    from cnnstudio.cli.training import go_on as go_on_here

    raise typer.Exit(go_on_here(run_at(run), epochs, export, Output(json)))


@training_commands.command(help=N_("Write a run's model to a .keras file that anyone can load."))
def export(
    run: Run,
    to: Annotated[
        Path, typer.Option("--to", readable=False, metavar="FILE", help=N_("The file to write."))
    ],
    json: Json = False,
) -> None:
    """The file is checked by a fresh process before it gets its name."""
    from cnnstudio.cli.runs import run_at
    from cnnstudio.cli.training import export as export_here

    output = Output(json)
    opened = run_at(run)
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        exported = export_here(keeper, opened, to, output, should_stop)
    output.result(
        file=str(exported.file),
        classes=list(exported.classes),
        size=exported.size,
        difference=exported.difference,
        megabytes=round(exported.megabytes, 2),
    )
