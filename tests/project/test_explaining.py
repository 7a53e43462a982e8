"""Curves that explain themselves: right on recorded trainings, steady, silent where all is well."""

import math
import random
from dataclasses import replace
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnstudio.project.augmentation import PRESETS, AugmentationPlan
from cnnstudio.project.checks import problems_of
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.explaining import Explanation, explain, explanation_lines, wilson
from cnnstudio.project.explaining_changes import USUAL_RATES
from cnnstudio.project.explaining_words import ADVICE, EXPLANATIONS, REASONS
from cnnstudio.project.guessing import guessing
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage, stages_of
from cnnstudio.project.training import TrainingPlan
from tests.project.recorded_histories import FAULTY, HEALTHY, Recorded


def kinds_of(explanations: tuple[Explanation, ...]) -> list[str]:
    return [each.kind for each in explanations]


def recorded(name: str) -> Recorded:
    return next(each for each in (*HEALTHY, *FAULTY) if each.name == name)


def named(each: Recorded) -> str:
    return each.name


def only(each: Recorded, project: Project | None = None) -> Explanation:
    """The first finding of a recorded history, under another plan where one is given."""
    return explain(
        each.history(),
        project or each.project,
        each.training,
        each.validation,
        each.ended_by,
        None,
        each.classes,
    )[0]


def titles(found: Explanation) -> list[str]:
    return [remedy.kind for remedy in found.remedies]


# What is found


@pytest.mark.parametrize("each", FAULTY, ids=named)
def test_a_recorded_training_is_explained(each: Recorded) -> None:
    explanations = each.explained(each.history())
    assert kinds_of(explanations) == list(each.kinds)
    assert each.around[0] <= explanations[0].epoch <= each.around[1]


@pytest.mark.parametrize("each", HEALTHY, ids=named)
def test_nothing_is_said_at_any_epoch_of_a_healthy_training(each: Recorded) -> None:
    history = each.history()
    for count in range(1, len(history) + 1):
        assert each.explained(history[:count]) == ()


@pytest.mark.parametrize("each", FAULTY, ids=named)
def test_a_finding_comes_once_and_its_epoch_stays(each: Recorded) -> None:
    history = each.history()
    seen: dict[str, set[int]] = {}
    comings: dict[str, int] = {}
    before: list[str] = []
    for count in range(1, len(history) + 1):
        explanations = each.explained(history[:count])
        for found in explanations:
            seen.setdefault(found.kind, set()).add(found.epoch)
            comings[found.kind] = comings.get(found.kind, 0) + (found.kind not in before)
        before = kinds_of(explanations)
    seen.pop("early_stopped", None)  # It is told that this ended, of whatever beginning.
    for kind in seen:
        assert comings[kind] == 1, kind
        assert len(seen[kind]) == 1, kind


def test_every_kind_has_a_recorded_training() -> None:
    assert {kind for each in FAULTY for kind in each.kinds} == set(EXPLANATIONS)


def test_the_epoch_of_a_loss_that_is_no_number_comes_from_the_problem() -> None:
    problem = Problem("loss_not_a_number", values={"epoch": 4, "learning_rate": "0.1"})
    (found,) = explain([], Project(), 100, 60, "plan", problem, (50, 50))
    assert (found.kind, found.epoch) == ("not_a_number", 4)
    assert "epoch 4" in found.seen


def test_another_problem_is_not_taken_for_a_lost_loss() -> None:
    assert explain([], Project(), 100, 60, "", Problem("out_of_memory"), (50, 50)) == ()


def test_an_infinite_validation_loss_is_found_in_the_history() -> None:
    history = [*facts((0.6, 0.7, 0.6, 0.7)), facts((0.5, 0.7, math.inf, 0.5), first=2)[0]]
    (found,) = explain(history, Project(), 100, 60, "", None, (50, 50))
    assert (found.kind, found.epoch) == ("not_a_number", 2)


