"""What is wrong with a plan, before anything is computed."""

from pathlib import Path

import pytest

from cnnstudio.project.augmentation import PRESETS, AugmentationPlan, preset_of
from cnnstudio.project.checks import freezing_problems, problems_of
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.project import Project


def planned(size: int = 224, **network: object) -> Project:
    return Project(pictures=PicturesPlan(size=size), network=NetworkPlan.model_validate(network))


FACTS = NetworkFacts(
    (
        LayerFacts("rescale", "Rescaling", (8, 8, 3), 0, 0, "input"),
        LayerFacts("conv", "Conv2D", (8, 8, 4), 112, 112, "base"),
        LayerFacts("flatten", "Flatten", (256,), 0, 0, "head"),
        LayerFacts("output", "Dense", (1,), 257, 257, "head"),
    ),
    2,
    "sigmoid",
)


def test_a_new_project_has_no_problems() -> None:
    assert problems_of(Project(), num_classes=2) == []


def test_an_unknown_network_names_the_nearest() -> None:
    (problem,) = problems_of(planned(base="VGG-17", width=0.3, size=16))
    assert problem.where == "network.base"
    assert "'vgg16'" in problem.remedy


@pytest.mark.parametrize("base", ["", "고양이"])
def test_a_network_without_any_likeness_gives_a_sentence_too(base: str) -> None:
    (problem,) = problems_of(planned(base=base))
    assert problem.is_known


def test_a_width_without_weights_names_those_there_are() -> None:
    (problem,) = problems_of(planned(base="mobilenet_v2", width=0.4))
    assert problem.where == "network.width"
    assert problem.message == "MobileNetV2 has no width 0.4."
    assert problem.remedy == "Choose one of: 0.35, 0.5, 0.75, 1, 1.3, 1.4."


def test_pictures_that_are_too_small_name_the_least_size() -> None:
    (problem,) = problems_of(planned(base="vgg16", size=16))
    assert problem.where == "pictures.size"
    assert "32 px" in problem.remedy


@pytest.mark.parametrize(("classes", "kinds"), [(2, []), (3, ["sigmoid_needs_two"]), (None, [])])
def test_sigmoid_is_for_two_classes(classes: int | None, kinds: list[str]) -> None:
    found = problems_of(planned(base="small_cnn", output="sigmoid"), num_classes=classes)
    assert [each.kind for each in found] == kinds


def test_a_weights_file_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "가중치 🐶.h5"
    project = planned(base="vgg16", weights=str(file))
    (problem,) = problems_of(project)
    assert str(file) in problem.message
    file.write_bytes(b"")
    assert problems_of(project) == []


@pytest.mark.parametrize("weights", ["", "\0", "x" * 5000])
def test_an_impossible_weights_file_is_missing(weights: str) -> None:
    (problem,) = problems_of(planned(base="vgg16", weights=weights))
    assert problem.kind == "weights_file_missing"


@pytest.mark.parametrize(
    ("network", "kinds"),
    [
        ({"base": "vgg16", "weights": "random"}, ["frozen_random"]),
        ({"base": "vgg16", "weights": "random", "train_last": 3}, []),
        ({"base": "vgg16", "weights": "random", "trained_layers": ("a",)}, []),
        ({"base": "small_cnn", "weights": "random"}, []),
    ],
)
def test_a_frozen_random_base_is_warned_of(network: dict[str, object], kinds: list[str]) -> None:
    found = problems_of(planned(**network))
    assert [each.kind for each in found] == kinds
    assert all(each.severity == "warning" for each in found)


def test_all_problems_are_told_at_once() -> None:
    found = problems_of(planned(base="vgg16", width=0.5, size=16, output="sigmoid"), 5)
    assert [each.kind for each in found] == ["unknown_width", "size_too_small", "sigmoid_needs_two"]


def test_more_layers_than_there_are_cannot_be_trained() -> None:
    (problem,) = freezing_problems(planned(base="vgg16", train_last=2), FACTS)
    assert problem.message == "The base of VGG16 has 1 layers; 2 cannot be trained."


def test_ticked_layers_must_be_there() -> None:
    project = planned(base="vgg16", trained_layers=("conv", "block9_conv1"))
    (problem,) = freezing_problems(project, FACTS)
    assert problem.message == "VGG16 has no layer called 'block9_conv1'."


@pytest.mark.parametrize("ticks", [(), ("flatten",), ("rescale",)])
def test_something_must_be_trained(ticks: tuple[str, ...]) -> None:
    (problem,) = freezing_problems(planned(base="vgg16", trained_layers=ticks), FACTS)
    assert problem.kind == "nothing_trained"


def test_a_right_choice_of_layers_has_no_problems() -> None:
    assert freezing_problems(planned(base="vgg16", train_last=1), FACTS) == []


@pytest.mark.parametrize(
    ("output", "classes", "resolved"),
    [("automatic", 2, "sigmoid"), ("automatic", 3, "softmax"), ("softmax", 2, "softmax")],
)
def test_the_output_fits_the_classes(output: str, classes: int, resolved: str) -> None:
    assert NetworkPlan.model_validate({"output": output}).resolved_output(classes) == resolved


def test_presets_are_recognised() -> None:
    assert AugmentationPlan().is_off
    assert preset_of(AugmentationPlan()) == "off"
    assert preset_of(AugmentationPlan(rotation=1)) is None
    assert {preset_of(plan) for _, plan in PRESETS.values()} == set(PRESETS)
