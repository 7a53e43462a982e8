"""Finding networks by words and by what they are good at, without building anything."""

import subprocess
import sys
from pathlib import Path

import pytest

from cnnstudio.project.network_filters import FILTERS, matches
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS, find_network


def _row(key: str) -> NetworkRow:
    row = find_network(key)
    assert row is not None
    return row


def _found(text: str) -> list[str]:
    return [row.key for row in NETWORKS if matches(row, text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("vgg-16", "vgg16"),
        ("EfficientNet B0", "efficientnet_b0"),
        ("mobilenetv2", "mobilenet_v2"),
        ("  mobilenet   v2 ", "mobilenet_v2"),
        ("1704.04861", "mobilenet"),
        ("szegedy 2015", "inception_v3"),
        ("TELEPHONE", "nasnet_mobile"),
    ],
)
def test_a_network_is_found_by_name_family_source_and_description(text: str, key: str) -> None:
    assert key in _found(text)
    assert len(_found(text)) < 5


def test_no_words_find_everything_and_wrong_ones_nothing() -> None:
    everything = [row.key for row in NETWORKS]
    assert _found("") == _found(" – ") == everything
    assert _found("vgg16 zebra") == []


def test_a_network_that_is_only_compared_with_is_not_found_by_its_number() -> None:
    assert "ResNet50" in _row("efficientnet_b0").sentence
    assert "efficientnet_b0" not in _found("ResNet50")


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("small", ["mobilenet_v3_small", "densenet121", "small_cnn"], ["resnet50", "own_model"]),
        ("fast", ["mobilenet_v2", "efficientnet_b1"], ["densenet121", "vgg16", "own_layers"]),
        ("accurate", ["convnext_tiny", "efficientnet_b2"], ["mobilenet_v2", "small_cnn"]),
    ],
)
def test_a_filter_tells_networks_apart(name: str, yes: list[str], no: list[str]) -> None:
    holds = FILTERS[name].holds
    assert [holds(_row(key)) for key in yes] == [True] * len(yes)
    assert [holds(_row(key)) for key in no] == [False] * len(no)


def test_weights_are_here_once_the_file_lies_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KERAS_HOME", "CNNSTUDIO_CONFIG"):
        monkeypatch.setenv(name, str(tmp_path / "empty"))
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", str(tmp_path))
    holds = FILTERS["here"].holds
    assert not holds(_row("resnet50"))
    weights = _row("resnet50").weights
    assert weights is not None
    (tmp_path / weights.names(1.0, 224)[0]).write_bytes(b"weights")
    assert holds(_row("resnet50"))
    assert not holds(_row("resnet101"))
    assert not holds(_row("small_cnn"))


def test_nothing_of_tensorflow_is_imported_for_it() -> None:
    code = (
        "import sys; from cnnstudio.project.network_filters import FILTERS; "
        "from cnnstudio.project.network_table import NETWORKS; "
        "[each.holds(row) for each in FILTERS.values() for row in NETWORKS]; "
        "sys.exit(bool({'tensorflow', 'keras', 'h5py'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
