"""The card of a model file of one's own, with stand-ins for engine and person."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.protocol import ClosingEvent, LookIntoModel, ModelLookedInto, WorkFailed
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.own_model_card import AS_BASE, GO_ON, OwnModelCard
from tests.ui.fakes import FakeAsking, FakeEngine, FakeKeeper

WAIT_MS = 10_000


def found_in(command: LookIntoModel) -> ModelLookedInto:
    note = Problem("own_model_minus_one_to_one", file=command.file, values={"network": "MobileNet"})
    return ModelLookedInto(
        file=command.file,
        title="MobileNet",
        layers=90,
        parameters=250_000,
        height=192,
        width=192,
        channels=3,
        outputs=2,
        classes=("cat", "dog"),
        values="minus_one_to_one",
        cut="out_relu",
        cut_shape=(6, 6, 256),
        problems=(note,),
    )


MakeCard = Callable[..., OwnModelCard]


@pytest.fixture
def make_card(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[MakeCard]:
    """Makes a card on a project of its own; the engine answers with ``answer``."""
    made: list[tuple[OwnModelCard, ProjectSession]] = []

    def make(
        answer: Callable[[LookIntoModel], ClosingEvent] = found_in,
        asking: FakeAsking | None = None,
        **network: object,
    ) -> OwnModelCard:
        plan = NetworkPlan.model_validate({"base": "own_model", **network})
        folder = ProjectFolder.create(tmp_path / f"project {len(made)}", Project(network=plan))
        session = ProjectSession(folder)
        keeper = FakeKeeper()
        keeper.engine = FakeEngine({LookIntoModel: answer})
        card = OwnModelCard(session, keeper, asking or FakeAsking())  # type: ignore[arg-type]
        qtbot.addWidget(card)
        card.show()
        made.append((card, session))
        return card

    yield make
    for card, session in made:
        card.close_jobs()
        session.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keras_model.h5"
    path.write_bytes(b"model")
    return path


def plan_of(card: OwnModelCard) -> NetworkPlan:
    return card._session.project.network


def wait_for_answer(card: OwnModelCard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: card.details.isVisible(), timeout=WAIT_MS)


def words_of(card: OwnModelCard) -> str:
    return "\n".join(each.text() for each in card.findChildren(QLabel) if each.isVisible())


def test_a_chosen_file_is_looked_into_and_brings_its_size(
    make_card: MakeCard, file: Path, qtbot: QtBot
) -> None:
    asking = FakeAsking()
    asking.next_files = [str(file)]
    card = make_card(asking=asking)
    assert not card.use.isVisible()
    card.choose_button.click()
    wait_for_answer(card, qtbot)
    assert plan_of(card).model_file == str(file)
    assert card._session.project.pictures.size == 192
    assert card.file_name.text() == "keras_model.h5"
    for words in ("MobileNet", "90 layers", "192 × 192", "2 classes: cat, dog", "out_relu", "−1"):
        assert words in words_of(card)


def test_one_undo_takes_the_file_and_its_size_back(
    make_card: MakeCard, file: Path, qtbot: QtBot
) -> None:
    card = make_card()
    before = card._session.project
    card.take_file(str(file))
    wait_for_answer(card, qtbot)
    card._session.undo()
    assert card._session.project == before


def test_a_dropped_file_is_taken(make_card: MakeCard, file: Path, qtbot: QtBot) -> None:
    card = make_card()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    card.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    wait_for_answer(card, qtbot)
    assert plan_of(card).model_file == str(file)


def test_going_on_and_values_are_chosen(make_card: MakeCard, file: Path, qtbot: QtBot) -> None:
    card = make_card(model_file=str(file), trained_layers=("conv1",))
    wait_for_answer(card, qtbot)
    assert card._session.project.pictures.size != 192, "a plan that was opened keeps its size"
    card.use.buttons[GO_ON].click()
    assert plan_of(card).keep_output
    assert plan_of(card).trained_layers is None
    card.values.setCurrentIndex(card.values.findData("0_1"))
    card.values.activated.emit(card.values.currentIndex())
    assert plan_of(card).model_values == "0_1"
    assert "−1" not in words_of(card)
    card._session.undo()
    card._session.undo()
    card.refresh()
    assert card.use.value == AS_BASE


def test_a_model_without_classes_serves_only_as_a_base(
    make_card: MakeCard, file: Path, qtbot: QtBot
) -> None:
    def maps(command: LookIntoModel) -> ModelLookedInto:
        return ModelLookedInto(command.file, "", 5, 100, 0, 0, 1, 0, (), "0_1", "", (4,))

    card = make_card(maps, model_file=str(file))
    wait_for_answer(card, qtbot)
    assert not card.use.buttons[GO_ON].isEnabled()
    for words in ("keras_model", "Grey pictures of any size", "maps, not classes"):
        assert words in words_of(card)


def test_why_a_file_is_refused_stands_in_the_card(
    make_card: MakeCard, file: Path, qtbot: QtBot
) -> None:
    values = {"layer": "trick", "type": "Lambda"}
    problem = Problem("model_carries_code", file=str(file), values=values)
    card = make_card(lambda command: WorkFailed(problem), model_file=str(file))
    qtbot.waitUntil(lambda: "trick" in words_of(card), timeout=WAIT_MS)
    assert not card.use.isVisible()


def test_a_file_is_asked_about_once_and_again_when_it_changed(
    make_card: MakeCard, file: Path, qtbot: QtBot
) -> None:
    asked: list[str] = []

    def answer(command: LookIntoModel) -> ModelLookedInto:
        asked.append(command.file)
        return found_in(command)

    card = make_card(answer, model_file=str(file))
    wait_for_answer(card, qtbot)
    card.refresh()
    card.refresh()
    assert len(asked) == 1
    file.write_bytes(b"another model")
    card.refresh()
    qtbot.waitUntil(lambda: len(asked) == 2 and card.details.isVisible(), timeout=WAIT_MS)


def test_nothing_is_asked_while_another_base_is_chosen(make_card: MakeCard, file: Path) -> None:
    card = make_card(model_file=str(file), base="small_cnn")
    card.refresh()
    assert not card._question.is_busy
