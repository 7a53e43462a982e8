"""The commands about runs that are kept, by which words they are asked for."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cnnstudio.cli.options import Json, Run
from cnnstudio.cli.output import Output
from cnnstudio.project.words import N_

_LIST = "list"


class _ListingByDefault(TyperGroup):
    """Without a command of its own, the runs are listed: ``cnnstudio runs FOLDER``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        is_known = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_known else [_LIST, *args])


runs_commands = typer.Typer(
    name="runs",
    cls=_ListingByDefault,
    subcommand_metavar="[PATH] | COMMAND [ARGS]...",
    help=N_("What was trained so far: list the runs, name, star, note or delete them."),
)


@runs_commands.command(
    _LIST, help=N_("List runs, the newest first; of one run tell more. The word may be left out.")
)
def list_runs(
    path: Annotated[
        Path,
        typer.Argument(
            readable=False,
            metavar="PATH",
            help=N_("A project, a folder with runs, or a run; without one, what is here."),
        ),
    ] = Path(),
    json: Json = False,
) -> None:
    """Whatever can be read is listed."""
    from cnnstudio.cli.runs import tell_runs

    tell_runs(path, Output(json))


@runs_commands.command(help=N_("Give a run a name; an empty one takes it away."))
def rename(
    run: Run,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("The new name."))],
    json: Json = False,
) -> None:
    """The folder keeps its name."""
    from cnnstudio.cli.runs import change

    change(run, Output(json), name=name)


@runs_commands.command(help=N_("Write a note on a run; an empty one takes it away."))
def note(
    run: Run,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=N_("The note."))],
    json: Json = False,
) -> None:
    """It takes the place of the note before."""
    from cnnstudio.cli.runs import change

    change(run, Output(json), text=text)


@runs_commands.command(help=N_("Mark a run with a star."))
def star(
    run: Run,
    off: Annotated[bool, typer.Option("--off", help=N_("Take the star away."))] = False,
    json: Json = False,
) -> None:
    """For those that are to be found again."""
    from cnnstudio.cli.runs import change

    change(run, Output(json), is_starred=not off)


@runs_commands.command(help=N_("Delete a run with its models and its history."))
def delete(
    run: Run,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask before."))] = False,
    json: Json = False,
) -> None:
    """A run that is being trained is not deleted."""
    from cnnstudio.cli.runs import delete as delete_here

    raise typer.Exit(delete_here(run, yes, Output(json)))
