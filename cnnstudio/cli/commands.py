"""The command line as a whole: the commands of all subjects in one order, and their help."""

from typing import Annotated, Any

import typer
from typer import rich_utils
from typer.core import TyperGroup

from cnnstudio import __version__
from cnnstudio.cli.answer_commands import answer_commands
from cnnstudio.cli.boundary import guarded
from cnnstudio.cli.names import COMMANDS
from cnnstudio.cli.network_commands import network_commands
from cnnstudio.cli.options import Json
from cnnstudio.cli.output import Output
from cnnstudio.cli.picture_commands import picture_commands
from cnnstudio.cli.rate_command import rate_command
from cnnstudio.cli.runs_commands import runs_commands
from cnnstudio.cli.training_commands import training_commands
from cnnstudio.cli.weights_commands import weights
from cnnstudio.project.settings import load_settings
from cnnstudio.project.words import N_, say, use_language


class _InOneOrder(TyperGroup):
    """Lists the commands as :data:`COMMANDS` does, whichever module they stand in."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(self.commands, key=COMMANDS.index)


app = typer.Typer(
    name="cnnstudio",
    cls=_InOneOrder,
    help=N_(
        "CNN Studio trains an image classifier: a folder of pictures in, a .keras model out. "
        "Without a command it opens the window; --demo begins a training there by itself."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


app.add_typer(picture_commands)
app.add_typer(network_commands)
app.add_typer(weights)
app.add_typer(training_commands)
app.add_typer(runs_commands)
app.add_typer(rate_command)
app.add_typer(answer_commands)


@app.command(help=N_("List every setting with default, limits and help."))
def settings(json: Json = False) -> None:
    """Made from the fields that declare them."""
    from cnnstudio.cli.tables import tell_settings

    tell_settings(Output(json))


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
