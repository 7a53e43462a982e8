"""What the command that lists layers predicts: for people, and for programs."""

import json
from dataclasses import replace

import pytest

from cnnstudio.cli.output import Output
from cnnstudio.cli.price import price_here, price_values, tell_price
from cnnstudio.project.amounts import duration, gigabytes, rough_duration
from cnnstudio.project.fields import apply_settings
from cnnstudio.project.frozen_part import once_words
from cnnstudio.project.machine import machine_mark, save_machine
from cnnstudio.project.project import Project
from tests.project.test_price import PLAIN, SPEED

FROZEN = apply_settings(Project(), ["network.base=mobilenet_v2"])


@pytest.fixture(autouse=True)
def measured() -> None:
    save_machine(replace(SPEED, mark=machine_mark()))


def test_the_price_is_told_in_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(False)
    tell_price(price_here(FROZEN, PLAIN, 5000, output), 5000, output)
    lines = [line.split("  ")[0].strip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "",
        "With 5,000 pictures on this computer:",
        "one epoch",
        "frozen layers, once",
        "one epoch with everything trained",
        "stage 1, 20 epochs: the head",
        "stage 2, 5 epochs: head and top blocks",
        "the whole training, 25 epochs",
        "memory",
    ]


def test_it_says_why_frozen_layers_run_in_every_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(False)
    moved = apply_settings(FROZEN, ["augmentation.rotation=10"])
    tell_price(price_here(moved, PLAIN, 5000, output), 5000, output)
    out = capsys.readouterr().out
    assert "Pictures change anew in every epoch" in out
    assert "frozen layers, once" not in out


def test_programs_get_an_object_of_plain_values() -> None:
    values = price_values(price_here(FROZEN, PLAIN, 5000, Output(True)))
    assert json.loads(json.dumps(values)) == values
    assert values["computed_once"] is True
    assert values["frontier"] == ["head_pooling"]
    assert values["seconds_per_epoch"] < values["seconds_per_epoch_all_trained"]
    assert values["epochs"] == 25
    assert values["seconds_in_all"] == pytest.approx(sum(values["seconds_of_stages"]))


@pytest.mark.parametrize(
    ("seconds", "exact", "rough"),
    [
        (0.2, "0.20 s", "under 1 s"),
        (4.24, "4.2 s", "4 s"),
        (59.2, "59 s", "59 s"),
        (61, "1 min 1 s", "1.0 min"),
        (1230, "20 min 30 s", "20 min"),
        (3600, "1 h 0 min", "1.0 h"),
    ],
)
def test_durations_in_words(seconds: float, exact: str, rough: str) -> None:
    assert (duration(seconds), rough_duration(seconds)) == (exact, rough)


def test_memory_in_words() -> None:
    assert [gigabytes(count) for count in (85e6, 9e8, 25.04e9)] == ["85 MB", "0.9 GB", "25.0 GB"]


def test_a_training_says_of_its_frozen_layers_only_what_is_of_use() -> None:
    assert once_words(1, 9.3, "") == "1 frozen layer has run once (9 s) and rests now."
    assert once_words(153, 9.3, "") == "153 frozen layers have run once (9 s) and rest now."
    assert once_words(0, 0, "few_epochs").startswith("With so few epochs")
    assert once_words(0, 0, "first_layer_trained") == ""
