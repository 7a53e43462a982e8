"""The state of the pictures follows every change, keeps the screen full, and remembers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.ui import pictures_state
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession

WAIT_MS = 20_000
MakeState = Callable[[], tuple[ProjectSession, PicturesState]]


def draw(folder: Path, count: int, first: int = 0) -> None:
    """Pictures of noise, no two alike."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        Image.effect_noise((40, 40), 40 + number).save(folder / f"{number}.png")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Ten pictures of each of two classes."""
    draw(tmp_path / "pictures" / "cat", 10)
    draw(tmp_path / "pictures" / "dog", 10)
    return tmp_path / "pictures"


@pytest.fixture
def make_state(tmp_path: Path, pictures: Path, qtbot: QtBot) -> Iterator[MakeState]:
    """A state whose pictures are looked through, opened as often as wanted."""
    made: list[tuple[ProjectSession, PicturesState]] = []

    def close() -> None:
        for session, state in made:
            state.close()
            session.close()
        made.clear()

    def make() -> tuple[ProjectSession, PicturesState]:
        close()
        place = tmp_path / "project"
        if (place / "project.cnnstudio").exists():
            folder = ProjectFolder.open(place)
        else:
            project = Project(pictures=PicturesPlan(folders=(str(pictures),)))
            folder = ProjectFolder.create(place, project)
        session = ProjectSession(folder)
        state = PicturesState(session)
        made.append((session, state))
        state.refresh()
        wait_until_checked(qtbot, state)
        return session, state

    yield make
    close()


def wait_until_checked(qtbot: QtBot, state: PicturesState) -> None:
    qtbot.waitUntil(lambda: not state.is_busy, timeout=WAIT_MS)
    assert state.report is not None


def parts_of(state: PicturesState) -> dict[str, str]:
    assert state.listing is not None
    return {picture.path: picture.part for picture in state.listing.pictures}


def test_every_change_of_the_classes_is_arranged_at_once(make_state: MakeState) -> None:
    session, state = make_state()
    assert state.arrangement is not None
    labels = state.scan.classes if state.scan is not None else ()
    edits = session.project.edits.renaming_class("cat", "Katze", labels)
    session.change(session.project.replacing(edits=edits))
    assert state.arrangement.counts() == {"dog": 10, "Katze": 10}
    session.undo()
    assert state.arrangement.counts() == {"cat": 10, "dog": 10}


def test_many_pictures_are_arranged_in_the_background_and_the_newest_wish_wins(
    make_state: MakeState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, state = make_state()
    monkeypatch.setattr(pictures_state, "MOST_AT_ONCE", 5)
    for name in ("a", "b", "c"):
        edits = session.project.edits.moving([str(next(iter(parts_of(state))))], name)
        session.change(session.project.replacing(edits=edits))
    assert state.is_busy
    qtbot.waitUntil(lambda: not state.is_busy, timeout=WAIT_MS)
    assert state.arrangement is not None
    assert state.arrangement.counts() == {"cat": 9, "dog": 10, "c": 1}


def test_what_is_shown_stays_while_added_pictures_are_looked_for(
    make_state: MakeState, tmp_path: Path, qtbot: QtBot
) -> None:
    session, state = make_state()
    draw(tmp_path / "own", 3, first=50)
    paths = [str(path) for path in sorted((tmp_path / "own").iterdir())]
    edits = session.project.edits.adding(paths, "cat")
    session.change(session.project.replacing(edits=edits))
    assert state.arrangement is not None
    qtbot.waitUntil(lambda: not state.is_busy, timeout=WAIT_MS)
    assert state.arrangement.counts() == {"cat": 13, "dog": 10}


def test_adding_pictures_never_moves_the_others_also_after_a_new_start(
    make_state: MakeState, pictures: Path
) -> None:
    _, state = make_state()
    before = parts_of(state)
    draw(pictures / "cat", 25, first=100)
    draw(pictures / "dog", 13, first=100)
    _, state = make_state()
    after = parts_of(state)
    assert len(after) == 58
    assert {path: after[path] for path in before} == before


def test_the_split_is_remembered_in_the_projects_folder(
    make_state: MakeState, tmp_path: Path
) -> None:
    session, state = make_state()
    state.close()
    kept = KeptSplit.load(session.folder.split_file)
    assert kept is not None
    assert len(kept.parts) == 20
    assert kept.is_of(session.project.pictures)


def test_the_split_of_many_pictures_is_remembered_by_the_thread_that_arranges(
    make_state: MakeState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, state = make_state()
    monkeypatch.setattr(pictures_state, "MOST_AT_ONCE", 5)
    plan = session.project.pictures.model_copy(update={"seed": 7})
    session.change_chapter("pictures", plan)
    assert state.is_busy
    qtbot.waitUntil(lambda: not state.is_busy, timeout=WAIT_MS)
    state.close()
    kept = KeptSplit.load(session.folder.split_file)
    assert kept is not None
    assert (kept.is_of(plan), len(kept.parts)) == (True, 20)


def test_another_seed_splits_anew(make_state: MakeState) -> None:
    session, state = make_state()
    before = parts_of(state)
    plan = session.project.pictures.model_copy(update={"seed": 7})
    session.change_chapter("pictures", plan)
    assert parts_of(state) != before
    session.undo()
    assert parts_of(state) == before


def test_a_share_moved_there_and_back_moves_no_picture(
    make_state: MakeState, pictures: Path, qtbot: QtBot
) -> None:
    make_state()
    draw(pictures / "cat", 25, first=100)
    session, state = make_state()
    before = parts_of(state)
    plan = session.project.pictures
    session.change_chapter("pictures", plan.model_copy(update={"validation_share": 0.4}))
    assert parts_of(state) != before
    session.change_chapter("pictures", plan)
    assert parts_of(state) == before
    state.close()
    kept = KeptSplit.load(session.folder.split_file)
    assert kept is not None
    assert kept.is_of(plan)


def test_a_cancelled_check_says_so_and_can_go_on(make_state: MakeState, qtbot: QtBot) -> None:
    _, state = make_state()
    state.refresh()
    state.cancel_check()
    assert (state.is_busy, state.check_was_cancelled) == (False, True)
    state.refresh()
    wait_until_checked(qtbot, state)
    assert not state.check_was_cancelled
