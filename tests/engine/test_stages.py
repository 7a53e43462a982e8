"""A training in several stages: each with its layers, its rate and its own frozen part."""

import dataclasses

import numpy as np
import pytest

from cnnstudio.engine import reached
from cnnstudio.engine.model_file import epoch_in, load_model
from cnnstudio.engine.parts import Part
from cnnstudio.engine.time_left import StageCost, TimeLeft
from cnnstudio.engine.watched import MOST_WATCHED, details_of, watched_places
from cnnstudio.project.epochs import is_better
from cnnstudio.project.layer_kinds import Conv2D
from cnnstudio.project.listing import PictureList
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import Stage
from cnnstudio.protocol import EpochEnded, StageStarted, TrainingStarted
from tests.engine.conftest import Ear, MakeRun, train_run
from tests.engine.test_going_on import figures, finished, run_of, weights_of

PLAIN = NetworkPlan(
    base=OWN_LAYERS,
    layers=(
        Conv2D(name="a1", filters=4, strides=2),
        Conv2D(name="b1", filters=4, strides=2),
        Conv2D(name="c1", filters=4),
    ),
)
HEAD = Stage(trains="head", epochs=3)
TOP = Stage(trains="layers", count=1, epochs=2, rate=0.1)
ALL = Stage(trains="all", epochs=2, rate=0.5)


def stages_started(ear: Ear) -> list[StageStarted]:
    return [event for event in ear.events if isinstance(event, StageStarted)]


def epochs_ended(ear: Ear) -> list[EpochEnded]:
    return [event for event in ear.events if isinstance(event, EpochEnded)]


def test_each_stage_trains_its_layers_at_its_rate_and_tells_of_every_epoch(
    make_run: MakeRun,
) -> None:
    run = run_of(make_run, (HEAD, TOP, ALL), plan=PLAIN)
    ear = finished(run)
    assert ear.of(TrainingStarted) == [TrainingStarted(7, 3, 18, 6)]
    found = [(e.stage, e.stages, e.epoch, e.computed_once) for e in stages_started(ear)]
    assert found == [(1, 3, 1, 3), (2, 3, 4, 2), (3, 3, 6, 0)]
    # Output, then with it the last layer (4 × 3 × 3 × 4 and 4), then everything.
    assert [e.trained_parameters for e in stages_started(ear)] == [5, 153, 413]
    history = run.read_history()
    assert [facts.stage for facts in history] == [1, 1, 1, 2, 2, 3, 3]
    rates = [facts.learning_rate for facts in history]
    assert rates == pytest.approx([0.02] * 3 + [0.002] * 2 + [0.01] * 2)
    assert [facts.epoch for facts in history] == list(range(1, 8))
    details = run.read_details()
    assert [event.details for event in epochs_ended(ear)] == details
    assert len({tuple(each.file for each in found.watched) for found in details}) == 1
    for found_then, facts in zip(details, history, strict=True):
        shares = [share for share in found_then.class_accuracies if share is not None]
        assert sum(shares) / 2 == pytest.approx(facts.validation_accuracy)
        assert {each.label for each in found_then.watched} == {"blue", "red"}


def test_a_warm_up_of_a_single_step_is_not_at_a_rate_of_nothing(make_run: MakeRun) -> None:
    cosine = ("training.schedule=cosine", "training.batch_size=100")
    run = run_of(make_run, (Stage(trains="all", epochs=3),), *cosine, plan=PLAIN)
    finished(run)
    rates = [facts.learning_rate for facts in run.read_history()]
    # Half of the way up, then halfway through either half of the cosine's way down.
    assert rates == pytest.approx([0.01, 0.02 * 0.8536, 0.02 * 0.1464], rel=1e-3)


def test_a_run_in_one_stage_equals_the_same_one_cut_in_two_with_sgd(make_run: MakeRun) -> None:
    """Without anything that an optimiser remembers, a border between stages changes nothing."""
    plain = ("training.optimizer=sgd", "training.momentum=0", "augmentation.rotation=20")
    whole = Stage(trains="all", epochs=4)
    half = whole.model_copy(update={"epochs": 2})
    one = run_of(make_run, (whole,), *plain, plan=PLAIN)
    two = run_of(make_run, (half, half), *plain, plan=PLAIN)
    finished(one)
    finished(two)
    of_one = [dataclasses.replace(facts, stage=1) for facts in figures(one)]
    assert [dataclasses.replace(facts, stage=1) for facts in figures(two)] == of_one


