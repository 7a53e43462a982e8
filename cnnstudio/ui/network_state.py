"""The layers of the chosen network, asked of the engine once for each structure."""

from PySide6.QtCore import QObject, QTimer, Signal

from cnnstudio.project.checks import freezing_problems, problems_of
from cnnstudio.project.files import version_of
from cnnstudio.project.kept_facts import keep_facts, kept_facts
from cnnstudio.project.network import OWN_MODEL, NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.problems import Problem, errors_in
from cnnstudio.project.project import Project
from cnnstudio.protocol import ClosingEvent, DescribeNetwork, NetworkDescribed, WorkFailed
from cnnstudio.ui.one_question import OneQuestion
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.worker.engine_keeper import EngineKeeper

ASK_DELAY_MS = 150

_Question = tuple[DescribeNetwork, tuple[int, ...]]
"""What is asked of the engine, and the stamp of the model file that the answer follows from."""


class NetworkState(QObject):
    """Keeps the facts of the network that the plan describes now."""

    changed = Signal()

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        keeper: EngineKeeper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = pictures
        self._known: dict[_Question, NetworkFacts] = {}
        self._engine = OneQuestion(keeper, self)
        self._engine.answered.connect(self._on_answered)
        self._asked: _Question | None = None
        self._failure: Problem | None = None
        self._failed_for: _Question | None = None
        self._plan: NetworkPlan | None = None
        self._stamp: tuple[int, ...] = ()
        self._wanted = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        session.project_changed.connect(self._on_project_changed)
        pictures.changed.connect(self._on_pictures_changed)

    @property
    def facts(self) -> NetworkFacts | None:
        """The layers, as soon as they are known."""
        return self._known.get(self._question())

    @property
    def num_classes(self) -> int:
        """Classes of the output: those of the pictures, two as long as there are none."""
        return self._pictures.num_classes or 2

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the network chapter."""
        classes = self._pictures.num_classes or None
        found = problems_of(self._session.project, classes)
        if self.facts is not None:
            found += freezing_problems(self._session.project, self.facts)
            found += self.facts.notes
        if self._failure is not None and self._failed_for == self._question():
            found.append(self._failure)
        return found

    def want(self) -> None:
        """Someone looks: ask the engine now and whenever the structure changes."""
        self._wanted = True
        self._plan = None  # a model file may have changed meanwhile
        self._timer.start(0)

    def close(self) -> None:
        """End the question in hand."""
        self._timer.stop()
        self._engine.close()

    def _question(self) -> _Question:
        """What is asked; fields that do not change the structure are left at their defaults."""
        project = self._session.project
        plan = project.network.structure()
        if plan != self._plan:
            self._plan = plan
            self._stamp = version_of(plan.model_file) if plan.base == OWN_MODEL else ()
        return DescribeNetwork(plan, project.pictures.size, self.num_classes), self._stamp

    def _ask(self) -> None:
        question = self._question()
        if self._engine.is_busy or question in self._known or question == self._failed_for:
            return
        if errors_in(problems_of(self._session.project, self._pictures.num_classes or None)):
            return
        command = question[0]
        kept = kept_facts(command.network, command.picture_size, command.num_classes)
        if kept is not None:
            self._known[question] = kept
        else:
            self._asked = question
            self._engine.ask(command)
        self.changed.emit()

    def _on_answered(self, event: ClosingEvent) -> None:
        if isinstance(event, NetworkDescribed) and self._asked is not None:
            self._known[self._asked] = event.facts
            command = self._asked[0]
            keep_facts(command.network, command.picture_size, command.num_classes, event.facts)
        elif isinstance(event, WorkFailed):
            self._failure, self._failed_for = event.problem, self._asked
        self.changed.emit()
        self._ask()

    def _on_project_changed(self, old: Project, new: Project) -> None:
        if old.network != new.network or old.pictures.size != new.pictures.size:
            if self._wanted:
                self._timer.start(ASK_DELAY_MS)
            self.changed.emit()

    def _on_pictures_changed(self) -> None:
        if self._wanted:
            self._timer.start(ASK_DELAY_MS)
        self.changed.emit()
