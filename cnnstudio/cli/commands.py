"""The commands themselves: what is asked for on the command line, and by which words."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import rich_utils

from cnnstudio import __version__
from cnnstudio.cli.boundary import guarded
from cnnstudio.cli.engine import engines, stopping_on_interrupt
from cnnstudio.cli.output import Bars, Output
from cnnstudio.cli.weights_commands import weights
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.settings import load_settings
from cnnstudio.project.words import N_, say, use_language

app = typer.Typer(
    name="cnnstudio",
    help=N_(
        "CNN Studio trains an image classifier: a folder of pictures in, a .keras model out. "
        "Without a command it opens the window; --demo begins a training there by itself."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[
    bool,
    typer.Option(
        "--json", help=N_("Print one JSON object a line for programs; the last one is the result.")
    ),
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="CHAPTER.FIELD=VALUE",
        help=N_("Change a setting; 'cnnstudio settings' lists them. May be given several times."),
    ),
]
Source = Annotated[
    Path,
    typer.Argument(
        readable=False,
        metavar="FOLDER|FILE|PROJECT",
        help=N_(
            "A folder, a list (CSV), a ZIP, IDX or NPZ file with pictures, or a project's folder."
        ),
    ),
]
LabelsInNames = Annotated[
    bool,
    typer.Option("--labels-in-names", help=N_("Take the classes from the file names: cat.12.jpg.")),
]
ModelFile = Annotated[
    Path, typer.Argument(readable=False, metavar="MODEL", help=N_("A .keras file."))
]


class NetworkFilterName(StrEnum):
    """The keys of ``network_filters.FILTERS``."""

    SMALL = "small"
    FAST = "fast"
    ACCURATE = "accurate"
    HERE = "here"


def main(arguments: list[str]) -> int:
    """Carry out the command line ``arguments``; returns the exit code."""
    use_language(load_settings().language or None)
    command = typer.main.get_command(app)
    _translate(command)
    output = Output("--json" in arguments)

    def carry_out() -> int:
        code = command.main(arguments, prog_name="cnnstudio", standalone_mode=False)
        return code if isinstance(code, int) else 0

    return guarded(carry_out, output)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"CNN Studio {__version__}")
        raise typer.Exit


@app.callback()
def cnnstudio(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=N_("Show the version.")
        ),
    ] = False,
) -> None:
    """Options without a command; the help text stands with ``app``."""


@app.command(
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


@app.command(
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


@app.command(help=N_("List the networks that there are."))
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


@app.command(help=N_("List every layer of a network with shape and parameters, trained or frozen."))
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


@app.command(help=N_("Draw a network to scale, frozen blocks marked, as a picture for a slide."))
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


app.add_typer(weights)


@app.command(help=N_("Train a project, or a folder of pictures."))
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


@app.command(
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


@app.command(help=N_("Ask a model what is in pictures."))
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


@app.command(help=N_("Write a run's model to a .keras file that anyone can load."))
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


@app.command(help=N_("Draw sample pictures of cats and dogs, to try everything out on."))
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
    output.sentence(say("Train on them with: cnnstudio train {folder}", folder=_quoted(folder)))
    output.result(folder=str(folder.absolute()), classes=counts)


@app.command(help=N_("List every setting with default, limits and help."))
def settings(json: Json = False) -> None:
    """Made from the fields that declare them."""
    from cnnstudio.cli.tables import tell_settings

    tell_settings(Output(json))


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text


def _translate(command: Any) -> None:
    """Put the help texts, marked where they are declared, into the chosen language."""
    rich_utils.ARGUMENTS_PANEL_TITLE = say("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("Options")
    rich_utils.COMMANDS_PANEL_TITLE = say("Commands")
    command.help = say(command.help or "")
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = say(parameter.help)
    for each in getattr(command, "commands", {}).values():
        _translate(each)
