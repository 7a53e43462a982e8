"""The settings' pages of weights: what is here, downloads with cancel and resume, folders."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from cnnstudio.project.checked_weights import CheckedFile
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.settings import Settings, load_settings
from cnnstudio.project.weights_places import part_of
from cnnstudio.protocol import (
    CheckWeights,
    ClosingEvent,
    Command,
    FetchWeights,
    Progress,
    WeightsChecked,
    WeightsFetched,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.ui.dialogs.settings_dialog import PLACES, WEIGHTS, SettingsDialog
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.weights_downloads import WeightsDownloads, download_words
from tests.ui.conftest import MakeStudio
from tests.ui.fakes import FakeAsking, FakeKeeper

WAIT_MS = 10_000
VGG16 = ("vgg16", 1.0)
VGG19 = ("vgg19", 1.0)
NAME = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
NARROW = ("mobilenet_v2", 0.35)
NARROW_NAME = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
TOTAL = 4_000_000


class Engine:
    """Fetches half of a file, and the rest only once it may; then the file is in ``folder``."""

    is_ready = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[Command] = []
        self.may_end = threading.Event()
        self.problem: Problem | None = None
        self.found: tuple[CheckedFile, ...] = ()

    def run(
        self, command: Command, on_event: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> ClosingEvent:
        self.asked.append(command)
        if isinstance(command, CheckWeights):
            return WeightsChecked(self.found)
        assert isinstance(command, FetchWeights)
        if self.problem is not None:
            return WorkFailed(self.problem)
        target = self._folder / f"{command.network}_weights_tf_dim_ordering_tf_kernels_notop.h5"
        self._folder.mkdir(parents=True, exist_ok=True)
        part_of(target).write_bytes(bytes(TOTAL // 2))
        on_event(Progress("weights", TOTAL // 2, TOTAL))
        while not self.may_end.wait(0.01):
            if should_stop():
                return WorkStopped()
        part_of(target).unlink()
        target.write_bytes(bytes(TOTAL))
        return WeightsFetched(str(target), False)


class Keeper:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def take(self) -> Engine:
        return self.engine

    def give_back(self, engine: Engine) -> None:
        """It is always there."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras' own cache, empty; nothing is anywhere else."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("CNNSTUDIO_WEIGHTS", raising=False)
    monkeypatch.delenv("CNNSTUDIO_WEIGHTS_MIRROR", raising=False)
    return tmp_path / "keras" / "models"


@pytest.fixture
def engine(cache: Path) -> Engine:
    return Engine(cache)


@pytest.fixture
def downloads(engine: Engine, qapp: object) -> Any:
    made = WeightsDownloads(Keeper(engine))  # type: ignore[arg-type]
    yield made
    made.close()


MakeDialog = Callable[..., SettingsDialog]


@pytest.fixture
def make_dialog(downloads: WeightsDownloads, theme: object, qtbot: QtBot) -> MakeDialog:
    def make(settings: Settings = Settings(), asking: FakeAsking | None = None) -> SettingsDialog:  # noqa: B008
        dialog = SettingsDialog(settings, asking or FakeAsking(), downloads)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: bool(dialog.weights.table.states), timeout=WAIT_MS)
        dialog.show_page(WEIGHTS)
        return dialog

    return make


def _says(dialog: SettingsDialog, key: tuple[str, float], words: str, qtbot: QtBot) -> None:
    table = dialog.weights.table
    qtbot.waitUntil(lambda: words in table.words_of(key), timeout=WAIT_MS)


def test_the_table_says_what_is_here_and_where(
    make_dialog: MakeDialog, cache: Path, qtbot: QtBot
) -> None:
    cache.mkdir(parents=True)
    (cache / NARROW_NAME).write_bytes(bytes(1_500_000))
    part_of(cache / NAME).write_bytes(bytes(2_500_000))
    dialog = make_dialog()
    table = dialog.weights.table
    assert table.words_of(NARROW) == f"Here: {cache}"
    assert table.action_of(NARROW).isHidden()
    assert table.words_of(VGG16) == "Not here yet, 2.5 MB have arrived"
    assert table.action_of(VGG16).text() == "Resume"
    assert table.words_of(VGG19) == "Not here"
    assert table.action_of(VGG19).accessibleName() == "Download: VGG19"
    assert dialog.weights.total.text().startswith("1 of ")
    assert "1.5 MB" in dialog.weights.total.text()


def test_a_download_shows_how_far_it_is_and_then_where_the_file_is(
    make_dialog: MakeDialog, engine: Engine, cache: Path, qtbot: QtBot
) -> None:
    dialog = make_dialog()
    dialog.weights.table.action_of(VGG16).click()
    _says(dialog, VGG16, "2.0 of 4.0 MB", qtbot)
    assert dialog.weights.table.action_of(VGG16).text() == "Cancel"
    assert dialog.weights.going_on.isVisible()
    engine.may_end.set()
    _says(dialog, VGG16, f"Here: {cache}", qtbot)
    assert engine.asked == [FetchWeights("vgg16", 1.0, 224)]
    assert not dialog.weights.going_on.isVisible()


