"""The commands about networks, by which words they are asked for."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.cli.options import Assignments, Json
from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

network_commands = typer.Typer()


class NetworkFilterName(StrEnum):
    """The keys of ``network_filters.FILTERS``."""

    SMALL = "small"
    FAST = "fast"
    ACCURATE = "accurate"
    HERE = "here"


@network_commands.command(help=N_("List the networks that there are."))
def networks(
    search: Annotated[
        str,
        typer.Option(
            "--search",
            metavar="TEXT",
            help=N_("Only those with these words in name, family, description, source or year."),
        ),
    ] = "",
    filters: Annotated[
        list[NetworkFilterName] | None,
        typer.Option(
            "--filter",
            help=N_(
                "Only small (at most 10 million weights), fast (at most a billion multiplications "
                "a picture) or accurate ones (80 % on ImageNet), or those with weights here. May "
                "be given several times."
            ),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """From the table of networks."""
    from cnnstudio.cli.networks import tell_networks

    tell_networks(search, filters or [], Output(json))


@network_commands.command(
    help=N_("List every layer of a network with shape and parameters, trained or frozen.")
)
def layers(
    network: Annotated[str, typer.Argument(help=N_("A network's name, such as VGG16."))],
    settings: Assignments = None,
    classes: Annotated[
        int, typer.Option(min=2, help=N_("How many classes the head tells apart."))
    ] = 2,
    save_layers: Annotated[
        Path | None,
        typer.Option(
            "--save-layers",
            readable=False,
            metavar="FILE",
            help=N_("Also write the list of its layers to this JSON file, to be changed."),
        ),
    ] = None,
    pictures: Annotated[
        int | None,
        typer.Option(min=2, help=N_("Also predict what training on so many pictures takes here.")),
    ] = None,
    json: Json = False,
) -> None:
    """Needs no weights."""
    from cnnstudio.cli.tables import tell_layers

    tell_layers(network, settings or [], classes, save_layers, pictures, Output(json))


@network_commands.command(
    help=N_("Draw a network to scale, frozen blocks marked, as a picture for a slide.")
)
def draw(
    network: Annotated[str, typer.Argument(help=N_("A network's name, such as VGG16."))],
    to: Annotated[
        Path,
        typer.Option("--to", readable=False, metavar="FILE", help=N_("The .svg file to write.")),
    ],
    every_layer: Annotated[
        bool, typer.Option("--layers", help=N_("Draw every layer instead of blocks."))
    ] = False,
    settings: Assignments = None,
    classes: Annotated[
        int, typer.Option(min=2, help=N_("How many classes the head tells apart."))
    ] = 2,
    json: Json = False,
) -> None:
    """Needs no weights and no window."""
    from cnnstudio.cli.draw import draw as draw_here

    draw_here(network, to, every_layer, settings or [], classes, Output(json))
