"""A studio on a small project, with stand-ins for the engine and for the person."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.project.settings import Settings
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from tests.ui.fakes import FakeAsking, FakeKeeper

WAIT_MS = 20_000


@pytest.fixture
def picture_folder(tmp_path: Path) -> Path:
    """Six red cats and six blue dogs, and one file that is no picture."""
    folder = tmp_path / "pictures"
    for name, color in (("cat", "red"), ("dog", "blue")):
        (folder / name).mkdir(parents=True)
        for number in range(6):
            side = 20 + number
            Image.new("RGB", (side, 20), color).save(folder / name / f"{name} {number}.png")
    (folder / "cat" / "broken.jpg").write_text("not a picture")
    return folder


@pytest.fixture
def theme(qapp: object) -> Theme:
    """The light look."""
    made = Theme("light")
    made.apply()
    return made


MakeStudio = Callable[..., Studio]


@pytest.fixture
def make_studio(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[MakeStudio]:
    """Makes studios and closes them at the end."""
    made: list[Studio] = []

    def make(
        project: Project | None = None,
        keeper: FakeKeeper | None = None,
        asking: FakeAsking | None = None,
        folder: ProjectFolder | None = None,
    ) -> Studio:
        opened = folder or ProjectFolder.create(tmp_path / "project", project or Project(name="P"))
        studio = Studio(
            opened,
            keeper or FakeKeeper(),  # type: ignore[arg-type]
            theme,
            Settings(),
            asking or FakeAsking(),
        )
        qtbot.addWidget(studio.window)
        studio.window.show()
        made.append(studio)
        return studio

    yield make
    for studio in made:
        studio.close_jobs()
        studio.session.close()


@pytest.fixture
def studio(make_studio: MakeStudio) -> Studio:
    """A studio with an empty project."""
    return make_studio()


@pytest.fixture
def full_studio(make_studio: MakeStudio, picture_folder: Path, qtbot: QtBot) -> Studio:
    """A studio whose pictures are found and checked."""
    made = make_studio()
    add_pictures(made, picture_folder, qtbot)
    return made


def add_pictures(studio: Studio, folder: Path, qtbot: QtBot) -> None:
    """Take ``folder`` into the project and wait until it is checked."""
    page = studio.window.page("images")
    page.add_folders([str(folder)])  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: studio.pictures.report is not None, timeout=WAIT_MS)
