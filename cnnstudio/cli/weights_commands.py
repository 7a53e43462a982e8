"""The commands of the weights library, by which words they are asked for."""

from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

weights = typer.Typer(
    name="weights",
    help=N_("What networks already know: list, fetch and check the files of their weights."),
)

_Json = Annotated[
    bool,
    typer.Option(
        "--json", help=N_("Print one JSON object a line for programs; the last one is the result.")
    ),
]


@weights.command(
    "list", help=N_("List every network with weights: how large, whether it is here, and where.")
)
def list_weights(
    check: Annotated[
        bool, typer.Option("--check", help=N_("Also look into the files that are here."))
    ] = False,
    json: _Json = False,
) -> None:
    """Exit code 1 where a file that is here is not right."""
    from cnnstudio.cli.weights import tell_weights

    raise typer.Exit(tell_weights(check, Output(json)))


@weights.command(
    help=N_(
        "Fetch weights that are not here. A download that was stopped or broke off goes on where "
        "it was."
    )
)
def fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help=N_("Networks' names, such as VGG16.")),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            readable=False,
            metavar="FOLDER",
            help=N_("Fill this folder, to share it; else the one of the settings is taken."),
        ),
    ] = None,
    width: Annotated[
        float | None,
        typer.Option("--width", help=N_("Of a network that comes in several widths: 0.35.")),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option("--size", min=1, help=N_("The size of the pictures, in pixels.")),
    ] = None,
    take_all: Annotated[
        bool, typer.Option("--all", help=N_("Fetch the weights of all networks and widths."))
    ] = False,
    json: _Json = False,
) -> None:
    """Ctrl-C keeps what has arrived."""
    from cnnstudio.cli.weights import fetch as fetch_here

    code = fetch_here(names or [], take_all, to, width, size, Output(json))
    raise typer.Exit(code)


@weights.command(
    help=N_("Look into every weights file of a folder: checksum, damage, and whether it fits.")
)
def check(
    folder: Annotated[
        Path, typer.Argument(readable=False, help=N_("A folder with weight files (.h5)."))
    ],
    json: _Json = False,
) -> None:
    """Exit code 1 where a file is not right."""
    from cnnstudio.cli.weights import check as check_here

    raise typer.Exit(check_here(folder, Output(json)))
