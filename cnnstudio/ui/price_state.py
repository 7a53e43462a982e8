"""What a training of the plan would cost here, for whoever shows it."""

import contextlib

from PySide6.QtCore import QObject, QTimer, Signal

from cnnstudio.project.listing import PictureList
from cnnstudio.project.machine import MachineSpeed, load_machine, save_machine
from cnnstudio.project.network_costs import network_cost
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import find_network
from cnnstudio.project.price import MEMORY_SHARE, Corrections, Price, price_of, work_of
from cnnstudio.project.price_corrections import Factors, corrections_for, load_factors
from cnnstudio.project.price_of_stages import RunPrice, price_of_stages
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage, stages_of
from cnnstudio.protocol import ClosingEvent, MachineMeasured, MeasureMachine, WorkFailed
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.worker.engine_keeper import EngineKeeper

_Known = tuple[NetworkFacts, Project, tuple[int, int, int], MachineSpeed, Factors]

MEASURE_DELAY_MS = 800
"""Other questions to the engine are asked first."""


class PriceState(QObject):
    """Has this computer measured once when somebody wants to know, and keeps what was learned.

    Nothing is measured while there is a training: it would slow that down, and measure it.
    """

    changed = Signal()

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        network: NetworkState,
        keeper: EngineKeeper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = pictures
        self._network = network
        self._speed = load_machine()
        self._factors = load_factors()
        self._last: tuple[tuple[object, ...], frozenset[str], Price] | None = None
        self._last_run: tuple[tuple[object, ...], RunPrice] | None = None
        self._counted: tuple[PictureList, tuple[int, int, int]] | None = None
        self._engine = OneQuestion(keeper, self)
        self._engine.answered.connect(self._on_answered)
        self._is_wanted = False
        self._is_training = False
        self._has_failed = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._measure)
        pictures.changed.connect(self.changed)
        network.changed.connect(self._on_network_changed)

    @property
    def speed(self) -> MachineSpeed | None:
        """This computer's speed, as soon as it is known."""
        return self._speed

    @property
    def is_measuring(self) -> bool:
        """Whether the speed is on its way."""
        return self._engine.is_busy

    def want(self) -> None:
        """Someone looks: measure when there is nothing else to do, unless that was done before."""
        self._is_wanted = True
        self._wait()

    def cancel(self) -> None:
        """Leave the measurement for another time."""
        self._is_wanted = False
        self._timer.stop()
        self._engine.cancel()

    def set_training(self, is_training: bool) -> None:
        """Told that a training begins or ends; at its end, what it took is taken in."""
        if is_training == self._is_training:
            return
        self._is_training = is_training
        if is_training:
            self._timer.stop()
            self._engine.cancel()
            return
        self._factors = load_factors()
        self.changed.emit()
        self._wait()

    def close(self) -> None:
        """End the measurement in hand."""
        self._timer.stop()
        self._engine.close()

    def price(self, trained: frozenset[str]) -> Price | None:
        """What training the layers named ``trained`` costs; None as long as network, pictures or
        speed are not known."""
        known = self._known()
        if known is None:
            return None
        # A tick is told of by the session and by the network; its price is counted once.
        if self._last is None or not _are_same(known, self._last[0]) or trained != self._last[1]:
            facts, project, counts, speed, _ = known
            work = work_of(project, *counts)
            price = price_of(facts, trained, work, speed, self._corrections(project))
            self._last = (known, trained, price)
        return self._last[2]

    def run_price(self) -> RunPrice | None:
        """What all stages of the plan cost together; None as for :meth:`price`."""
        known = self._known()
        if known is None:
            return None
        if self._last_run is None or not _are_same(known, self._last_run[0]):
            facts, project, counts, speed, _ = known
            stages = stages_of(project)
            ticked = self.price(trained_layers(project.network, facts))
            if ticked is not None and stages == (Stage(epochs=project.training.epochs),):
                run = RunPrice(stages, (ticked,))  # the tick was priced already
            else:
                work = work_of(project, *counts)
                corrections = self._corrections(project)
                run = price_of_stages(project, facts, work, speed, corrections)
            self._last_run = (known, run)
        return self._last_run[1]

    def _known(self) -> "_Known | None":
        """All that a price hangs on, as far as it is known."""
        facts, speed, counts = self._network.facts, self._speed, self._counts()
        if facts is None or speed is None or counts is None:
            return None
        return facts, self._session.project, counts, speed, self._factors

    def _corrections(self, project: Project) -> Corrections:
        row = find_network(project.network.base)
        network = row.key if row is not None else project.network.base
        return corrections_for(self._factors, network)

    def fits(self, row: NetworkRow) -> bool | None:
        """Whether ``row`` can be trained here with the plan's batches, its base frozen where it
        begins with something learned; None where that is not known."""
        cost = network_cost(row)
        if cost is None or self._speed is None:
            return None
        batch_size = self._session.project.training.batch_size
        needed = cost.memory_bytes(batch_size, row.is_pretrained)
        return needed <= MEMORY_SHARE * self._speed.memory

    def _counts(self) -> tuple[int, int, int] | None:
        """Pictures to train on, to watch and to test with; counted once for each listing."""
        listing = self._pictures.listing
        if listing is None:
            return None
        if self._counted is None or self._counted[0] is not listing:
            parts = [picture.part for picture in listing.pictures]
            counts = (parts.count("training"), parts.count("validation"), parts.count("test"))
            self._counted = (listing, counts)
        return self._counted[1]

    def _wait(self) -> None:
        needed = self._speed is None and not self._has_failed and not self._is_training
        if self._is_wanted and needed and not self._engine.is_busy:
            self._timer.start(MEASURE_DELAY_MS)

    def _measure(self) -> None:
        if self._network.facts is None:
            return  # the engine has the network in hand; its answer comes back here
        if self._engine.ask(MeasureMachine()):
            self.changed.emit()

    def _on_network_changed(self) -> None:
        self.changed.emit()
        if self._network.facts is not None:
            self._wait()

    def _on_answered(self, event: ClosingEvent) -> None:
        if isinstance(event, MachineMeasured):
            self._speed = event.speed
            with contextlib.suppress(OSError):  # then it is measured again the next time
                save_machine(event.speed)
        elif isinstance(event, WorkFailed):
            self._has_failed = True
        self.changed.emit()


def _are_same(these: tuple[object, ...], those: tuple[object, ...]) -> bool:
    """Whether both hold the very same values, which are never changed."""
    return all(this is that for this, that in zip(these, those, strict=True))