def test_a_run_without_classes_known_is_explained_as_far_as_that_goes() -> None:
    each = recorded("over_head")
    assert kinds_of(explain(each.history(), each.project, 60, 200)) == ["overfitting"]
    each = recorded("none_dead_units")
    assert "not_learning" not in kinds_of(explain(each.history(), each.project, 600, 300))


def test_nothing_is_said_of_a_run_without_epochs_or_validation_pictures() -> None:
    assert explain([], Project(), 100, 20) == ()
    assert explain(recorded("over_head").history(), Project(), 100, 0) == ()


def test_forgetting_is_taken_back_when_validation_comes_back() -> None:
    each = recorded("forget_all")
    history = each.history()
    healed = [replace(history[5], epoch=epoch, stage=2) for epoch in range(len(history) + 1, 15)]
    assert "forgetting" not in kinds_of(each.explained([*history, *healed]))


# Steadiness


def going_on(history: list[EpochFacts], share: float) -> EpochFacts:
    """One more epoch, on the way the last ones were going, by ``share`` of their step."""
    tail, back = history[-3:], history[-6:-3] or history[:1]

    def next_of(name: str) -> float:
        now = median(getattr(facts, name) for facts in tail)
        return float(now + share * (now - median(getattr(facts, name) for facts in back)) / 3)

    return replace(
        history[-1],
        epoch=history[-1].epoch + 1,
        loss=max(0.0, next_of("loss")),
        accuracy=min(1.0, max(0.0, next_of("accuracy"))),
        validation_loss=max(0.0, next_of("validation_loss")),
        validation_accuracy=min(1.0, max(0.0, next_of("validation_accuracy"))),
    )


