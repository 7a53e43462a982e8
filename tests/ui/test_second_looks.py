"""What is shown when something went wrong, or is looked at again later."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.project.problems import Problem
from cnnstudio.project.project_folder import FILE_NAME, ProjectFolder
from cnnstudio.project.run_folder import list_runs
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.widgets.basics import Notice
from cnnstudio.ui.widgets.problem_notice import files_notice
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.fakes import FakeKeeper, crashed


def words_in(notice: Notice) -> str:
    """All texts of a notice."""
    return "\n".join(each.text() for each in notice.findChildren(QLabel))


def test_many_broken_files_share_one_notice_that_names_the_first(qtbot: QtBot) -> None:
    problems = [Problem("truncated", file=f"/pictures/cat/{number}.jpg") for number in range(9)]
    notice = files_notice(problems)
    qtbot.addWidget(notice)
    words = words_in(notice)
    assert "9 files are left out" in words
    assert "cat/0.jpg" in words
    assert "cat/8.jpg" not in words
    assert "and 5 more" in words


def test_long_words_do_not_widen_a_notice(qtbot: QtBot) -> None:
    short = Notice("error", "short", "text")
    long = Notice("error", "x" * 200, "/a/very/long/path/" * 20)
    for notice in (short, long):
        qtbot.addWidget(notice)
    assert long.minimumSizeHint().width() < 260
    assert "x" * 200 in words_in(long)


def test_stopped_run_is_still_called_stopped_after_opening_again(
    full_studio: Studio, make_studio: MakeStudio, qtbot: QtBot
) -> None:
    full_studio.start_training()
    qtbot.waitUntil(lambda: full_studio.training.phase == "ended", timeout=WAIT_MS)
    folder = full_studio.session.folder
    list_runs(folder.runs)[0].end("stopped", 1.0)
    full_studio.close_jobs()
    assert full_studio.session.close() is None
    again = make_studio(folder=ProjectFolder.open(folder.path))
    assert again.window.page("train").title.text() == "Stopped, and kept"


def test_broken_off_run_does_not_lead_to_older_results(
    full_studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_studio.start_training()
    qtbot.waitUntil(lambda: full_studio.training.phase == "ended", timeout=WAIT_MS)
    keeper = FakeKeeper(train=crashed)
    monkeypatch.setattr(full_studio.training, "_keeper", keeper)
    full_studio.start_training()
    qtbot.waitUntil(lambda: full_studio.training.live.ended is not None, timeout=WAIT_MS)
    page = full_studio.window.page("train")
    assert page.title.text() == "The training broke off"
    assert page.start_button.property("role") == "main"  # type: ignore[attr-defined]
    assert page.results_button.property("role") == ""  # type: ignore[attr-defined]
    assert "broke off" in full_studio.window.rail._steps["train"].accessibleName()


def test_vanished_folder_is_noticed_and_looked_at_again(
    full_studio: Studio, picture_folder: Path, qtbot: QtBot
) -> None:
    shutil.move(picture_folder, picture_folder.with_name("elsewhere"))
    full_studio.pictures.look_if_changed()
    qtbot.waitUntil(lambda: full_studio.pictures.report is not None, timeout=WAIT_MS)
    assert full_studio.pictures.listing is None
    assert "folder_missing" in {problem.kind for problem in full_studio.pictures.problems}
    shutil.move(picture_folder.with_name("elsewhere"), picture_folder)
    full_studio.pictures.look_if_changed()
    qtbot.waitUntil(lambda: full_studio.pictures.listing is not None, timeout=WAIT_MS)


def test_folder_without_pictures_keeps_the_teaching_page_and_says_why(
    make_studio: MakeStudio, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "nothing").mkdir()
    studio = make_studio()
    add_pictures(studio, tmp_path / "nothing", qtbot)
    page = studio.window.page("images")
    notices = page.findChildren(Notice)
    assert any("holds no pictures" in words_in(notice) for notice in notices)
    assert page.samples_button.isVisible()  # type: ignore[attr-defined]


def test_damaged_project_is_whole_again_once_it_was_opened(
    make_studio: MakeStudio, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / FILE_NAME).write_text('{"schema_version": 1, "na', encoding="utf-8")
    studio = make_studio(folder=ProjectFolder.open(folder))
    qtbot.waitUntil(lambda: studio.session.saving_state == "saved", timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: (folder / FILE_NAME).read_text(encoding="utf-8").endswith("}\n"), timeout=WAIT_MS
    )
    assert len(list(folder.glob("project.damaged-*"))) == 1
    studio.close_jobs()
    assert studio.session.close() is None
    opened = ProjectFolder.open(folder)
    assert opened.notices == ()
    opened.close()
