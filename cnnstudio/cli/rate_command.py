"""The command that looks for a learning rate, by which words it is asked for."""

import typer

from cnnstudio.cli.options import Assignments, Json, LabelsInNames, Source
from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

rate_command = typer.Typer()


@rate_command.command(help=N_("Try learning rates on the pictures and suggest one."))
def find_rate(
    path: Source,
    settings: Assignments = None,
    labels_in_names: LabelsInNames = False,
    json: Json = False,
) -> None:
    """Nothing is kept of it."""
    from cnnstudio.cli.find_rate import find_rate as find_rate_here
    from cnnstudio.cli.pictures import project_at, split_file_at

    output = Output(json)
    project, _ = project_at(path, settings or [], output, labels_in_names)
    find_rate_here(project, output, split_file_at(path))
