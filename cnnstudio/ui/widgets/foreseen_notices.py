"""What is foreseen before a training begins: memory that will not do, weights that are not here."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.project.freezing_advice import advice, mended
from cnnstudio.project.network_facts import trained_layers
from cnnstudio.project.network_table import find_network
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.weights_places import weights_here
from cnnstudio.project.words import say
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.widgets.basics import Notice, clear_layout
from cnnstudio.ui.widgets.kept_focus import focus_kept
from cnnstudio.ui.widgets.problem_notice import Actions, problem_notice

MEMORY_KINDS = ("memory_short", "memory_never_enough")


class ForeseenNotices(QWidget):
    """Hidden where nothing stands against it, or nothing is known. The stage that needs most memory
    decides; missing weights are only told, as starting asks what to do about them."""

    def __init__(self, session: ProjectSession, network: NetworkState, price: PriceState) -> None:
        super().__init__()
        self._session = session
        self._network = network
        self._price = price
        self._is_wanted = True
        self._looked: tuple[object, ...] = ()
        self._missing = ""
        self._shown: tuple[Problem | None, str] = (None, "")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.hide()

    def set_wanted(self, is_wanted: bool) -> None:
        """Whether a training is being prepared; then it is looked at now."""
        self._is_wanted = is_wanted
        self.refresh()

    def look_again(self) -> None:
        """Files may have come or gone meanwhile."""
        self._looked = ()
        self.refresh()

    def refresh(self) -> None:
        """Look again at what has changed, and say what there is to say."""
        if self._is_wanted:
            self._look_for_weights(self._session.project)
            self._show(self._memory_problem(), self._missing)
        self.setVisible(self._is_wanted and self._shown != (None, ""))

    def _look_for_weights(self, project: Project) -> None:
        """Whose weights are missing, if any."""
        network = project.network
        looked = (network.base, network.width, network.weights, project.pictures.size)
        if looked == self._looked:
            return
        self._looked = looked
        row = find_network(network.base)
        self._missing = ""
        if row is None or row.weights is None or network.weights != "imagenet":
            return
        if weights_here(row, network.width, project.pictures.size) is None:
            self._missing = row.title

    def _memory_problem(self) -> Problem | None:
        project, facts = self._session.project, self._network.facts
        run = self._price.run_price()
        if facts is None or run is None:
            return None
        said = advice(project, facts, trained_layers(project.network, facts), run.heaviest)
        return next((problem for problem in said if problem.kind in MEMORY_KINDS), None)

    def _show(self, memory: Problem | None, missing: str) -> None:
        if (memory, missing) == self._shown:
            return
        self._shown = (memory, missing)
        with focus_kept(self):
            clear_layout(self._box)
            if memory is not None:
                actions: Actions = ()
                size = int(memory.values["batch_size"])
                if size and not self._session.folder.read_only:
                    actions = ((say("Take batches of {size}", size=size), self._mend),)
                self._box.addWidget(problem_notice(memory, actions))
            if missing:
                title = say("The weights of {network} are not on this computer", network=missing)
                text = say("Starting asks what to do; nothing is downloaded before that.")
                self._box.addWidget(Notice("note", title, text))

    def _mend(self) -> None:
        facts, memory = self._network.facts, self._shown[0]
        if facts is None or memory is None:
            return
        changed = mended(memory, self._session.project, facts)
        if changed is not None:
            self._session.change(changed)
