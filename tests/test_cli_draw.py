"""The command that draws a network, with a real engine behind it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from cnnstudio.cli.commands import main
from tests.test_cli_listings import last_object

SVG = "{http://www.w3.org/2000/svg}"


def test_a_network_is_drawn_with_what_is_frozen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small.svg"
    ticks = "network.trained_layers=output,block5_conv"
    assert main(["draw", "small_cnn", "--to", str(file), "--set", ticks, "--json"]) == 0
    told = last_object(capsys.readouterr().out)
    assert told["file"] == str(file)
    assert told["level"] == "blocks"
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert root.findtext(f"{SVG}title") == "Small CNN"
    names = [each.findtext(f"{SVG}title") or "" for each in root.findall(f"{SVG}g")]
    assert len(names) == told["boxes"]
    assert [name.rsplit(", ", 1)[1] for name in names if name.startswith("Block")] == [
        "frozen",
        "frozen",
        "frozen",
        "frozen",
        "trained",
    ]


def test_only_svg_is_written_and_that_is_said_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", "small_cnn", "--to", str(tmp_path / "small.gif")]) == 1
    assert "small.gif" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_unknown_network_is_not_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", "VGG61", "--to", str(tmp_path / "small.svg")]) == 1
    assert "VGG61" in capsys.readouterr().err
