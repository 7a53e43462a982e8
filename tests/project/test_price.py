"""What a choice of trained layers costs: what must follow from what, and how quickly."""

import time
from dataclasses import replace

import pytest

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.frozen_part import WHY_NOT, frozen_part
from cnnstudio.project.machine import MachineSpeed
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.price import Corrections, Price, Work, price_of, work_of
from cnnstudio.project.project import Project

SPEED = MachineSpeed(
    mark="here",
    window_forward=50e9,
    window_backward=40e9,
    point_forward=40e9,
    point_backward=30e9,
    depthwise_forward=5e9,
    depthwise_backward=4e9,
    dense_forward=20e9,
    dense_backward=10e9,
    numbers_forward=6e9,
    numbers_backward=1.4e9,
    updated=4e8,
    augmented=2e7,
    seconds_a_layer=2e-5,
    seconds_a_layer_back=2e-4,
    seconds_a_batch=1e-3,
    seconds_a_layer_made=2e-2,
    saved=4e8,
    seconds_a_layer_saved=2e-3,
    memory=16 * 10**9,
    engine=6 * 10**8,
    cores=4,
)
WORK = Work(training=400, validation=100, size=64, batch_size=16, epochs=10)


def conv(name: str, inputs: str, side: int = 64, filters: int = 32) -> LayerFacts:
    weights = 9 * filters * filters + filters
    return LayerFacts(
        name,
        "Conv2D",
        (side, side, filters),
        weights,
        weights,
        "base",
        inputs=(inputs,),
        multiply_adds=side * side * 9 * filters * filters,
        detail="3 × 3, relu",
    )


def made(*base: LayerFacts, last: str = "") -> NetworkFacts:
    pooling = LayerFacts(
        "head_pooling",
        "GlobalAveragePooling2D",
        (32,),
        0,
        0,
        "head",
        inputs=(last or base[-1].name,),
        multiply_adds=32,
    )
    output = LayerFacts(
        "output", "Dense", (2,), 66, 66, "head", inputs=("head_pooling",), multiply_adds=64
    )
    picture = LayerFacts("picture", "InputLayer", (64, 64, 3), 0, 0, "input")
    return NetworkFacts((picture, *base, pooling, output), 2, "softmax")


NAMES = ("a", "b", "c", "d")
PLAIN = made(*(conv(n, before) for n, before in zip(NAMES, ("picture", *NAMES), strict=False)))
HEAD = frozenset({"head_pooling", "output"})


def price(trained: str, facts: NetworkFacts = PLAIN, work: Work = WORK) -> Price:
    return price_of(facts, HEAD | set(trained), work, SPEED)


def test_the_more_is_trained_the_more_an_epoch_takes() -> None:
    prices = [price(trained) for trained in ("", "d", "cd", "bcd", "abcd")]
    seconds = [each.seconds_per_epoch for each in prices]
    assert seconds == sorted(seconds)
    assert len(set(seconds)) == 5
    assert [each.seconds_per_epoch_all_trained for each in prices] == [seconds[-1]] * 5
    assert prices[-1].memory_bytes > prices[1].memory_bytes
    assert [each.layers_once for each in prices] == [4, 3, 2, 1, 0]


def test_what_is_computed_once_is_taken_out_of_every_epoch() -> None:
    once = price("d")
    assert (once.computed_once, once.why_not, once.frontier) == (True, "", ("c",))
    assert once.kept_bytes == 500 * 64 * 64 * 32 * 2  # numbers of 16 bits
    straight = price("d", work=replace(WORK, epochs=1))
    assert (straight.computed_once, straight.why_not) == (False, "few_epochs")
    assert straight.seconds_once == straight.kept_bytes == 0
    # Three of four equal layers in every epoch, forward, cost what they cost once, unfolded.
    apart = straight.seconds_per_epoch - once.seconds_per_epoch
    assert once.seconds_once == pytest.approx(0.6 * apart, rel=0.15)


def test_frozen_layers_behind_trained_ones_are_gone_back_through_but_not_changed() -> None:
    behind, both, above = price("a"), price("abcd"), price("d", work=replace(WORK, epochs=1))
    assert not behind.computed_once
    assert above.seconds_per_epoch < behind.seconds_per_epoch < both.seconds_per_epoch


@pytest.mark.parametrize(
    ("trained", "changes", "reason"),
    [
        ("d", {"augmentation": AugmentationPlan(rotation=10)}, "fresh_augmentation"),
        ("d", {"augmentation": AugmentationPlan(mixup=0.2)}, "fresh_augmentation"),
        ("abcd", {}, "first_layer_trained"),
        ("a", {}, "first_layer_trained"),
        ("d", {"epochs": 1}, "few_epochs"),
        ("d", {"training": 10**7}, "too_large"),
    ],
)
def test_why_nothing_is_computed_once(
    trained: str, changes: dict[str, object], reason: str
) -> None:
    given = price(trained, work=replace(WORK, **changes))  # type: ignore[arg-type]
    assert (given.computed_once, given.why_not) == (False, reason)
    assert reason in WHY_NOT


