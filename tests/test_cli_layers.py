"""'cnnstudio layers' for networks from scratch: variants, lists saved, changed and read again."""

import json
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.cli.commands import main


def last_object(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_classic_is_saved_changed_and_described_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my lenet.json"
    command = ["layers", "LeNet-5", "--classes", "10", "--json"]
    assert main([*command, "--set", "network.variant=today", "--save-layers", str(file)]) == 0
    first = last_object(capsys)
    assert (first["total"], first["saved_layers"]) == (61_706, str(file))
    blocks = [each["block"] for each in first["layers"] if each["part"] == "base"]
    assert blocks == ["C1", "S2", "C3", "S4", "C5"]
    layers = json.loads(file.read_text())
    layers[0]["filters"] = 8
    file.write_text(json.dumps(layers))
    variant = ["--set", "network.variant=today"]
    assert main([*command, *variant, "--set", f"network.layers={file}"]) == 0
    again = last_object(capsys)
    assert again["total"] == 61_706 + 2 * 26 + 2 * 25 * 16
    assert [each["type"] for each in again["layers"]] == [each["type"] for each in first["layers"]]


def test_a_list_that_does_not_fit_is_told_with_the_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "layers.json"
    file.write_text('[{"kind": "flatten"}, {"kind": "conv2d", "name": "late"}]')
    assert main(["layers", "small_cnn", "--set", f"network.layers={file}", "--json"]) == 1
    assert "'late' takes maps" in last_object(capsys)["error"]


def test_only_a_network_of_layers_has_a_list_to_save(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "layers.json"
    assert main(["layers", "vgg16", "--save-layers", str(file), "--json"]) == 1
    assert "VGG16 is not made from a list of layers" in last_object(capsys)["error"]
    assert not file.exists()


def test_a_list_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    to = tmp_path / "file" / "layers.json"
    assert main(["layers", "mlp", "--save-layers", str(to), "--json"]) == 1
    assert "cannot be written" in last_object(capsys)["error"]
