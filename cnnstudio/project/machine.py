"""How fast this computer computes: measured once by the engine, and kept."""

import importlib.metadata
import math
import os
import platform
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from cnnstudio.project.files import read_json, write_json_atomically
from cnnstudio.project.places import settings_folder

MEASURE_VERSION = 1
"""To be raised whenever something else is measured: what was kept is measured anew."""


@dataclass(frozen=True)
class MachineSpeed:
    """What a training's seconds are made of, on this computer.

    Multiply-adds a second, forward and backward (one of the two ways back: to the weights, or to
    the layer before), for convolutions with a window, of 1 × 1, of each map by itself, and for
    dense layers. ``numbers`` (float32) a second that go through a ReLU, ``updated`` weights a
    second that the optimiser moves, ``augmented`` pixels a second that are turned and moved,
    ``saved`` bytes a second of a model that is written. The others are seconds: for each layer at
    each batch, there, and back; for each batch; for each layer when a graph is made of it, and
    when a model is written. Bytes: ``memory`` of the computer, and what the ``engine`` takes
    before it computes.
    """

    mark: str
    window_forward: float
    window_backward: float
    point_forward: float
    point_backward: float
    depthwise_forward: float
    depthwise_backward: float
    dense_forward: float
    dense_backward: float
    numbers_forward: float
    numbers_backward: float
    updated: float
    augmented: float
    seconds_a_layer: float
    seconds_a_layer_back: float
    seconds_a_batch: float
    seconds_a_layer_made: float
    saved: float
    seconds_a_layer_saved: float
    memory: int
    engine: int
    cores: int


@cache
def machine_mark() -> str:
    """What the speed depends on, in words: processor, cores, TensorFlow's version."""
    try:
        tensorflow = importlib.metadata.version("tensorflow")
    except importlib.metadata.PackageNotFoundError:
        tensorflow = ""
    return f"{_processor()} · {_cores()} · TensorFlow {tensorflow} · {MEASURE_VERSION}"


def load_machine() -> MachineSpeed | None:
    """What was measured before; none where there is nothing, or of another computer."""
    try:
        content = read_json(_file())
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or content.get("mark") != machine_mark():
        return None
    found: dict[str, Any] = {each.name: content.get(each.name) for each in fields(MachineSpeed)}
    numbers = [value for name, value in found.items() if name != "mark"]
    if not all(type(each) in (int, float) and 0 < each < math.inf for each in numbers):
        return None
    return MachineSpeed(**found)


def save_machine(speed: MachineSpeed) -> None:
    """Keep what was measured.

    Raises:
        OSError: if it cannot be written.
    """
    settings_folder().mkdir(parents=True, exist_ok=True)
    write_json_atomically(_file(), asdict(speed))


def _file() -> Path:
    return settings_folder() / "machine.json"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    """The processor's name; on Linux, where Python does not know it, from the kernel's list."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
