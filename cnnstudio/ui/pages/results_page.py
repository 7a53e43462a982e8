"""Results: how often the model is right, and the pictures where it is not."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.project.results import EvaluatedPicture, Evaluation
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.ui.widgets.basics import Card, Column, Notice, Page, button, clear_layout, label
from cnnstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

FEW_PICTURES = 100
MOST_CLASS_ROWS = 30
MOST_GALLERY_ROWS = 30


class ResultsPage(Page):
    """The fifth step."""

    def __init__(self, training: TrainingState, thumbnails: ThumbnailLoader, theme: Theme) -> None:
        super().__init__(say("Results"))
        self._training = training
        self._evaluation: Evaluation | None = None
        self._stack = QStackedWidget()
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch(1)
        text = say("Here you see what the model gets right and wrong, as soon as one is trained.")
        column.addWidget(Notice("note", say("No results yet"), text))
        column.addStretch(3)
        self._stack.addWidget(empty)
        self._stack.addWidget(self._make_full(thumbnails, theme))
        self.body.addWidget(self._stack)
        self.next_button = self.add_main_button(say("Try it →"), self.next_wanted.emit)
        training.runs_changed.connect(self.refresh)
        training.phase_changed.connect(lambda *_: self.refresh())
        self.refresh()

    def _make_full(self, thumbnails: ThumbnailLoader, theme: Theme) -> QWidget:
        whole = QWidget()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(16)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        right = Card(spacing=4)
        right.body.addWidget(label(say("Right answers"), "small"))
        self.accuracy = label("–", "figure")
        right.body.addWidget(self.accuracy)
        self._count = label("", "small", wrap=True)
        right.body.addWidget(self._count)
        right.body.addStretch(1)
        cards.addWidget(right, 2)
        each = Card(spacing=6)
        each.body.addWidget(label(say("Each class"), "small"))
        self._classes = QGridLayout()
        self._classes.setHorizontalSpacing(16)
        self._classes.setVerticalSpacing(4)
        each.body.addLayout(self._classes)
        each.body.addStretch(1)
        cards.addWidget(each, 3)
        outer.addLayout(cards)
        lower = QHBoxLayout()
        lower.setSpacing(16)
        matrix = Card(say("Confusion"))
        self.matrix = ConfusionMatrix(theme)
        self.matrix.cell_chosen.connect(self._on_cell_chosen)
        matrix.body.addWidget(self.matrix, 1)
        matrix.body.addWidget(label(say("Click a cell for its pictures"), "small"))
        lower.addWidget(matrix, 2)
        gallery = Card()
        head = QHBoxLayout()
        self._gallery_title = label("", "heading")
        head.addWidget(self._gallery_title)
        head.addStretch(1)
        self._gallery_count = label("", "small")
        head.addWidget(self._gallery_count)
        self.wrong_button = button(say("All wrong ones"), self._show_wrong, "link")
        head.addWidget(self.wrong_button)
        gallery.body.addLayout(head)
        self.pictures = ThumbnailGrid(thumbnails, theme, rows=MOST_GALLERY_ROWS)
        inside = Column()
        inside.body.addWidget(self.pictures)
        inside.body.addStretch(1)
        gallery.body.addWidget(inside, 1)
        lower.addWidget(gallery, 3)
        outer.addLayout(lower, 1)
        return whole

    def showEvent(self, event: QShowEvent) -> None:
        self._show_newest()

    def refresh(self) -> None:
        """Show the answers of the newest run, now or as soon as someone looks."""
        self.next_button.setEnabled(self._training.latest_run is not None)
        if self.isVisible():
            self._show_newest()

    def _show_newest(self) -> None:
        evaluation = self._training.evaluation()
        self._stack.setCurrentIndex(0 if evaluation is None else 1)
        if evaluation is None:
            self.sentence.setText(say("What the model learned, and where it fails."))
            self._evaluation = None
            return
        if evaluation == self._evaluation:
            return
        self._evaluation = evaluation
        words = say("{pictures} · training of {time}")
        self.sentence.setText(
            words.format(pictures=_part_words(evaluation), time=self._training.run_words())
        )
        self.accuracy.setText(f"{evaluation.accuracy:.1%}")
        words = say_count(
            "{right:,} of {count:,} picture",
            "{right:,} of {count:,} pictures",
            evaluation.count,
            right=evaluation.count - len(evaluation.wrong()),
        )
        if evaluation.count < FEW_PICTURES:
            words += "\n" + say("So few pictures give only a rough idea.")
        self._count.setText(words)
        self._show_classes(evaluation)
        self.matrix.show_evaluation(evaluation)
        self._show_wrong()

    def _show_classes(self, evaluation: Evaluation) -> None:
        clear_layout(self._classes)
        columns = 1 if len(evaluation.classes) <= 4 else 3
        for index, name in enumerate(evaluation.classes[:MOST_CLASS_ROWS]):
            row, column = divmod(index, columns)
            count = sum(evaluation.confusion[index])
            self._classes.addWidget(label(name), row, 3 * column)
            share = evaluation.class_accuracy(index)
            words = f"{share:.0%}" if count else "–"
            self._classes.addWidget(label(words), row, 3 * column + 1)
            pictures = say_count("{count:,} picture", "{count:,} pictures", count)
            self._classes.addWidget(label(pictures, "small"), row, 3 * column + 2)
            self._classes.setColumnStretch(3 * column + 2, 1)

    def _show_wrong(self) -> None:
        if self._evaluation is None:
            return
        wrong = self._evaluation.wrong()
        self.matrix.choose(None)
        title = say("Wrong, most confident first") if wrong else say("Not one was wrong")
        self._show_gallery(title, wrong)
        self.wrong_button.hide()

    def _on_cell_chosen(self, row: int, column: int) -> None:
        evaluation = self._evaluation
        if evaluation is None:
            return
        true, given = evaluation.classes[row], evaluation.classes[column]
        found = [p for p in evaluation.pictures if (p.label, p.predicted) == (true, given)]
        if row == column:
            title = say("{name}, recognised", name=true)
        else:
            title = say("{true} taken for {given}", true=true, given=given)
        self._show_gallery(title, sorted(found, key=lambda p: -max(p.probabilities)))
        self.wrong_button.setVisible(True)

    def _show_gallery(self, title: str, pictures: list[EvaluatedPicture]) -> None:
        self._gallery_title.setText(title)
        count = len(pictures)
        words = say_count("{count:,} picture", "{count:,} pictures", count) if count else ""
        self._gallery_count.setText(words)
        captions = [
            say(
                "{label}, said {predicted}\n{share:.0%} sure",
                label=each.label,
                predicted=each.predicted,
                share=max(each.probabilities),
            )
            for each in pictures
        ]
        self.pictures.show_pictures([each.file for each in pictures], captions)


def _part_words(evaluation: Evaluation) -> str:
    """On which pictures the figures stand."""
    if evaluation.part == "test":
        return say_count(
            "{count:,} test picture the model never saw",
            "{count:,} test pictures the model never saw",
            evaluation.count,
        )
    return say_count(
        "{count:,} validation picture: not learned from, but used to choose the best epoch",
        "{count:,} validation pictures: not learned from, but used to choose the best epoch",
        evaluation.count,
    )
