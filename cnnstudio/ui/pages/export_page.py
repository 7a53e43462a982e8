"""Export: the model as a file that anyone can load."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout

from cnnstudio.project.example_code import example_code
from cnnstudio.project.words import say
from cnnstudio.protocol import WorkFailed, WorkStopped
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import Card, Column, Notice, Page, button, clear_layout, label
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.export_job import ExportJob
from cnnstudio.worker.exporting import ExportedModel


class ExportPage(Page):
    """The last step."""

    def __init__(
        self,
        session: ProjectSession,
        training: TrainingState,
        keeper: EngineKeeper,
        theme: Theme,
        asking: Asking,
    ) -> None:
        super().__init__(
            say("Export"), say("One file that holds everything: layers, weights, class names.")
        )
        self._session = session
        self._training = training
        self._keeper = keeper
        self._asking = asking
        self._job: ExportJob | None = None
        self._exported: ExportedModel | None = None
        left = Column()
        left.body.addWidget(self._make_card())
        left.body.addWidget(self._make_example())
        left.body.addStretch(1)
        self.body.addWidget(left)
        self.export_button = self.add_main_button(say("Export the model…"), self._export)
        session.project_changed.connect(lambda *_: self._on_changed())
        training.runs_changed.connect(self._on_changed)
        self.refresh()

    def _make_card(self) -> Card:
        card = Card(say("Keras model (.keras)"), spacing=12)
        text = say(
            "Loads with plain Keras on any computer, takes RGB pictures from 0 to 255 and prepares "
            "them itself. After writing, it is loaded in a fresh process and must give the same "
            "answers as here."
        )
        card.body.addWidget(label(text, "quiet", wrap=True))
        self._facts = label("", wrap=True)
        card.body.addWidget(self._facts)
        self.form = FieldForm(
            ("export.model",), lambda: self._session.project, self._session.change
        )
        self.form.setMaximumWidth(420)
        card.body.addWidget(self.form)
        self._busy_words = label("", "quiet")
        card.body.addWidget(self._busy_words)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        card.body.addWidget(self._busy)
        self._notices = QVBoxLayout()
        card.body.addLayout(self._notices)
        return card

    def _make_example(self) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.addWidget(label(say("How to use it in Python"), "heading"))
        head.addStretch(1)
        head.addWidget(button(say("Copy"), lambda: self._asking.copy(self._example.text()), "link"))
        card.body.addLayout(head)
        self._example = label("", "code")
        card.body.addWidget(self._example)
        return card

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()

    def _on_changed(self) -> None:
        if self.isVisible():  # else when someone looks
            self.refresh()

    def refresh(self) -> None:
        """Show what can be exported."""
        run = self._training.latest_run
        busy = self._job is not None
        self.form.refresh()
        self.form.setEnabled(run is not None and not self._session.folder.read_only)
        self.export_button.setEnabled(run is not None and not busy)
        self._busy.setVisible(busy)
        self._busy_words.setVisible(busy)
        self._busy_words.setText(say("Writing the file, then checking it in a fresh process…"))
        plan = self._session.project.pictures
        if run is None:
            self._facts.setText(say("There is no model yet: train one first."))
        else:
            plan = run.read_project().pictures
            classes = ", ".join(run.read_status().classes)
            words = say(
                "Tells apart: {classes}. Takes {size} × {size} pixels. Of the training of {time}.",
                classes=classes,
                size=plan.size,
                time=self._training.run_words(),
            )
            self._facts.setText(words)
        name = self._exported.file.name if self._exported else f"{self._file_stem}.keras"
        self._example.setText(example_code(name, plan.size, plan.fit))
        self.hint.setText("")

    @property
    def _file_stem(self) -> str:
        name = self._session.project.name or "model"
        kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip()
        return kept.lower().replace(" ", "-") or "model"

    def close_jobs(self) -> None:
        """End the export in hand."""
        if self._job is not None:
            self._job.wait(30_000)
            self._job = None

    def _export(self) -> None:
        run = self._training.latest_run
        if run is None or self._job is not None:
            return
        suggested = self._session.folder.path / f"{self._file_stem}.keras"
        kind = f"{say('Keras model')} (*.keras)"
        file = self._asking.file_to_write(self, say("Export the model"), suggested, kind)
        if not file:
            return
        to = Path(file) if file.endswith(".keras") else Path(f"{file}.keras")
        clear_layout(self._notices)
        self._job = ExportJob(self._keeper, run, self._session.project.export.model, to, self)
        self._job.ended.connect(self._on_ended)
        self._job.start()
        self.refresh()

    def _on_ended(self, outcome: ExportedModel | WorkFailed | WorkStopped) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.finished.connect(job.deleteLater)
        if isinstance(outcome, WorkFailed):
            details = outcome.details
            actions = (
                ((say("Copy details"), lambda: self._asking.copy(details)),) if details else ()
            )
            self._notices.addWidget(problem_notice(outcome.problem, actions))
        elif isinstance(outcome, ExportedModel):
            self._exported = outcome
            text = say(
                "{path} ({megabytes:.1f} MB)\nLoaded in a fresh process with plain Keras, it gives "
                "the same answers as here (largest difference: {difference:.0e}).",
                path=str(outcome.file),
                megabytes=outcome.megabytes,
                difference=outcome.difference,
            )
            folder = QUrl.fromLocalFile(str(outcome.file.parent))
            show = (say("Show the folder"), lambda: QDesktopServices.openUrl(folder))
            self._notices.addWidget(Notice("good", say("The model is exported"), text, (show,)))
        self.refresh()
