"""Lists of layers as files, and '--set' of variants and of layers."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.fields import apply_settings
from cnnstudio.project.layer_files import read_layers, write_layers
from cnnstudio.project.layer_kinds import Conv2D, Dense, Flatten
from cnnstudio.project.layer_list import LAYER_KINDS, LayerList
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.network_table import layers_of
from cnnstudio.project.networks.classics import CLASSICS
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project


def problem_with(file: Path, text: str) -> Problem:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as caught:
        read_layers(file)
    problem = caught.value.problem
    assert problem.file == str(file)
    assert problem.is_known
    assert file.name in problem.message
    return problem


def read_or_problem(file: Path) -> tuple[LayerList, Problem | None]:
    try:
        return read_layers(file), None
    except ProblemError as error:
        return (), error.problem


@pytest.mark.parametrize("row", CLASSICS, ids=lambda row: row.key)
def test_a_classic_is_read_as_it_was_written(row: object, tmp_path: Path) -> None:
    for variant in row.variants:  # type: ignore[attr-defined]
        write_layers(variant.layers, tmp_path / "층 layers.json")
        assert read_layers(tmp_path / "층 layers.json") == variant.layers


def test_a_file_has_a_layer_a_line_with_all_its_settings(tmp_path: Path) -> None:
    write_layers((Conv2D(name="a"), Flatten(name="b")), tmp_path / "layers.json")
    lines = (tmp_path / "layers.json").read_text().splitlines()
    assert len(lines) == 4
    assert list(json.loads(lines[1].rstrip(",")))[:2] == ["kind", "name"]
    assert set(json.loads(lines[1].rstrip(","))) == set(Conv2D.model_fields)


def test_what_is_left_out_is_as_usual_and_names_are_given(tmp_path: Path) -> None:
    file = tmp_path / "layers.json"
    layers = [
        {"kind": "conv2d", "filters": 8},
        {"kind": "conv2d", "name": "conv_7"},
        {"kind": "flatten"},
        {"kind": "conv2d"},
    ]
    # As Windows' Notepad saves it.
    file.write_text("\ufeff" + json.dumps(layers), encoding="utf-8")
    read = read_layers(file)
    assert [layer.name for layer in read] == ["conv_8", "conv_7", "flatten_1", "conv_9"]
    assert read[0] == Conv2D(name="conv_8", filters=8)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(ProblemError) as caught:
            read_layers(path)
        assert caught.value.problem.kind == "layers_file_missing"
        assert str(path) in caught.value.problem.message


def test_a_damaged_file_is_told_with_the_line(tmp_path: Path) -> None:
    problem = problem_with(tmp_path / "a.json", '[\n {"kind": "flatten"},\n {"kind": flatten}\n]')
    assert problem.kind == "layers_file_no_json"
    assert "line 3, at character 11" in problem.message
    cut = problem_with(tmp_path / "b.json", '[{"kind": "conv2d"')
    assert cut.kind == "layers_file_no_json"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x81", b"[" * 100_000])
def test_what_is_no_text_or_nested_without_end_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        read_layers(tmp_path / "a.json")
    assert caught.value.problem.kind in ("layers_file_unreadable", "layers_file_no_json")


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("{}", "layers_file_without_list", "list of layers"),
        ('"conv2d"', "layers_file_without_list", "list of layers"),
        ('["conv2d"]', "layers_file_kind_missing", "Layer 1 of"),
        ('[{"kind": "flatten"}, {}]', "layers_file_kind_missing", "Layer 2 of"),
        ('[{"kind": "conv3d"}]', "layers_file_kind_unknown", "'conv3d'"),
        ('[{"kind": ["conv2d"]}]', "layers_file_kind_unknown", "conv2d"),
        ('[{"kind": "dense", "unit": 3}]', "layers_file_setting_unknown", "'unit'"),
        (
            '[{"kind": "conv2d", "padding": "full"}]',
            "layers_file_setting_no_choice",
            "'padding' cannot be \"full\"",
        ),
        (
            '[{"kind": "conv2d", "filters": 0}]',
            "layers_file_setting_out_of_limits",
            "'filters' cannot be 0",
        ),
        (
            '[{"kind": "conv2d", "l2": NaN}]',
            "layers_file_setting_out_of_limits",
            "'l2' cannot be NaN",
        ),
        (
            '[{"kind": "conv2d", "kernel": "wide"}]',
            "layers_file_setting_out_of_limits",
            "'kernel' cannot be \"wide\"",
        ),
        (
            '[{"kind": "dense", "use_bias": "perhaps"}]',
            "layers_file_setting_wrong",
            "'use_bias' cannot be",
        ),
        ('[{"kind": "dense", "name": 5}]', "layers_file_setting_wrong", "'name' cannot be 5"),
    ],
)
def test_what_is_wrong_is_told_with_the_layer(
    text: str, kind: str, said: str, tmp_path: Path
) -> None:
    problem = problem_with(tmp_path / "my layers.json", text)
    assert problem.kind == kind
    assert said in problem.message


def test_the_remedy_names_what_may_be_meant(tmp_path: Path) -> None:
    file = tmp_path / "layers.json"
    unknown = problem_with(file, '[{"kind": "max_pool2d"}]')
    assert "Did you mean 'max_pooling2d'?" in unknown.remedy
    unit = problem_with(file, '[{"kind": "dense", "unit": 3}]')
    assert "Did you mean 'units'?" in unit.remedy
    few = problem_with(file, '[{"kind": "conv2d", "filters": 0}]')
    assert "from 1 to 4096" in few.remedy
    padding = problem_with(file, '[{"kind": "conv2d", "padding": "full"}]')
    assert padding.remedy == "Choose one of: valid, same."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "name", "filters", "x"]) | st.text(max_size=5), inner
        )
    ),
    max_leaves=8,
)
KINDS = st.sampled_from([kind.model_fields["kind"].default for kind in LAYER_KINDS])
FIELDS = st.sampled_from(sorted({name for kind in LAYER_KINDS for name in kind.model_fields}))


@given(
    content=JSON
    | st.lists(
        st.builds(
            lambda kind, values: {**values, "kind": kind}, KINDS, st.dictionaries(FIELDS, JSON)
        ),
        max_size=3,
    )
)
def test_whatever_a_file_holds_gives_layers_or_a_known_problem(
    content: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    layers, problem = read_or_problem(file)
    assert problem is None or problem.is_known
    assert all(isinstance(layer, LAYER_KINDS) for layer in layers)


def test_layers_from_a_file_become_the_base_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "a=b, c.json"
    layers = (Conv2D(name="one"), Flatten(name="two"), Dense(name="three"))
    write_layers(layers, file)
    settings = ["training.epochs=3", f"network.layers={file}", "network.base=lenet5"]
    project = apply_settings(Project(), settings)
    network = project.network
    assert (network.base, network.variant) == (OWN_LAYERS, "")
    assert layers_of(network) == layers
    # What LeNet-5 brought along.
    assert (network.pooling, network.dense[0].units, network.colours) == ("flatten", 84, "grey")
    assert project.pictures.size == 32
    assert project.training.epochs == 3


def test_no_file_leaves_no_layers() -> None:
    assert apply_settings(Project(), ["network.layers="]).network.layers == ()


def test_a_file_that_is_not_there_is_told_by_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as caught:
        apply_settings(Project(), [f"network.layers={tmp_path / 'gone.json'}"])
    assert caught.value.problem.where == "network.layers"


def test_a_variant_brings_its_head_and_leaves_the_size() -> None:
    settings = ["network.variant=today", "pictures.size=48", "network.base=lenet5"]
    project = apply_settings(Project(), settings)
    assert project.network.dense[0].activation == "relu"
    assert apply_settings(project, ["network.variant=paper"]).network.dense[0].activation == "tanh"
    assert project.pictures.size == 48
    assert layers_of(project.network) != layers_of(NetworkPlan(base="lenet5"))


def test_a_head_is_chosen_over_that_of_a_variant() -> None:
    settings = ["network.dense=120:tanh,84", "network.variant=today", "network.base=lenet5"]
    dense = apply_settings(Project(), settings).network.dense
    assert [(each.units, each.activation) for each in dense] == [(120, "tanh"), (84, "relu")]


@pytest.mark.parametrize("base", ["lenet5", "vgg16"])
def test_an_unknown_variant_is_told_with_those_that_there_are(base: str) -> None:
    with pytest.raises(ProblemError) as caught:
        apply_settings(Project(), [f"network.base={base}", "network.variant=yesterday"])
    problem = caught.value.problem
    assert problem.kind == "unknown_variant"
    assert problem.values["choices"] == ("paper, today" if base == "lenet5" else "-")
