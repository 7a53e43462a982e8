"""The computer's speed is kept as long as it is the same computer."""

import json
from dataclasses import replace

import pytest

from cnnstudio.project import machine
from cnnstudio.project.machine import load_machine, machine_mark, save_machine
from cnnstudio.project.places import settings_folder
from tests.project.test_price import SPEED

HERE = replace(SPEED, mark=machine_mark())


def test_what_was_measured_is_read_again() -> None:
    assert load_machine() is None
    save_machine(HERE)
    assert load_machine() == HERE


def test_another_computer_or_tensorflow_is_measured_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    save_machine(HERE)
    monkeypatch.setattr(machine, "machine_mark", lambda: "another one")
    assert load_machine() is None


@pytest.mark.parametrize("value", [0, -1.0, None, "fast", True, float("inf")])
def test_a_spoiled_figure_counts_as_not_measured(value: object) -> None:
    save_machine(HERE)
    file = settings_folder() / "machine.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"window_forward": value}))
    assert load_machine() is None


@pytest.mark.parametrize("content", ["", "[]", "{}", "no json"])
def test_a_damaged_file_counts_as_not_measured(content: str) -> None:
    save_machine(HERE)
    (settings_folder() / "machine.json").write_text(content)
    assert load_machine() is None


def test_the_mark_names_processor_cores_and_tensorflow() -> None:
    mark = machine_mark()
    assert "TensorFlow 2" in mark
    assert len(mark.split(" · ")) == 4