def test_the_same_seed_gives_the_same_history_over_stages_with_balanced_sampling(
    make_run: MakeRun,
) -> None:
    settings = ("training.balance=sampling", "augmentation.zoom=0.3", "network.dropout=0.4")
    listed = [f"{number:02}.png" for number in (0, 1, 2, 4)]  # four of twelve training pictures
    histories = []
    for _ in range(2):
        run = run_of(make_run, (HEAD, ALL), *settings, plan=PLAIN)
        pictures = run.read_pictures()
        fewer = tuple(
            each
            for each in pictures.pictures
            if each.label == "blue" or each.part != "training" or each.path.endswith(tuple(listed))
        )
        run = RunFolder.create(
            run.path.parent, run.read_project(), PictureList(pictures.classes, fewer)
        )
        (started,) = finished(run).of(TrainingStarted)
        assert isinstance(started, TrainingStarted)
        histories.append(figures(run))
    assert histories[0] == histories[1]


def test_the_next_stage_begins_at_the_best_epoch_of_one_that_ended_early(
    make_run: MakeRun,
) -> None:
    """A rate of nearly nothing in the second stage shows what it began with."""
    stages = (
        Stage(trains="all", epochs=9),
        Stage(trains="head", epochs=1, rate=1e-9),
    )
    settings = ("training.early_stopping=1", "training.learning_rate=0.5")
    run = run_of(make_run, stages, *settings, plan=PLAIN)
    finished(run)
    history = run.read_history()
    first = [facts for facts in history if facts.stage == 1]
    best = None
    for facts in first:
        best = facts if is_better(facts, best) else best
    assert best is not None
    assert len(first) < 9
    assert best.epoch == first[-1].epoch - 1
    assert first[-1].validation_loss != pytest.approx(best.validation_loss, rel=1e-3)
    assert history[-1].validation_loss == pytest.approx(best.validation_loss, rel=1e-4)
    assert run.read_status().ended_by == "plan"  # the last stage did all that was planned


def test_the_best_of_all_stages_is_kept_and_tested(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "_SAVING_SHARE", 0.0)
    # The second stage spoils what the first one reached, in layers that were frozen before.
    stages = (Stage(trains="head", epochs=3), Stage(trains="all", epochs=2, rate=50))
    parts = ("training", "training", "validation", "test")
    run = run_of(make_run, stages, plan=PLAIN, parts=parts)
    ended = train_run(run)
    assert ended.outcome == "finished", ended.details
    assert ended.best_epoch <= 3
    assert epoch_in(run.best_model) == ended.best_epoch
    evaluation = run.read_evaluation()
    assert evaluation is not None
    assert evaluation.part == "test"
    model = load_model(run.best_model).model
    from cnnstudio.engine.answers import Answers
    from cnnstudio.images.read import read_picture

    pictures = np.stack([read_picture(each.file, 16, "crop") for each in evaluation.pictures])
    told = [each.probabilities for each in evaluation.pictures]
    np.testing.assert_allclose(Answers(model).of(pictures), told, atol=2e-3)


def test_ticks_that_do_not_fit_a_later_stage_are_told_before_the_first(make_run: MakeRun) -> None:
    stages = (HEAD, Stage(trains="own", layers=("nowhere",), epochs=2))
    run = run_of(make_run, stages, plan=PLAIN)
    ended = train_run(run)
    assert ended.problem is not None
    assert ended.problem.kind == "stage_unknown_layer"
    assert run.read_history() == []


