"""How fast this computer is: measured in a few seconds, and ended early where that is wanted."""

from dataclasses import asdict

import pytest

from cnnstudio.engine import measure
from cnnstudio.engine.measure import measure_machine
from cnnstudio.project.machine import load_machine, machine_mark, save_machine
from cnnstudio.protocol import Event, Progress


def test_everything_is_measured_and_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "_ENOUGH_SECONDS", 0.0)
    monkeypatch.setattr(measure, "_BATCH", 2)
    monkeypatch.setattr(measure, "_LAYERS", 5)
    told: list[Event] = []
    speed = measure_machine(told.append, lambda: False)
    numbers = {name: value for name, value in asdict(speed).items() if name != "mark"}
    assert all(value > 0 for value in numbers.values()), numbers
    assert speed.mark == machine_mark()
    # No processor is slower or faster than this by far.
    assert 1e8 < speed.window_forward < 1e14
    assert 1e-7 < speed.seconds_a_layer < 0.1
    assert told[-1] == Progress("machine", len(told) - 1, len(told) - 1)
    save_machine(speed)
    assert load_machine() == speed


def test_a_wish_to_stop_is_heard_between_two_pieces() -> None:
    told: list[Event] = []
    with pytest.raises(InterruptedError):
        measure_machine(told.append, lambda: len(told) == 2)
    assert len(told) == 2
