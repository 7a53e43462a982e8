"""What training costs here: measured once when there is nothing else to do, shown at each tick."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from cnnstudio.project.machine import load_machine, machine_mark, save_machine
from cnnstudio.project.network_facts import ParameterTotals, trained_layers
from cnnstudio.project.network_table import find_network
from cnnstudio.project.price_of_stages import RunPrice
from cnnstudio.project.problems import Problem
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import MachineMeasured, MeasureMachine, WorkFailed
from cnnstudio.ui import price_state
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.price_card import PriceCard
from tests.project.test_freezing_advice import PRICE
from tests.project.test_price import SPEED
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.fakes import FACTS, FakeKeeper

HERE = replace(SPEED, mark=machine_mark())


@pytest.fixture(autouse=True)
def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_state, "MEASURE_DELAY_MS", 0)


def keeper_that_answers(answer: object) -> FakeKeeper:
    keeper = FakeKeeper()
    keeper.engine._answers[MeasureMachine] = answer
    return keeper


def measurements(keeper: FakeKeeper) -> int:
    return sum(isinstance(command, MeasureMachine) for command in keeper.engine.asked)


def trained(studio: Studio) -> frozenset[str]:
    return trained_layers(studio.session.project.network, FACTS)


def test_this_computer_is_measured_once_and_then_there_is_a_price(
    make_studio: MakeStudio, picture_folder: object, qtbot: QtBot
) -> None:
    keeper = keeper_that_answers(MachineMeasured(HERE))
    studio = make_studio(keeper=keeper)
    add_pictures(studio, picture_folder, qtbot)  # type: ignore[arg-type]
    assert studio.price.price(trained(studio)) is None
    studio.network.want()
    studio.price.want()
    qtbot.waitUntil(lambda: studio.price.price(trained(studio)) is not None, timeout=WAIT_MS)
    assert load_machine() == HERE
    studio.price.want()
    qtbot.wait(50)
    assert measurements(keeper) == 1


def test_what_was_measured_before_is_not_measured_again(
    make_studio: MakeStudio, picture_folder: object, qtbot: QtBot
) -> None:
    save_machine(HERE)
    keeper = FakeKeeper()
    studio = make_studio(keeper=keeper)
    add_pictures(studio, picture_folder, qtbot)  # type: ignore[arg-type]
    studio.network.want()
    studio.price.want()
    qtbot.waitUntil(lambda: studio.price.price(trained(studio)) is not None, timeout=WAIT_MS)
    assert measurements(keeper) == 0


def test_nothing_is_measured_while_there_is_a_training(
    make_studio: MakeStudio, qtbot: QtBot
) -> None:
    keeper = keeper_that_answers(MachineMeasured(HERE))
    studio = make_studio(keeper=keeper)
    parts = (studio.session, studio.pictures, studio.network)
    price = PriceState(*parts, keeper, studio.window)  # type: ignore[arg-type]
    price.set_training(True)
    studio.network.want()
    price.want()
    qtbot.waitUntil(lambda: studio.network.facts is not None, timeout=WAIT_MS)
    qtbot.wait(50)
    assert measurements(keeper) == 0
    price.set_training(False)
    qtbot.waitUntil(lambda: price.speed == HERE, timeout=WAIT_MS)
    price.close()


def test_a_measurement_that_failed_is_not_tried_all_over(
    make_studio: MakeStudio, qtbot: QtBot
) -> None:
    failed = WorkFailed(Problem("engine_failed", values={"reason": "x"}))
    keeper = keeper_that_answers(failed)
    studio = make_studio(keeper=keeper)
    studio.network.want()
    studio.price.want()
    qtbot.waitUntil(lambda: measurements(keeper) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not studio.price.is_measuring, timeout=WAIT_MS)
    studio.price.want()
    qtbot.wait(50)
    assert measurements(keeper) == 1
    assert studio.price.speed is None


def test_whether_a_network_fits_this_computer(make_studio: MakeStudio, qtbot: QtBot) -> None:
    row = find_network("mobilenet_v2")
    assert row is not None
    keeper = keeper_that_answers(MachineMeasured(replace(HERE, memory=7 * 10**8)))
    studio = make_studio(keeper=keeper)
    assert studio.price.fits(row) is None
    studio.network.want()
    studio.price.want()
    qtbot.waitUntil(lambda: studio.price.speed is not None, timeout=WAIT_MS)
    assert studio.price.fits(row) is False
    studio.price._speed = HERE
    assert studio.price.fits(row) is True


def test_the_card_tells_totals_time_memory_and_what_runs_once(theme: Theme, qtbot: QtBot) -> None:
    card = PriceCard(theme)
    qtbot.addWidget(card)
    totals = ParameterTotals(2_260_546, 796_482)
    price = replace(
        PRICE,
        seconds_per_epoch=4.2,
        seconds_once=9.3,
        seconds_per_epoch_all_trained=31.4,
        memory_bytes=900_000_000,
    )
    card.show_price(totals, price, False)
    assert card.trainable.text() == "796,482"
    assert card.share.value() == 352
    assert (card.epoch.text(), card.memory.text()) == ("4 s", "0.9 GB")
    assert card.words.text() == (
        "Frozen layers run once (9 s), not in every epoch. "
        "Training everything would take 31 s an epoch."
    )


def test_the_card_says_why_nothing_runs_once_and_that_it_measures(
    theme: Theme, qtbot: QtBot
) -> None:
    card = PriceCard(theme)
    qtbot.addWidget(card)
    totals = ParameterTotals(100, 50)
    fresh = replace(PRICE, computed_once=False, why_not="fresh_augmentation")
    card.show_price(totals, fresh, False)
    assert card.words.text().startswith("Pictures change anew in every epoch")
    card.show_price(totals, None, True)
    assert card.busy.isVisibleTo(card)
    assert "only once" in card.words.text()
    card.show_price(None, None, False)
    assert (card.trainable.text(), card.epoch.text(), card.words.text()) == ("–", "–", "")


def test_memory_that_is_not_there_has_the_warning_s_colour(theme: Theme, qtbot: QtBot) -> None:
    card = PriceCard(theme)
    qtbot.addWidget(card)
    totals = ParameterTotals(100, 50)
    card.show_price(totals, replace(PRICE, memory_bytes=9 * 10**9), False)
    assert theme.token("warning") in card.memory.styleSheet()
    card.show_price(totals, PRICE, False)
    assert card.memory.styleSheet() == ""


def test_the_price_of_the_run_is_that_of_all_its_stages(
    make_studio: MakeStudio, picture_folder: object, qtbot: QtBot
) -> None:
    save_machine(HERE)
    studio = make_studio()
    add_pictures(studio, picture_folder, qtbot)  # type: ignore[arg-type]
    assert studio.price.run_price() is None
    studio.network.want()
    qtbot.waitUntil(lambda: studio.price.run_price() is not None, timeout=WAIT_MS)
    run = studio.price.run_price()
    assert run is not None
    assert run.prices == (studio.price.price(trained(studio)),)
    stages = (Stage(trains="head", epochs=3), Stage(trains="all", epochs=2))
    training = studio.session.project.training.model_copy(update={"stages": stages})
    studio.session.change_chapter("training", training)
    longer = studio.price.run_price()
    assert longer is not None
    assert longer.epochs == 5
    assert longer.seconds_in_all == pytest.approx(sum(longer.seconds))
    assert len(longer.prices) == 2


def test_the_card_says_what_the_whole_training_takes(theme: Theme, qtbot: QtBot) -> None:
    card = PriceCard(theme)
    qtbot.addWidget(card)
    heavy = replace(PRICE, memory_bytes=9 * 10**9)
    run = RunPrice((Stage(epochs=20), Stage(epochs=10)), (PRICE, heavy))
    card.show_price(None, PRICE, False, run)
    assert "30 epochs in 2 stages" in card.words.text()
    assert card.memory.text() == "9.0 GB", "the stage that needs most is what counts"
