"""The range test: what losses say of a rate, and that the run it is made for stays as it is."""

import math
from pathlib import Path

import pytest

from cnnstudio.engine.find_rate import (
    FEWEST_STEPS,
    HIGHEST_RATE,
    LOWEST_RATE,
    RangeTest,
    find_rate,
)
from cnnstudio.engine.service import Worker
from cnnstudio.protocol import (
    Event,
    FindRate,
    RateFound,
    RateTried,
    WorkFailed,
    WorkStopped,
)
from tests.engine.conftest import Ear, MakeRun

STEPS = 100


def rate_of(step: int) -> float:
    return float(LOWEST_RATE * (HIGHEST_RATE / LOWEST_RATE) ** (step / (STEPS - 1)))


def range_test(losses: list[float]) -> RangeTest:
    """A range test with these losses, until it has seen enough."""
    test = RangeTest(STEPS)
    for step, loss in enumerate(losses):
        if not test.add(rate_of(step), loss):
            break
    return test


def valley(step: int) -> float:
    """Level up to a rate of 1e-4, down until 1e-2, then up as fast as losses run away."""
    power = math.log10(rate_of(step))
    if power < -4:
        return 0.7
    if power < -2:
        return 0.7 - 0.3 * (power + 4)
    return float(0.1 * 10 ** (2 * (power + 2)))


def test_a_valley_gives_a_tenth_of_the_rate_at_its_bottom_and_ends_once_it_runs_away() -> None:
    test = range_test([valley(step) for step in range(STEPS)])
    assert len(test.points) < STEPS
    bottom = min(test.points, key=lambda point: point[1])[0]
    assert 1e-2 <= bottom <= 4e-2
    assert test.suggested == pytest.approx(bottom / 10, rel=0.06)


def test_the_first_smoothed_loss_is_the_loss_itself() -> None:
    test = range_test([0.7, 0.7, 0.7])
    assert [loss for _, loss in test.points] == pytest.approx([0.7] * 3)


@pytest.mark.parametrize(
    "losses",
    [
        [0.7] * STEPS,
        [0.7 + 0.001 * step for step in range(STEPS)],
        [0.7 + 0.1 * (-1) ** step for step in range(STEPS)],
        [math.nan] * STEPS,
        [],
    ],
)
def test_where_the_loss_never_goes_down_nothing_is_suggested(losses: list[float]) -> None:
    assert range_test(losses).suggested == 0


def test_a_loss_that_is_no_number_ends_the_test_and_is_no_point() -> None:
    test = range_test([valley(step) for step in range(60)] + [math.nan, 0.1])
    assert len(test.points) == 60
    assert test.suggested > 0


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("learns", "settings"),
    [
        (True, ("network.base=small_cnn", "training.seed=3")),
        (False, ("network.base=mobilenet_v2", "network.width=0.35", "network.weights=random")),
    ],
)
def test_rates_are_tried_from_low_to_high_and_the_run_stays_as_it_was(
    make_run: MakeRun, learns: bool, settings: tuple[str, ...]
) -> None:
    run = make_run(*settings, "pictures.size=32" if not learns else "pictures.size=16")
    before = files_of(run.path)
    ear = Ear()
    found = find_rate(FindRate(str(run.path)), ear, ear.should_stop)
    assert isinstance(found, RateFound), found
    rates = [rate for rate, _ in found.points]
    assert rates[0] == pytest.approx(LOWEST_RATE)
    assert rates == sorted(set(rates))
    assert len(rates) <= FEWEST_STEPS
    told = [(event.rate, event.loss) for event in ear.of(RateTried) if isinstance(event, RateTried)]
    assert tuple(told) == found.points
    if learns:
        assert 1e-5 < found.suggested < 0.1
    assert files_of(run.path) == before


def test_it_ends_where_it_is_stopped(make_run: MakeRun) -> None:
    def is_third(event: Event) -> bool:
        return isinstance(event, RateTried) and event.rate > 2 * LOWEST_RATE

    ear = Ear(is_third)
    run = make_run("network.base=small_cnn")
    answer = Worker().answer(FindRate(str(run.path)), ear, ear.should_stop)
    assert answer == WorkStopped()
    assert len(ear.of(RateTried)) < 10


def test_a_plan_that_cannot_be_trained_is_told(make_run: MakeRun) -> None:
    run = make_run("network.base=small_cnn", "network.output=sigmoid", classes=("blue", "red"))
    listing = run.path / "pictures.csv"
    listing.write_text(listing.read_text(encoding="utf-8").replace("training", "test"), "utf-8")
    answer = Worker().answer(FindRate(str(run.path)), Ear(), lambda: False)
    assert isinstance(answer, WorkFailed)
    assert answer.problem.kind == "no_pictures_readable"
