"""What is done in the terminal where a window was wanted but there is no display."""

import os
from pathlib import Path

import typer

from cnnstudio.cli.boundary import guarded
from cnnstudio.cli.commands import app
from cnnstudio.cli.names import COMMANDS
from cnnstudio.cli.output import Bars, Output, plain_table
from cnnstudio.cli.pictures import split_file_at, usual_runs_folder
from cnnstudio.cli.training import train
from cnnstudio.images.samples import sample_pictures_folder
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.places import documents_folder
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.words import say

DEMO_FILE = "cats-and-dogs.keras"


def run_demo(why: str) -> int:
    """The demo's job: draw the samples, train on them, hand the model over."""
    output = Output(as_json=False)

    def carry_out() -> int:
        output.sentence(say("{reason} The demo runs here in the terminal.", reason=why))
        with Bars(output) as bars:
            folder = sample_pictures_folder(bars.drawn)
        output.sentence(say("Sample pictures: {folder}", folder=folder))
        project = Project(name="demo", pictures=PicturesPlan(folders=(str(folder),)))
        here = Path.cwd() if os.access(Path.cwd(), os.W_OK) else documents_folder()
        runs = usual_runs_folder([str(folder)])
        return train(project, runs, here / DEMO_FILE, output, split_file_at(folder))

    return guarded(carry_out, output)


def train_project(path: Path, why: str) -> int:
    """Train a project, because there is no window to open it in."""
    output = Output(as_json=False)

    def carry_out() -> int:
        folder = ProjectFolder.open(path)
        folder.close()
        output.sentence(say("{reason} The project is trained here in the terminal.", reason=why))
        return train(folder.project, folder.runs, None, output, folder.split_file)

    return guarded(carry_out, output)


def tell_commands(why: str) -> int:
    """Say that there is no window, and what can be done without one."""
    output = Output(as_json=False)
    output.sentence(say("{reason} These commands work without one:", reason=why))
    output.sentence("")
    commands = getattr(typer.main.get_command(app), "commands", {})
    table = plain_table("", "")
    table.show_header = False
    table.add_row("cnnstudio --demo", say("Draw sample pictures, train on them, write a model."))
    for name in COMMANDS:
        table.add_row(f"cnnstudio {name}", say(commands[name].help))
    output.table(table)
    output.sentence("\n" + say("'cnnstudio COMMAND --help' tells more of each."))
    return 1
