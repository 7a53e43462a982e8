"""Memory that will not do, told before anything is begun, with the batch size that fits."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.project.freezing_advice import advice, mended
from cnnstudio.project.network_facts import trained_layers
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.widgets.basics import clear_layout
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.problem_notice import Actions, problem_notice

KINDS = ("memory_short", "memory_never_enough")


class MemoryNotice(QWidget):
    """Hidden where the memory is enough, or not known. The stage that needs most decides."""

    def __init__(self, session: ProjectSession, network: NetworkState, price: PriceState) -> None:
        super().__init__()
        self._session = session
        self._network = network
        self._price = price
        self._is_wanted = True
        self._problem: Problem | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def set_wanted(self, is_wanted: bool) -> None:
        """Whether a training is being prepared; then it is looked at now."""
        self._is_wanted = is_wanted
        self.refresh()

    def refresh(self) -> None:
        """Look again, and say what there is to say."""
        if self._is_wanted:
            self._show(self._found())
        self.setVisible(self._is_wanted and self._problem is not None)

    def _found(self) -> Problem | None:
        project, facts = self._session.project, self._network.facts
        run = self._price.run_price()
        if facts is None or run is None:
            return None
        said = advice(project, facts, trained_layers(project.network, facts), run.heaviest)
        return next((problem for problem in said if problem.kind in KINDS), None)

    def _show(self, problem: Problem | None) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        with focus_kept(self):
            clear_layout(self._box)
            if problem is None:
                return
            actions: Actions = ()
            size = int(problem.values["batch_size"])
            if size and not self._session.folder.read_only:
                actions = ((say("Take batches of {size}", size=size), self._mend),)
            self._box.addWidget(problem_notice(problem, actions))

    def _mend(self) -> None:
        facts = self._network.facts
        if facts is None or self._problem is None:
            return
        changed = mended(self._problem, self._session.project, facts)
        if changed is not None:
            self._session.change(changed)