def part_of(labels: list[int]) -> Part:
    count = len(labels)
    pixels = np.zeros((count, 2, 2, 3), np.uint8)
    names = tuple(str(number) for number in range(count))
    return Part(pixels, np.arange(count), np.array(labels), names)


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ([20, 20], [4, 4]),
        ([1, 30, 30], [1, 4, 3]),
        ([3], [3]),
        ([5] * 20, None),
    ],
)
def test_watched_pictures_are_spread_over_the_classes(
    counts: list[int], wanted: list[int] | None
) -> None:
    part = part_of([label for label, count in enumerate(counts) for _ in range(count)])
    places = watched_places(part)
    assert len(set(places)) == len(places) == min(MOST_WATCHED, sum(counts))
    found = np.bincount(part.labels[list(places)], minlength=len(counts))
    if wanted is None:
        assert found.max() == 1
    else:
        assert found.tolist() == wanted


def test_a_class_without_a_validation_picture_has_no_accuracy() -> None:
    part = part_of([0, 0, 2])
    given = np.array([[0.9, 0.1, 0], [0.2, 0.8, 0], [0, 0, 1.0]])
    details = details_of(4, part, ("a", "b", "c"), given, (1,))
    assert details.class_accuracies == (0.5, None, 1.0)
    (answer,) = details.watched
    assert (answer.file, answer.label, answer.answer) == ("1", "a", "b")
    assert answer.probability == pytest.approx(0.8)


def test_the_time_left_counts_later_stages_by_what_they_cost() -> None:
    left = TimeLeft([StageCost(6, 1, 5), StageCost(3, 2, 4)], test_share=0.5)
    left.seconds_to_validate, left.seconds_to_save = 0.4, 1.0
    left.begin_stage(0, seconds_once=9.0)  # this computer is slower by a half
    for seconds in (5.0, 2.0, 2.0):
        left.epoch_took(seconds)
    # Two epochs, two models, half as many test pictures; then the graph, the frozen part and four
    # epochs.
    assert left.seconds(2) == pytest.approx(2 * 2 + 2 + 0.2 + 3 + 1.5 * (3 + 4 * 2))
    left.begin_stage(1, seconds_once=0.0)
    for seconds in (25.0, 15.0, 15.0):
        left.epoch_took(seconds)
    assert left.seconds(2) == pytest.approx(30 + 1 + 0.2)
    assert left.seconds(0) == pytest.approx(0.2)
    assert left.seconds_an_epoch == 15.0


@pytest.mark.parametrize(("is_measured", "later"), [(True, 70), (False, 35)])
def test_what_is_known_of_this_computer_counts_as_it_is(is_measured: bool, later: float) -> None:
    costs = [StageCost(0, 4, 5, is_measured), StageCost(30, 10, 4, is_measured)]
    left = TimeLeft(costs, test_share=0.0)
    left.begin_stage(0, seconds_once=0.0)
    left.epoch_took(2.0)
    assert left.seconds(1) == pytest.approx(2 + later)


def test_models_are_written_seldom_and_at_the_end_as_they_are_at_their_epoch(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = (Stage(trains="all", epochs=4),)
    often, seldom = (run_of(make_run, stages, plan=PLAIN) for _ in range(2))
    written: list[int] = []

    class Looking(Ear):
        def __init__(self, run: RunFolder) -> None:
            super().__init__()
            self.run = run

        def __call__(self, event: object) -> None:
            if isinstance(event, EpochEnded):
                written.append(epoch_in(self.run.last_model) or 0)

    monkeypatch.setattr(reached, "_SAVING_SHARE", np.inf)
    assert train_run(often, Looking(often)).outcome == "finished"
    assert written == [1, 2, 3, 4]
    monkeypatch.setattr(reached, "_SAVING_SHARE", 0.0)
    written.clear()
    assert train_run(seldom, Looking(seldom)).outcome == "finished"
    assert written == [1, 1, 1, 4]
    averaged = run_of(make_run, stages, "training.average_weights=0.95", plan=PLAIN)
    finished(averaged)
    for mine, theirs in zip(figures(averaged), figures(often), strict=True):
        assert mine.loss == theirs.loss  # training itself is the same
        assert mine.validation_loss != theirs.validation_loss
    assert not np.allclose(weights_of(averaged.last_model)[0], weights_of(often.last_model)[0])
    for which in ("best", "last"):
        ours, others = often.model(which), seldom.model(which)  # type: ignore[arg-type]
        for one, other in zip(weights_of(ours), weights_of(others), strict=True):
            np.testing.assert_array_equal(one, other)