def test_prepared_variants_are_computed_once_where_there_are_epochs_enough() -> None:
    plan = AugmentationPlan(rotation=10, mode="prepared", variants=3)
    many = price("d", work=replace(WORK, augmentation=plan))
    assert many.computed_once
    assert many.kept_bytes == (4 * 400 + 100) * 64 * 64 * 32 * 2
    few = price("d", work=replace(WORK, augmentation=plan, epochs=3))
    assert few.why_not == "few_epochs"


def test_moving_pictures_anew_in_each_epoch_takes_time() -> None:
    moved = replace(WORK, augmentation=AugmentationPlan(rotation=10))
    plain = price("abcd")
    assert price("abcd", work=moved).seconds_per_epoch > plain.seconds_per_epoch


def test_a_small_beginning_is_not_worth_keeping() -> None:
    small = conv("a", "picture", side=4, filters=4)
    facts = made(small, conv("b", "a"), conv("c", "b"))
    assert price("bc", facts).why_not == "little_work"


def test_dropout_ends_what_is_computed_once() -> None:
    drop = LayerFacts("drop", "Dropout", (64, 64, 32), 0, 0, "base", inputs=("b",))
    facts = made(conv("a", "picture"), conv("b", "a"), drop, conv("c", "drop"))
    assert price("", facts).frontier == ("b",)


def test_a_way_around_a_block_makes_two_ends() -> None:
    add = LayerFacts("add", "Add", (64, 64, 32), 0, 0, "base", inputs=("c", "a"))
    facts = made(conv("a", "picture"), conv("b", "a"), conv("c", "b"), add)
    part = frozen_part(facts, HEAD | {"c"})
    assert set(part.frontier) == {"a", "b"}
    assert part.layers == {"picture", "a", "b"}


def test_a_frozen_layer_without_weights_behind_the_frozen_part_belongs_to_it() -> None:
    assert price("").frontier == ("head_pooling",)


def test_a_trained_normalisation_costs_more_than_a_frozen_one() -> None:
    norm = LayerFacts("norm", "BatchNormalization", (64, 64, 32), 128, 64, "base", inputs=("a",))
    facts = made(conv("a", "picture"), norm)
    trained, frozen = price("a", facts), price_of(facts, HEAD | {"a"}, WORK, SPEED)
    assert trained == frozen
    thawed = price_of(facts, HEAD | {"a", "norm"}, WORK, SPEED)
    assert thawed.seconds_per_epoch > 1.2 * frozen.seconds_per_epoch


def test_a_batch_that_fits_is_named_where_memory_is_short() -> None:
    tight = replace(SPEED, memory=9 * 10**8)
    work = replace(WORK, batch_size=64)
    given = price_of(PLAIN, HEAD | set("abcd"), work, tight)
    assert given.memory_bytes > given.memory_there == 765 * 10**6
    assert 0 < given.batch_that_fits < 64
    smaller = replace(work, batch_size=given.batch_that_fits)
    fitting = price_of(PLAIN, HEAD | set("abcd"), smaller, tight)
    assert fitting.memory_bytes <= fitting.memory_there
    nothing = price_of(PLAIN, HEAD | set("abcd"), work, replace(SPEED, memory=10**8))
    assert nothing.batch_that_fits == 0


def test_corrections_of_the_nearest_kind_of_work_count_half() -> None:
    plain = price_of(PLAIN, HEAD | {"d"}, WORK, SPEED)
    for corrections, factor in (
        (Corrections(own={"kept": 2.0}, others={"kept": 5.0}), 2.0),
        (Corrections(own={"backward": 4.0}, others={"kept": 5.0}), 2.0),
        (Corrections(others={"kept": 2.0}), 2.0),
    ):
        given = price_of(PLAIN, HEAD | {"d"}, WORK, SPEED, corrections)
        assert given.seconds_per_epoch == pytest.approx(factor * plain.seconds_per_epoch)
    assert Corrections(own={"once": 3.0}).of("backward") == 1.0
    assert Corrections(own={"kept": 3.0}).of("memory") == 1.0


def test_the_work_of_a_project_is_taken_from_its_plan() -> None:
    project = Project()
    work = work_of(project, 30, 10, 5)
    assert (work.training, work.validation, work.test) == (30, 10, 5)
    assert work.batch_size == project.training.batch_size
    assert work.passes.variants == 0
    assert work.passes.kept == 45


def test_a_thousand_layers_are_priced_at_once() -> None:
    names = [f"layer_{number}" for number in range(1039)]
    layers = [conv(n, before) for n, before in zip(names, ["picture", *names], strict=False)]
    facts = made(*layers)
    trained = HEAD | set(names[700:])
    best = 1.0
    for _ in range(5):
        began = time.process_time()
        price_of(facts, trained, WORK, SPEED)
        best = min(best, time.process_time() - began)
    assert best < 0.1  # a hundredth on an idle computer
    print(f"{1000 * best:.1f} ms")