def test_a_cancelled_download_keeps_what_has_arrived_and_goes_on(
    make_dialog: MakeDialog, engine: Engine, qtbot: QtBot
) -> None:
    dialog = make_dialog()
    act = dialog.weights.table.action_of(VGG16)
    act.click()
    _says(dialog, VGG16, "2.0 of 4.0 MB", qtbot)
    act.click()
    _says(dialog, VGG16, "2.0 MB have arrived", qtbot)
    assert act.text() == "Resume"
    engine.may_end.set()
    act.click()
    _says(dialog, VGG16, "Here", qtbot)


def test_all_that_is_selected_is_fetched_one_after_another(
    make_dialog: MakeDialog, engine: Engine, cache: Path, qtbot: QtBot
) -> None:
    cache.mkdir(parents=True)
    (cache / NARROW_NAME).touch()
    dialog = make_dialog()
    assert not dialog.weights.fetch_button.isEnabled()
    table = dialog.weights.table
    table.selectAll()
    assert dialog.weights.fetch_button.isEnabled()
    table.clearSelection()
    keys = [state.offered.key for state in table.states]
    table.selectRow(keys.index(NARROW))
    assert not dialog.weights.fetch_button.isEnabled()
    selection = table.selectionModel()
    for key in (VGG16, VGG19):
        index = table.model().index(keys.index(key), 0)
        selection.select(index, selection.SelectionFlag.Select | selection.SelectionFlag.Rows)
    assert "139 MB" in dialog.weights.fetch_button.text()
    dialog.weights.fetch_button.click()
    _says(dialog, VGG16, "2.0 of 4.0 MB", qtbot)
    assert table.words_of(VGG19) == "Waiting"
    engine.may_end.set()
    _says(dialog, VGG19, "Here", qtbot)
    assert [command.network for command in engine.asked] == ["vgg16", "vgg19"]  # type: ignore[union-attr]


def test_one_that_waits_can_be_taken_back(
    make_dialog: MakeDialog, downloads: WeightsDownloads, engine: Engine, qtbot: QtBot
) -> None:
    dialog = make_dialog()
    table = dialog.weights.table
    table.action_of(VGG16).click()
    table.action_of(VGG19).click()
    table.action_of(VGG19).click()
    assert table.words_of(VGG19) == "Not here"
    engine.may_end.set()
    _says(dialog, VGG16, "Here", qtbot)
    assert len(engine.asked) == 1


def test_why_a_download_failed_stands_in_its_row_and_in_full_below(
    make_dialog: MakeDialog, engine: Engine, qtbot: QtBot
) -> None:
    values = {"name": NAME, "proxy": "proxy:8080", "reason": "HTTP 407", "host": "keras"}
    engine.problem = Problem("weights_proxy_refused", values=values)
    dialog = make_dialog()
    dialog.weights.table.action_of(VGG16).click()
    _says(dialog, VGG16, "The proxy refused", qtbot)
    assert dialog.weights.notice is not None
    assert "Ask whoever runs the network" in dialog.weights.notice.accessibleName()
    engine.problem = None
    engine.may_end.set()
    dialog.weights.table.action_of(VGG16).click()
    assert dialog.weights.notice is None
    _says(dialog, VGG16, "Here", qtbot)


def test_files_are_checked_and_a_wrong_one_is_named(
    make_dialog: MakeDialog, engine: Engine, cache: Path, qtbot: QtBot
) -> None:
    cache.mkdir(parents=True)
    (cache / NAME).touch()
    (cache / NARROW_NAME).touch()
    file, other = str(cache / NAME), str(cache / NARROW_NAME)
    wrong = Problem("weights_wrong_checksum", file=file)
    engine.found = (
        CheckedFile(file, 0, "vgg16", "VGG16", 1.0, "wrong", wrong),
        CheckedFile(other, 0, "mobilenet_v2", "MobileNetV2", 0.35, "not_published"),
    )
    dialog = make_dialog()
    dialog.weights.check_button.click()
    _says(dialog, VGG16, "Wrong checksum", qtbot)
    assert dialog.weights.table.words_of(NARROW) == "Here and right (no checksum published)"
    (command,) = engine.asked
    assert isinstance(command, CheckWeights)
    assert set(command.files) == {file, other}
    assert dialog.weights.notice is not None
    assert file in dialog.weights.notice.accessibleName()


def test_nothing_can_be_checked_where_nothing_is_here(make_dialog: MakeDialog) -> None:
    assert not make_dialog().weights.check_button.isEnabled()


def test_a_download_goes_on_when_the_dialog_is_closed(
    make_dialog: MakeDialog, downloads: WeightsDownloads, engine: Engine, qtbot: QtBot
) -> None:
    dialog = make_dialog()
    dialog.weights.table.action_of(VGG16).click()
    dialog.close()
    assert downloads.is_fetching
    again = make_dialog()
    _says(again, VGG16, "2.0 of 4.0 MB", qtbot)
    engine.may_end.set()
    _says(again, VGG16, "Here", qtbot)


