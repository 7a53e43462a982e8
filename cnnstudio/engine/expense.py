"""What a training took, beside what was predicted: kept with the run, to predict better."""

import threading
from types import TracebackType

import psutil

from cnnstudio.engine.computed_once import ComputedOnce, Straight
from cnnstudio.engine.parts import Parts
from cnnstudio.project.machine import load_machine
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price import price_of, work_of
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunExpense

_SECONDS_BETWEEN_LOOKS = 0.1


class PeakMemory:
    """Within the block, looks now and then how much memory this process takes."""

    def __init__(self) -> None:
        self.bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        process = psutil.Process()
        while True:
            self.bytes = max(self.bytes, process.memory_info().rss)
            if self._done.wait(_SECONDS_BETWEEN_LOOKS):
                return


def expense_of(
    project: Project,
    facts: NetworkFacts,
    parts: Parts,
    once: ComputedOnce | Straight,
    seconds_an_epoch: float,
    memory: int,
) -> RunExpense:
    """What was predicted without corrections, where this computer was measured, and what it took.

    ``seconds_an_epoch`` is 0 where there was no epoch after the first, in which the graph is made.
    """
    computed = isinstance(once, ComputedOnce)
    seconds_once = 0.0
    if isinstance(once, ComputedOnce) and once.is_all_new:
        seconds_once = once.seconds
    took = RunExpense(
        network=network_row(project.network).key,
        seconds_an_epoch=seconds_an_epoch,
        seconds_once=seconds_once,
        memory_bytes=memory,
    )
    speed = load_machine()
    if speed is None:
        return took
    work = work_of(project, len(parts.training), len(parts.validation), len(parts.test))
    price = price_of(facts, trained_layers(project.network, facts), work, speed)
    if price.computed_once != computed:
        return took
    return took.model_copy(
        update={
            "kind": price.kind,
            "predicted_seconds_an_epoch": price.seconds_per_epoch,
            "predicted_seconds_once": price.seconds_once,
            "predicted_memory_bytes": price.memory_bytes,
        }
    )
