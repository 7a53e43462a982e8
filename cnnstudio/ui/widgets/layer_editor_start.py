"""What the editor shows as long as there is no layer: where one can begin."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.widgets.basics import Column, label

CLASSICS: tuple[NetworkRow, ...] = tuple(row for row in NETWORKS if row.built_from == "layers")
CARD_WIDTH = 250
MANY_COLUMNS = 4


class StartCard(QPushButton):
    """A button with a title and what it means."""

    def __init__(self, title: str, sentence: str, figures: str = "") -> None:
        super().__init__()
        self.setProperty("role", "start")
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(14, 10, 14, 10)
        self._body.setSpacing(2)
        heading = label(title, "heading", wrap=True)
        words = label(sentence, wrap=True)
        self._body.addWidget(heading)
        self._body.addWidget(words)
        self._body.addStretch(1)
        if figures:
            self._body.addSpacing(4)
            self._body.addWidget(label(figures, "small", wrap=True))
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._body.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        return QSize(CARD_WIDTH, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))


class LayerStart(Column):
    """Cards of the classics, and one for nothing."""

    start_wanted = Signal(str, str)
    """Key of the row and of the variant."""
    nothing_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=12)
        self.body.setContentsMargins(16, 16, 16, 16)
        self.body.addWidget(label(say("Build a network of your own"), "heading"))
        self.body.addWidget(
            label(
                say(
                    "A network is a list of layers: each is given what the one above it made. "
                    "Start from a classic and change it, or begin with nothing."
                ),
                "quiet",
                wrap=True,
            )
        )
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.nothing = StartCard(
            say("Begin with nothing"), say("An empty list; you insert one layer after the other.")
        )
        self.nothing.clicked.connect(self.nothing_wanted.emit)
        self.cards: dict[str, StartCard] = {}
        for row in CLASSICS:
            card = StartCard(row.title, say(row.sentence), _figures(row))
            card.clicked.connect(lambda *_, row=row: self._start(row))
            self.cards[row.key] = card
        self._columns = 0
        self._arrange()

    def _start(self, row: NetworkRow) -> None:
        """Start from ``row``; ask which way to build it where there are several."""
        if len(row.variants) < 2:
            self.start_wanted.emit(row.key, "")
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action, variant in variant_actions(menu, row):
            action.triggered.connect(lambda *_, key=variant: self.start_wanted.emit(row.key, key))
        card = self.cards[row.key]
        menu.popup(card.mapToGlobal(card.rect().bottomLeft()))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange()

    def _arrange(self) -> None:
        room = self.viewport().width() - 32
        columns = min(MANY_COLUMNS, max(1, (room + 12) // (CARD_WIDTH - 10)))
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate([self.nothing, *self.cards.values()]):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(MANY_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


def variant_actions(menu: QMenu, row: NetworkRow) -> list[tuple[QAction, str]]:
    """An entry in ``menu`` for each way to build ``row``, with its key."""
    found = []
    for variant in row.variants:
        action = menu.addAction(say(variant.title))
        action.setToolTip(say(variant.sentence))
        found.append((action, variant.key))
    menu.setToolTipsVisible(True)
    return found


def _figures(row: NetworkRow) -> str:
    """What else is to be known of it, a few words each."""
    count, ways = len(row.variants[0].layers), len(row.variants)
    words = [say_count("{count} layer", "{count} layers", count)]
    if ways > 1:
        words.append(say_count("{count} variant", "{count} variants", ways))
    if row.year:
        words.append(str(row.year))
    return " · ".join(words)
