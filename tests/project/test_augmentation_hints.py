"""What the names and numbers of classes say about a plan of augmentation."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnstudio.project.augmentation import PRESETS, AugmentationPlan
from cnnstudio.project.augmentation_hints import Hint, are_sides, are_signs, hints_for
from cnnstudio.project.visible_share import visible_share

CATS = ("cat", "dog")
DIGITS = tuple("0123456789")


def hint(kind: str, plan: AugmentationPlan, classes: tuple[str, ...], **counts: int) -> Hint | None:
    found = {each.kind: each for each in hints_for(plan, classes, counts or None)}
    return found.get(kind)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    "classes",
    [
        DIGITS,
        ("6", "9"),
        ("zero", "one", "two"),
        ("Six", "NINE"),
        ("digit_3", "digit_7"),
        ("null", "eins", "zwei"),
        ("육", "구"),
        tuple("abcdefghijklmnopqrstuvwxyz"),
        ("upper_B", "upper_D", "lower_b", "lower_d"),
        ("ㄱ", "ㄴ", "ㅏ"),
        ("기역", "니은"),
        ("letter b", "letter d"),
        ("0", "1", "2", "3", "4", "other"),
        ("б", "д", "ж"),
    ],
    ids=" ".join,
)
def test_digits_and_letters_are_known(classes: tuple[str, ...]) -> None:
    assert are_signs(classes)


@pytest.mark.parametrize(
    "classes",
    [
        CATS,
        ("0", "1"),
        ("1", "2", "3"),
        ("class 0", "class 1"),
        ("A", "B"),
        ("개", "곰", "말"),
        ("one", "dog", "cat"),
        ("one way", "no way"),
        ("left", "right"),
        ("l", "r"),
        ("10", "20", "30"),
        (),
        ("a",),
    ],
    ids=" ".join,
)
def test_other_names_raise_no_alarm(classes: tuple[str, ...]) -> None:
    assert not are_signs(classes)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (("left", "right"), True),
        (("LeftHand", "RightHand"), True),
        (("hand_links", "hand_rechts"), True),
        (("왼쪽", "오른쪽"), True),
        (("좌", "우"), True),
        (("arrow-l", "arrow-r", "arrow-up"), True),
        (("l", "r"), True),
        (("bright", "dark"), False),
        (("left", "up"), False),
        (tuple("abcdefghijklmnopqr"), False),
        (CATS, False),
    ],
)
def test_left_and_right_are_known(classes: tuple[str, ...], expected: bool) -> None:
    assert are_sides(classes) is expected


@pytest.mark.parametrize(
    "changes", [{"vertical_flip": True}, {"rotation": 180}, {"rand_augment": 0.5}]
)
def test_digits_upside_down_are_told_and_mended(changes: dict[str, float]) -> None:
    plan = AugmentationPlan.model_validate(changes | {"hue": 0.1})
    found = hint("signs_upside_down", plan, DIGITS)
    assert found is not None
    assert found.changed_plan.hue == 0.1
    assert hint("signs_upside_down", found.changed_plan, DIGITS) is None
    assert hint("signs_upside_down", plan, CATS) is None


def test_bare_numbers_are_only_perhaps_digits() -> None:
    plan = AugmentationPlan(vertical_flip=True, horizontal_flip=True)
    for kind in ("signs_upside_down", "signs_mirrored"):
        perhaps, surely = hint(kind, plan, DIGITS), hint(kind, plan, tuple("bdpq"))
        assert perhaps is not None
        assert surely is not None
        assert perhaps.message.startswith("If the classes are digits")
        assert surely.message.startswith("Digits and letters")


def test_a_small_turn_of_digits_is_no_matter() -> None:
    assert hints_for(AugmentationPlan(rotation=15), DIGITS) == []


def test_mirrored_letters_are_told_and_mended() -> None:
    plan = AugmentationPlan(horizontal_flip=True, zoom=0.1)
    found = hint("signs_mirrored", plan, tuple("bdpq"))
    assert found is not None
    assert found.changed_plan == AugmentationPlan(zoom=0.1)
    assert hint("signs_mirrored", plan, CATS) is None


@pytest.mark.parametrize(
    "changes", [{"horizontal_flip": True}, {"vertical_flip": True}, {"rotation": 360}]
)
def test_mirrored_sides_are_told_and_mended(changes: dict[str, float]) -> None:
    plan = AugmentationPlan.model_validate(changes)
    sides = ("left", "right")
    found = hint("sides_mirrored", plan, sides)
    assert found is not None
    assert hint("sides_mirrored", found.changed_plan, sides) is None
    assert hint("sides_mirrored", plan, CATS) is None


def test_what_is_pushed_out_is_told_in_per_cent_and_mended() -> None:
    plan = AugmentationPlan(width_shift=0.8, height_shift=0.6, shear=0.5, rotation=20)
    found = hint("pushed_out", plan, CATS)
    assert found is not None
    assert f"{round(100 * visible_share(plan))} %" in found.message
    assert visible_share(plan) < 0.6 <= 0.75 <= visible_share(found.changed_plan)
    assert found.changed_plan.rotation == 20
    assert hint("pushed_out", found.changed_plan, CATS) is None


@pytest.mark.parametrize("key", PRESETS)
def test_no_preset_raises_an_alarm_about_ordinary_classes(key: str) -> None:
    assert hints_for(PRESETS[key][1], CATS, {"cat": 500, "dog": 500}) == []


def test_few_pictures_without_augmentation_are_told() -> None:
    plan = AugmentationPlan(mode="prepared")
    found = hint("off_with_few", plan, CATS, cat=120, dog=30)
    assert found is not None
    assert found.message.startswith("dog has only 30")
    assert not found.changed_plan.is_off
    assert found.changed_plan.mode == "prepared"
    assert hint("off_with_few", plan, CATS, cat=120, dog=50) is None
    assert hint("off_with_few", PRESETS["light"][1], CATS, cat=20, dog=20) is None
    digits = hint("off_with_few", plan, DIGITS, **{"0": 9})
    assert digits is not None
    assert hints_for(digits.changed_plan, DIGITS) == []


@settings(max_examples=20, deadline=None)
@given(
    st.builds(
        AugmentationPlan,
        rotation=st.floats(0, 360),
        width_shift=st.floats(0, 1),
        shear=st.floats(0, 1),
        zoom=st.floats(0, 0.9),
        crop=st.floats(0, 0.9),
        rand_augment=st.floats(0, 1),
        horizontal_flip=st.booleans(),
        vertical_flip=st.booleans(),
    )
)
def test_every_remedy_takes_its_hint_away(plan: AugmentationPlan) -> None:
    for classes in (CATS, DIGITS, ("left", "right")):
        for found in hints_for(plan, classes, dict.fromkeys(classes, 10)):
            kinds = {each.kind for each in hints_for(found.changed_plan, classes)}
            assert found.kind not in kinds
            assert AugmentationPlan.model_validate(found.changed_plan.model_dump())


# What stays in sight


def test_a_picture_that_is_not_moved_stays_in_sight() -> None:
    assert visible_share(AugmentationPlan(hue=1, horizontal_flip=True)) == 1


def test_a_turned_square_loses_its_corners() -> None:
    """Compared with points thrown at random."""
    lots = Random(1)
    inside = total = 0
    for _ in range(20_000):
        angle = math.radians(lots.uniform(-360, 360))
        x, y = lots.uniform(-0.5, 0.5), lots.uniform(-0.5, 0.5)
        right = math.cos(angle) * x - math.sin(angle) * y
        down = math.sin(angle) * x + math.cos(angle) * y
        inside += abs(right) <= 0.5 and abs(down) <= 0.5
        total += 1
    assert visible_share(AugmentationPlan(rotation=360)) == pytest.approx(inside / total, abs=0.02)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        # The mean of 1 - |shift|, of shifts that are evenly spread.
        (AugmentationPlan(width_shift=0.4), 0.8),
        (AugmentationPlan(width_shift=1), 0.5),
        (AugmentationPlan(width_shift=0.4, height_shift=0.4), 0.64),
        # The mean of (1 - c)² for c from 0 to 0.6: (1 - 0.4³) / (3 · 0.6).
        (AugmentationPlan(crop=0.6), (1 - 0.4**3) / 1.8),
        # Half is reduced and stays; of the other half, z² with z from 0.5 to 1.
        (AugmentationPlan(zoom=0.5), 0.5 + 0.5 * (1 - 0.5**3) / 1.5),
    ],
)
def test_the_share_in_sight_is_that_of_the_formula(plan: AugmentationPlan, expected: float) -> None:
    assert visible_share(plan) == pytest.approx(expected, abs=0.03)
