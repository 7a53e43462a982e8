"""'cnnstudio networks': the table for people, and everything that is known for programs."""

import json
from pathlib import Path
from typing import Any

import pytest

from cnnstudio.cli.commands import main
from cnnstudio.cli.network_commands import NetworkFilterName
from cnnstudio.cli.networks import MOST_WITH_SENTENCES
from cnnstudio.project.network_filters import FILTERS
from cnnstudio.project.network_table import NETWORKS, find_network


@pytest.fixture(autouse=True)
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without any."""
    for name in ("KERAS_HOME", "CNNSTUDIO_CONFIG", "CNNSTUDIO_WEIGHTS"):
        monkeypatch.setenv(name, str(tmp_path / "empty"))


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["networks", *arguments]) == 0
    return capsys.readouterr().out


def _values(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, Any]]:
    out = _told(capsys, "--json", *arguments)
    (line,) = out.splitlines()
    return {each["name"]: each for each in json.loads(line)["networks"]}


def test_the_table_has_a_line_for_each_network(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _told(capsys).splitlines()
    assert [line.split()[0] for line in lines[1 : len(NETWORKS) + 1]] == [
        row.key for row in NETWORKS
    ]
    (line,) = [line for line in lines if line.startswith("resnet50 ")]
    assert line.split("  ")[0] == "resnet50"
    for part in ("ResNet", "25.6 M", "95 MB", "107", "224 px", "74.9 %", "2015", "to be fetched"):
        assert part in line
    assert max(len(line) for line in lines[: len(NETWORKS) + 1]) <= 120


def test_search_and_filters_hold_together(capsys: pytest.CaptureFixture[str]) -> None:
    found = _values(capsys, "--search", "efficientnet", "--filter", "fast", "--filter", "small")
    assert list(found) == ["efficientnet_b0", "efficientnet_b1", "efficientnet_v2_b0"]


def test_few_networks_are_described_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    out = _told(capsys, "--search", "nasnet")
    row = find_network("nasnet_large")
    assert row is not None
    assert row.sentence in out
    assert row.source in out
    assert "Pictures of at least 32 px." in out
    assert len(NETWORKS) > MOST_WITH_SENTENCES
    assert row.sentence not in _told(capsys)


def test_where_nothing_is_found_the_way_out_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No network is like that" in _told(capsys, "--search", "zebra")
    assert _values(capsys, "--search", "zebra") == {}


def test_an_unknown_filter_is_refused_with_the_right_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert {each.value for each in NetworkFilterName} == set(FILTERS)
    assert main(["networks", "--filter", "big"]) != 0
    refused = capsys.readouterr().err
    assert all(name in refused for name in FILTERS)


def test_programs_are_told_everything_that_the_row_knows(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = find_network("nasnet_mobile")
    assert row is not None
    assert row.weights is not None
    file = tmp_path / row.weights.name
    file.write_bytes(b"weights")
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", str(tmp_path))
    found = _values(capsys)
    assert len(found) == len(NETWORKS)
    told = found["nasnet_mobile"]
    assert told["weights_here"] == str(file)
    assert "here" in told["filters"]
    assert told["published"]["parameters"] == 5_326_716
    assert told["published"]["top_1"] == 0.744
    assert told["base"]["parameters"] == 4_269_716
    assert told["weights"]["files"] == [
        {
            "name": "nasnet_mobile_no_top.h5",
            "server_name": "NASNet-mobile-no-top.h5",
            "checksum": "1ed92395b5b598bdda52abe5c0dbfd63",
        }
    ]
    assert (told["smallest_size"], told["size"], told["year"]) == (32, 224, 2017)
    assert found["mobilenet"]["widths"] == [0.25, 0.5, 0.75, 1.0]
    assert found["small_cnn"]["weights"] is None
    assert [each["name"] for each in found["alexnet"]["variants"]]
