"""The plan of augmentation: its settings, their groups, and the presets."""

import pytest

from cnnstudio.project.augmentation import (
    GROUPS,
    MIXING,
    PRESETS,
    AugmentationPlan,
    effects,
    fields_of,
    preset_of,
)
from cnnstudio.project.fields import apply_settings
from cnnstudio.project.project import Project

CLASSIC = (
    *("rotation", "width_shift", "height_shift", "shear", "zoom"),
    *("horizontal_flip", "vertical_flip"),
)


def test_a_project_file_of_the_seven_settings_still_opens() -> None:
    old = {"rotation": 20, "zoom": 0.2, "horizontal_flip": True}
    plan = AugmentationPlan.model_validate(old)
    assert (plan.rotation, plan.zoom, plan.horizontal_flip) == (20, 0.2, True)
    assert (plan.fill_mode, plan.mode, plan.mixes) == ("nearest", "fresh", False)


def test_every_setting_stands_in_one_group_and_the_classic_seven_first() -> None:
    grouped = [name for group in GROUPS for name in fields_of(group)]
    assert sorted(grouped) == sorted(AugmentationPlan.model_fields)
    assert tuple(grouped[:7]) == fields_of("moves") == CLASSIC


@pytest.mark.parametrize("name", effects())
def test_every_effect_alone_changes_only_itself(name: str) -> None:
    plan = AugmentationPlan(rotation=20, fill_mode="wrap").only(name)
    changed = {each for each in effects() if getattr(plan, each)}
    assert changed == {name}
    assert plan.fill_mode == "wrap"
    assert not plan.is_off


def test_what_changes_no_picture_is_off() -> None:
    plan = AugmentationPlan(mode="prepared", variants=5, fill_mode="reflect")
    assert plan.is_off
    assert not plan.is_prepared
    assert preset_of(plan) == "off"


def test_mixing_alone_leaves_nothing_to_prepare() -> None:
    plan = AugmentationPlan(mode="prepared", mixup=0.2)
    assert plan.mixes
    assert plan.alone().is_off
    assert not plan.is_prepared
    assert plan.model_copy(update={"rotation": 5.0}).is_prepared
    assert {name for name in MIXING if getattr(plan.alone(), name)} == set()


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_leaves_alone_when_variants_are_made(key: str) -> None:
    chosen = AugmentationPlan(mode="prepared", variants=7).taking(PRESETS[key][1])
    assert (chosen.mode, chosen.variants) == ("prepared", 7)
    assert preset_of(chosen) == key


def test_the_course_preset_is_that_of_the_course() -> None:
    plan = PRESETS["course"][1]
    assert (plan.rotation, plan.width_shift, plan.height_shift) == (360, 0.1, 0.1)
    assert (plan.shear, plan.zoom) == (0.5, 0.3)
    assert plan.horizontal_flip
    assert plan.vertical_flip


def test_the_new_settings_can_be_set_from_the_command_line() -> None:
    given = ["augmentation.hue=0.3", "augmentation.fill_mode=wrap", "augmentation.variants=4"]
    plan = apply_settings(Project(), given).augmentation
    assert (plan.hue, plan.fill_mode, plan.variants) == (0.3, "wrap", 4)
