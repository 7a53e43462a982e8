"""Arguments and options that several commands have, each declared once."""

from pathlib import Path
from typing import Annotated

import typer

from cnnstudio.project.words import N_

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
Run = Annotated[
    Path,
    typer.Argument(
        readable=False, metavar="RUN", help=N_("A run's folder, or its name in 'cnnstudio runs'.")
    ),
]
