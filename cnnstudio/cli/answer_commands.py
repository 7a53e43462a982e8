"""The commands that ask a model, by which words they are asked for."""

from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.cli.options import Json, ModelFile
from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

answer_commands = typer.Typer()


@answer_commands.command(
    help=N_("Ask a model for pictures whose class is known: accuracy and confusion matrix.")
)
def evaluate(
    model: ModelFile,
    folder: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help=N_(
                "A folder whose sub-folders are the classes; of parts, the test part is taken."
            ),
        ),
    ],
    json: Json = False,
) -> None:
    """The classes are compared by name."""
    from cnnstudio.cli.answers import evaluate as evaluate_here

    evaluate_here(model, folder, Output(json))


@answer_commands.command(help=N_("Ask a model what is in pictures."))
def predict(
    model: ModelFile,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help=N_("Pictures, or folders of pictures."))
    ],
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            readable=False,
            metavar="FILE",
            help=N_("Also write the answers to this table."),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Pictures that cannot be read are named and passed over."""
    from cnnstudio.cli.answers import predict as predict_here

    predict_here(model, paths, csv, Output(json))