def test_a_shared_folder_that_hangs_does_not_keep_the_dialog_open(
    make_dialog: MakeDialog, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    answers = threading.Event()

    def hang(settings: Settings) -> tuple[()]:
        answers.wait(WAIT_MS / 1000)
        return ()

    dialog = make_dialog()
    qtbot.waitUntil(lambda: dialog._job is None, timeout=WAIT_MS)
    monkeypatch.setattr("cnnstudio.worker.weights_job.states_of_weights", hang)
    dialog._list()
    job = dialog._job
    assert job is not None
    dialog.close()
    assert job.isRunning()
    assert job.parent() is None
    with qtbot.waitSignal(job.finished, timeout=WAIT_MS):
        answers.set()


def test_folders_are_added_ordered_and_removed_and_count_at_once(
    make_dialog: MakeDialog, cache: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / NAME).write_bytes(bytes(1000))
    asking = FakeAsking()
    dialog = make_dialog(Settings(weights_folders=("/first",)), asking)
    dialog.show_page(PLACES)
    told: list[Settings] = []
    dialog.changed.connect(told.append)
    page = dialog.places
    assert not page.remove_button.isEnabled()
    asking.next_folder = str(share)
    page._add_folder()
    assert told[-1].weights_folders == ("/first", str(share))
    _says(dialog, VGG16, f"Here: {share}", qtbot)
    page.folders.setCurrentRow(1)
    assert page.up_button.isEnabled()
    assert not page.down_button.isEnabled()
    page.up_button.click()
    assert told[-1].weights_folders == (str(share), "/first")
    assert page.folders.currentItem().text().startswith(str(share))
    page.remove_button.click()
    assert told[-1].weights_folders == ("/first",)
    _says(dialog, VGG16, "Not here", qtbot)


def test_a_folder_that_is_only_read_is_marked(
    make_dialog: MakeDialog, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / NAME).touch()
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != share)
    dialog = make_dialog(Settings(weights_folders=(str(share),)))
    assert "1 file, 0.0 MB, read-only" in dialog.places.folders.item(0).text()
    assert "Keras' own cache" in dialog.places.folders.item(1).text()
    dialog.places.folders.setCurrentRow(1)
    assert not dialog.places.remove_button.isEnabled()


def test_the_mirror_and_the_folder_for_downloads_are_kept(
    make_dialog: MakeDialog, cache: Path, tmp_path: Path
) -> None:
    asking = FakeAsking()
    dialog = make_dialog(asking=asking)
    page = dialog.places
    assert page.downloads.text() == str(cache)
    asking.next_folder = str(tmp_path / "big disk")
    page._choose_downloads()
    page.mirror.setText(" https://weights.school/ ")
    page.mirror.editingFinished.emit()
    assert dialog.chosen.weights_downloads == str(tmp_path / "big disk")
    assert dialog.chosen.weights_mirror == "https://weights.school/"
    page.usual_button.click()
    assert dialog.chosen.weights_downloads == ""


def test_a_mirror_of_the_environment_cannot_be_changed_here(
    make_dialog: MakeDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", "https://mirror.example")
    page = make_dialog(Settings(weights_mirror="https://other.example")).places
    assert not page.mirror.isEnabled()
    assert page.mirror.text() == "https://mirror.example"
    assert page.settings.weights_mirror == "https://other.example"


def test_changes_in_the_settings_are_saved_at_once(
    studio: Studio, cache: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    def change() -> None:
        dialog = studio._settings_dialog
        assert dialog is not None
        dialog.places._set_folders((str(tmp_path),))
        dialog.language.setCurrentIndex(dialog.language.findData("ko"))
        dialog.language.activated.emit(0)
        dialog.close()

    QTimer.singleShot(0, change)
    studio._on_settings_wanted()
    assert load_settings().weights_folders == (str(tmp_path),)
    assert load_settings().language == "ko"
    assert studio._settings_dialog is None


def test_a_download_that_fails_with_no_dialog_open_is_told_in_the_window(
    make_studio: MakeStudio, cache: Path, qtbot: QtBot
) -> None:
    keeper = FakeKeeper()
    values = {"network": "VGG16", "name": NAME}
    keeper.engine._answers[FetchWeights] = WorkFailed(Problem("no_internet", values=values))
    studio = make_studio(keeper=keeper)
    told: list[Problem] = []
    studio.window.tell = told.append  # type: ignore[method-assign, assignment]
    from cnnstudio.project.weights_places import offered_weights

    studio.weights.fetch(each for each in offered_weights() if each.key == VGG16)
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert told[0].kind == "no_internet"


def test_the_question_before_a_training_says_what_has_arrived(cache: Path) -> None:
    project = Project(network=NetworkPlan(base="vgg16"))
    missing = Problem("weights_missing")
    assert download_words(missing, project, Settings()) == "Download (59 MB)"
    assert download_words(Problem("no_internet"), project, Settings()) == "Try again"
    cache.mkdir(parents=True)
    part_of(cache / NAME).write_bytes(bytes(2_500_000))
    assert "2.5 MB" in download_words(missing, project, Settings())
    narrow = Project(network=NetworkPlan(base="mobilenet_v2", width=0.5))
    assert download_words(missing, narrow, Settings()) == "Download"