@given(st.sampled_from([each for each in FAULTY if each.name != "nan_sgd"]), st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_one_epoch_that_goes_on_smoothly_keeps_the_finding(each: Recorded, share: float) -> None:
    history = each.history()
    before = each.explained(history)
    after = each.explained([*history, going_on(history, share)])
    assert kinds_of(after) == kinds_of(before)
    if each.ended_by != "early_stopping":
        assert [found.epoch for found in after] == [found.epoch for found in before]


def healthy_curve(seed: int, validation: int, training: int, classes: int) -> list[EpochFacts]:
    """Twenty epochs on the way to 95 %, with the noise of counting and of the weights.

    The same validation pictures are asked in every epoch, so each has its own difficulty.
    """
    chance, end, noise = 1 / classes, 0.95, random.Random(seed)
    difficulties = [noise.random() for _ in range(validation)]
    history = []
    for epoch in range(1, 21):
        after, middle = (1 - math.exp(-0.4 * place) for place in (epoch, epoch - 0.5))
        sure, sure_in_training = (chance + (end - chance) * share for share in (after, middle))
        right = sum(each + noise.gauss(0, 0.03) < sure for each in difficulties)
        right_in_training = sum(noise.random() < sure_in_training for _ in range(training))
        losses = [math.log(classes) * (1 - 0.85 * share) for share in (middle, after)]
        history.append(
            EpochFacts(
                epoch=epoch,
                loss=losses[0] * (1 + noise.gauss(0, 1.5 / math.sqrt(training))),
                accuracy=right_in_training / training,
                validation_loss=losses[1] * (1 + noise.gauss(0, 0.05)),
                validation_accuracy=right / validation,
                seconds=1.0,
            )
        )
    return history


@pytest.mark.parametrize(("validation", "training", "classes"), [(60, 240, 2), (300, 900, 10)])
def test_noise_on_a_healthy_curve_is_seldom_taken_for_a_finding(
    validation: int, training: int, classes: int
) -> None:
    counts = (training // classes,) * classes
    alarms = 0
    for seed in range(40):
        history = healthy_curve(seed, validation, training, classes)
        alarms += any(
            explain(history[:count], Project(), training, validation, "", None, counts)
            for count in range(3, 21)
        )
    # Measured on 200 seeds at six sizes: 0 to 3.5 % of runs, all of them validation ahead.
    assert alarms <= 4


# The interval


def test_wilsons_interval_is_that_of_the_tables() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for correct, count, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(correct, count) == pytest.approx((low, high), abs=5e-5)


def test_wilsons_interval_of_no_pictures_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 5000), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_wilsons_interval_holds_the_share_and_stays_within_bounds(count: int, share: float) -> None:
    correct = round(share * count)
    low, high = wilson(correct, count)
    assert 0 <= low <= correct / count <= high <= 1


def test_too_few_pictures_are_told_with_the_interval_of_the_best_epoch() -> None:
    found = only(recorded("few_twelve"))
    low, high = wilson(10, 12)
    assert f"{low:.0%}" in found.seen
    assert f"{high:.0%}" in found.seen
    assert "12" in found.seen


# What guessing gets


def test_guessing_is_known_for_every_loss() -> None:
    found = guessing(Project(), (30, 10))
    assert found is not None
    assert (found.accuracy, found.loss) == pytest.approx((0.75, 0.5623), abs=1e-4)
    assert found.blind == pytest.approx(math.log(2))
    squared = Project(training=TrainingPlan(loss="mean_squared_error"))
    assert guessing(squared, (1, 1)).loss == 0.25  # type: ignore[union-attr]
    focal = Project(training=TrainingPlan(loss="focal"))
    assert guessing(focal, (1, 1)).loss == pytest.approx(math.log(2) / 4)  # type: ignore[union-attr]
    many = guessing(focal, (1, 1, 1, 1))
    assert many is not None
    assert many.loss == pytest.approx(0.25 * 0.75**2 * math.log(4))


def test_there_is_nothing_to_guess_in_one_class() -> None:
    assert guessing(Project(), (20, 0)) is None
    assert guessing(Project(), ()) is None


# Remedies


@pytest.mark.parametrize("each", FAULTY, ids=named)
def test_every_remedy_changes_the_plan_once_to_a_valid_one(each: Recorded) -> None:
    for found in each.explained(each.history()):
        for remedy in found.remedies:
            assert remedy.title
            if remedy.stops:
                assert remedy.apply(each.project) == each.project
                continue
            changed = remedy.apply(each.project)
            assert changed != each.project
            assert Project.model_validate(changed.model_dump(mode="json")) == changed
            assert errors_in(problems_of(changed)) == []
            assert remedy.is_taken(changed)
            assert not remedy.is_taken(each.project)
            assert remedy.apply(changed) == changed
            assert not remedy.can_be_taken(changed)


def test_where_all_remedies_are_used_up_none_is_offered() -> None:
    each = recorded("over_head")
    project = Project(
        augmentation=PRESETS["strong"][1],
        network=NetworkPlan(dropout=0.5),
        training=TrainingPlan(l2=0.01, early_stopping=5, epochs=1),
    )
    assert titles(only(each, project)) == ["stop"]
    fast = Project(training=TrainingPlan(learning_rate=1e-8))
    assert titles(only(recorded("high_sgd"), fast)) == ["stop"]


def test_taking_remedies_again_and_again_comes_to_an_end() -> None:
    for each in FAULTY:
        if each.kinds == ("not_learning",):
            continue  # The rate may be tried either way for ever.
        project = each.project
        for _ in range(60):
            found = explain(
                each.history(),
                project,
                each.training,
                each.validation,
                each.ended_by,
                None,
                each.classes,
            )
            left = [
                remedy
                for explanation in found
                for remedy in explanation.remedies
                if not remedy.stops
            ]
            if not left:
                break
            project = left[-1].apply(project)
        else:
            pytest.fail(f"{each.name} still offers {left[-1].title}")


def test_against_overfitting_the_next_stronger_preset_is_offered() -> None:
    each = recorded("over_head")
    prepared = AugmentationPlan(mode="prepared", variants=5)
    remedy = only(each, Project(augmentation=prepared)).remedies[1]
    taken = remedy.apply(Project(augmentation=prepared)).augmentation
    assert taken == prepared.taking(PRESETS["light"][1])
    assert (taken.mode, taken.variants) == ("prepared", 5)


def test_a_remedy_that_no_longer_fits_leaves_the_plan_alone() -> None:
    each = recorded("forget_all")
    stages = (Stage(trains="head", epochs=6), Stage(trains="all", epochs=4))
    project = Project(training=TrainingPlan(stages=stages))
    remedy = next(r for r in only(each, project).remedies if r.kind == "freeze_more")
    assert [stage.trains for stage in stages_of(remedy.apply(project))] == ["head", "blocks"]
    unknown = Project(network=NetworkPlan(base="no_such_network"))
    assert isinstance(remedy.can_be_taken(unknown), bool)


def test_forgetting_slows_down_the_stage_and_not_the_others() -> None:
    each = recorded("forget_all")
    remedy = only(each).remedies[1]
    stages = stages_of(remedy.apply(each.project))
    assert [stage.rate for stage in stages] == [1.0, 1.0]
    assert remedy.apply(each.project).training.learning_rate == each.plan.learning_rate


def test_a_thawed_batch_norm_is_named_where_the_base_forgets() -> None:
    each = recorded("forget_all")
    network = NetworkPlan(base="mobilenet_v2", freeze_batch_norm=False)
    found = only(each, Project(network=network, training=each.plan))
    assert "freeze_batch_norm" in titles(found)
    own = Project(network=NetworkPlan(freeze_batch_norm=False), training=each.plan)
    assert "freeze_batch_norm" not in titles(only(each, own))


def test_a_frozen_base_on_a_plateau_is_thawed_in_a_further_stage() -> None:
    each = recorded("plateau_linear")
    network = NetworkPlan(base="mobilenet_v2")
    project = Project(network=network, training=TrainingPlan(fine_tuning=0))
    (thaw,) = [r for r in only(each, project).remedies if r.kind == "thaw"]
    assert [stage.trains for stage in stages_of(thaw.apply(project))] == ["head", "blocks"]
    listed = Project(
        network=network, training=TrainingPlan(stages=(Stage(trains="head", epochs=30),))
    )
    (thaw,) = [r for r in only(each, listed).remedies if r.kind == "thaw"]
    assert [stage.trains for stage in stages_of(thaw.apply(listed))] == ["head", "blocks"]


def test_a_stage_that_thaws_already_is_brought_nearer_instead() -> None:
    each = recorded("plateau_linear")
    project = Project(
        network=NetworkPlan(base="mobilenet_v2"), training=TrainingPlan(epochs=30, fine_tuning=5)
    )
    found = only(each, project)
    assert "thaw" not in titles(found)
    (shorter,) = [r for r in found.remedies if r.kind == "fewer_epochs"]
    assert stages_of(shorter.apply(project))[0].epochs == found.epoch
    assert stages_of(shorter.apply(project))[1].epochs == 5


def test_a_rate_far_from_the_usual_is_put_right_at_once() -> None:
    each = recorded("low_adam")
    found = only(each)
    assert titles(found) == ["usual_rate", "more_epochs"]
    assert found.remedies[0].apply(each.project).training.learning_rate == USUAL_RATES["adam"]
    near = Project(training=TrainingPlan(learning_rate=0.0005))
    remedy = only(each, near).remedies[0]
    assert remedy.apply(near).training.learning_rate == 0.0015


def test_what_is_not_learned_at_a_high_rate_is_slowed_down_first() -> None:
    each = recorded("none_dead_units")
    fast = Project(training=TrainingPlan(learning_rate=0.05))
    assert titles(only(each, fast))[0] == "rate_down"
    slow = Project(training=TrainingPlan(learning_rate=1e-5))
    assert titles(only(each, slow)) == ["usual_rate", "more_epochs"]


def test_a_lost_loss_never_raises_the_rate() -> None:
    each = recorded("nan_sgd")
    for rate in (1.0, 0.001, 1e-6):
        project = Project(training=TrainingPlan(learning_rate=rate))
        (remedy,) = only(each, project).remedies
        assert remedy.apply(project).training.learning_rate < rate


def test_a_larger_share_for_validation_is_offered_where_the_share_decides() -> None:
    history = recorded("few_thirty").history()
    drawn = explain(history, Project(), 120, 30, "", None, (12,) * 10)
    (found,) = [each for each in drawn if each.kind == "too_few_validation"]
    assert found.remedies[0].apply(Project()).pictures.validation_share == 0.35
    given_by_folders = explain(history, Project(), 600, 30, "", None, (60,) * 10)
    assert [each.remedies for each in given_by_folders if each.kind == found.kind] == [()]
    most = Project(pictures=PicturesPlan(validation_share=0.4))
    already = explain(history, most, 45, 30, "", None, (5,) * 9)
    assert [each.remedies for each in already if each.kind == found.kind] == [()]


def test_early_stopping_may_wait_longer() -> None:
    each = recorded("early_overfitted")
    found = each.explained(each.history())[-1]
    assert (found.kind, found.epoch) == ("early_stopped", 26)
    assert found.remedies[0].apply(each.project).training.early_stopping == 10


# Words


def test_the_reasons_for_validation_ahead_are_those_that_are_on() -> None:
    each = recorded("better_augmented_dropout")

    def reasons(project: Project) -> set[str]:
        return {name for name, words in REASONS.items() if words in only(each, project).more}

    plain = NetworkPlan(base="lenet5", dropout=0.0)
    assert reasons(Project(network=plain)) == {"luck", "mean"}
    dropout = NetworkPlan(base="lenet5", dropout=0.2)
    assert reasons(Project(network=dropout)) == {"dropout", "mean"}
    moved = AugmentationPlan(rotation=10)
    assert reasons(Project(network=plain, augmentation=moved)) == {"augmentation", "mean"}
    mixed = AugmentationPlan(mixup=0.2)
    assert reasons(Project(network=plain, augmentation=mixed)) == {"mixing", "mean"}
    averaged = TrainingPlan(average_weights=0.99)
    assert reasons(Project(network=plain, training=averaged)) == {"average", "mean"}
    # The small network from scratch has dropout between its own layers.
    assert "dropout" in reasons(Project(network=NetworkPlan(base="small_cnn", dropout=0.0)))


@pytest.mark.parametrize("each", FAULTY, ids=named)
def test_sentences_are_whole_and_short(each: Recorded) -> None:
    for found in each.explained(each.history()):
        for sentence in (found.seen, found.means):
            assert "{" not in sentence
            assert "nan" not in sentence
            assert sentence.endswith((".", "?"))
        assert len(found.title) <= 40
        assert len(found.seen) + len(found.means) <= 330


def test_the_marked_sentences_are_in_the_tables_only_once() -> None:
    seen = [kind.seen for kind in EXPLANATIONS.values()]
    assert len({*seen, *REASONS.values(), *ADVICE.values()}) == len(seen) + len(REASONS) + len(
        ADVICE
    )


def test_the_terminal_is_told_everything_but_stopping() -> None:
    each = recorded("over_head")
    lines = explanation_lines(each.explained(each.history()))
    assert lines[0].startswith("Overfitting began at epoch")
    assert [line for line in lines if "Gentle" in line] == ["  → Switch augmentation on: Gentle"]
    assert not any("Stop here" in line for line in lines)
    assert explanation_lines(()) == []


def facts(*rows: tuple[float, float, float, float], first: int = 1) -> list[EpochFacts]:
    """Epochs of loss, accuracy, validation loss, validation accuracy."""
    return [EpochFacts(first + place, *row, seconds=1.0) for place, row in enumerate(rows)]
