"""The cards of the network gallery: what stands on them, and how they are painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPolygonF, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnnstudio.project.network_costs import network_cost
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme

CARD_HEIGHT = 184
_MARGIN = 8
_INSIDE = 14
_BAND = 50
_LINES = 3

_Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class CardFacts:
    """What is known on this PC of a network, beside its row.

    ``fits``: whether training it fits this PC's memory and patience; None while that is not
    known. ``has_weights``: None where it needs none.
    """

    fits: bool | None = None
    has_weights: bool | None = None


def figures_of(row: NetworkRow) -> str:
    """Parameters and accuracy in a few words; nothing for what a person makes."""
    words = []
    cost = network_cost(row)
    parameters = row.published.parameters if row.published else cost.parameters if cost else 0
    if parameters:
        words.append(count_words(parameters))
    if row.published is not None and row.published.megabytes is not None:
        words.append(f"{row.published.megabytes:g} MB")
    if row.published is not None and row.published.top_1 is not None:
        words.append(f"{row.published.top_1:.1%}")
    return " · ".join(words)


def count_words(count: int) -> str:
    """A number of parameters as people say it."""
    if count >= 10**6:
        digits = 0 if count >= 10**8 else 1
        return say("{millions} million", millions=f"{count / 10**6:.{digits}f}")
    return f"{count:,}"


class NetworkCards(QAbstractListModel):
    """The rows of the table as a list that a view can show."""

    def __init__(
        self,
        rows: Sequence[NetworkRow],
        facts: Callable[[NetworkRow], CardFacts],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = list(rows)
        self._facts = facts
        self.chosen = ""

    def show_rows(self, rows: Sequence[NetworkRow]) -> None:
        """Show others, for example those that a filter leaves."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def place_of(self, key: str) -> QModelIndex:
        """Where the network called ``key`` stands; invalid where it is not shown."""
        keys = [row.key for row in self._rows]
        return self.index(keys.index(key)) if key in keys else QModelIndex()

    def row_at(self, index: _Index) -> NetworkRow | None:
        """The network that stands there."""
        return self._rows[index.row()] if index.isValid() else None

    def facts_of(self, row: NetworkRow) -> CardFacts:
        """What is known of it on this PC."""
        return self._facts(row)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole:
                return say(row.sentence)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None

    def _spoken(self, row: NetworkRow) -> str:
        facts = self._facts(row)
        words = [row.title, say(row.sentence), figures_of(row), *sign_words(facts)]
        if row.key == self.chosen:
            words.append(say("in use"))
        return ", ".join(word for word in words if word)


def sign_words(facts: CardFacts) -> list[str]:
    """The signs of a card in words."""
    words = []
    if facts.has_weights is not None:
        words.append(say("weights are here") if facts.has_weights else say("weights not here yet"))
    if facts.fits is not None:
        words.append(say("fits this PC") if facts.fits else say("too large for this PC"))
    return words


class NetworkCardPainter(QStyledItemDelegate):
    """Paints a card: a silhouette of the network, its name, what it is, figures and signs."""

    def __init__(self, theme: Theme, cards: NetworkCards, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cards = cards
        self.card_width = 240

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self.card_width, CARD_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._cards.row_at(index)
        if row is None:
            return
        place: QRect = option.rect.adjusted(0, 0, -_MARGIN, -_MARGIN)
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = "accent" if is_selected else "line"
        if bool(state & QStyle.StateFlag.State_MouseOver) and not is_selected:
            line = "control_line"
        painter.setPen(QPen(self._theme.color(line), 2 if is_selected else 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 8, 8)
        inner = place.adjusted(_INSIDE, 12, -_INSIDE, -12)
        band = QRect(inner.left(), inner.top(), inner.width(), _BAND)
        self._paint_silhouette(painter, band, row)
        self._paint_words(painter, inner.adjusted(0, _BAND + 8, 0, 0), row, option.font)
        painter.restore()

    def _paint_silhouette(self, painter: QPainter, band: QRect, row: NetworkRow) -> None:
        """Its maps as slabs: as high as they are large, as wide as they are many."""
        cost = network_cost(row)
        painter.setPen(QPen(self._theme.color("accent"), 1.2))
        painter.setBrush(self._theme.color("accent_soft"))
        if cost is None or not cost.stages:
            icon = self._theme.pixmap("plus" if row.built_from == "own_layers" else "folder", 28)
            painter.drawPixmap(band.left(), band.center().y() - 14, icon)
            return
        largest = max(side for side, _ in cost.stages)
        left = float(band.left())
        for side, channels in cost.stages:
            height = max(4.0, (_BAND - 10) * (side / largest) ** 0.5)
            width = min(44.0, 3.0 + channels**0.5 * 0.9)
            if left + width + 8 > band.right():
                break
            top = band.top() + 8 + (_BAND - 10 - height) / 2
            lean = min(8.0, height / 4)
            front = QRectF(left, top, width, height)
            roof = [(0, 0), (lean, -lean), (width + lean, -lean), (width, 0)]
            flank = [(width, 0), (width + lean, -lean), (width + lean, height - lean)]
            painter.drawPolygon(QPolygonF([QPointF(left + x, top + y) for x, y in roof]))
            painter.drawPolygon(
                QPolygonF([QPointF(left + x, top + y) for x, y in [*flank, (width, height)]])
            )
            painter.drawRect(front)
            left += width + 11

    def _paint_chip(self, painter: QPainter, line: QRect, words: str) -> int:
        """A chip at the right end of ``line``; its width."""
        font = QFont(painter.font())
        font.setPointSizeF(8.5)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(words) + 16
        height = metrics.height() + 4
        top = line.center().y() - height / 2
        chip = QRectF(line.right() + 1 - width, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("good_soft"))
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        painter.setPen(self._theme.color("good"))
        painter.setFont(font)
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), words)
        return width + 6

    def _paint_words(self, painter: QPainter, place: QRect, row: NetworkRow, font: QFont) -> None:
        bold = QFont(font)
        bold.setPointSizeF(10.5)
        bold.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(bold)
        room = place.width()
        if row.key == self._cards.chosen:
            line = QRect(place.left(), place.top(), place.width(), metrics.height())
            room -= self._paint_chip(painter, line, say("in use"))
        painter.setFont(bold)
        painter.setPen(self._theme.color("text"))
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(place.left(), place.top() + metrics.ascent(), title)
        small = QFont(font)
        small.setPointSizeF(9)
        painter.setFont(small)
        painter.setPen(self._theme.color("quiet"))
        top = place.top() + metrics.height() + 2
        _draw_lines(painter, say(row.sentence), QRect(place.left(), top, place.width(), 0), _LINES)
        self._paint_foot(painter, place, row, small)

    def _paint_foot(self, painter: QPainter, place: QRect, row: NetworkRow, font: QFont) -> None:
        """The figures at the left, the signs at the right, on the last line."""
        metrics = QFontMetrics(font)
        base = place.bottom() + 1 - metrics.descent()
        right = place.right() + 1
        facts = self._cards.facts_of(row)
        if facts.fits is False:
            right -= 16
            painter.drawPixmap(right, base - 12, self._theme.pixmap("warning", 15, "warning"))
            right -= 4
        if facts.has_weights:
            right -= 16
            painter.drawPixmap(right, base - 12, self._theme.pixmap("check", 15, "good"))
        painter.setPen(self._theme.color("text"))
        words = metrics.elidedText(
            figures_of(row), Qt.TextElideMode.ElideRight, right - 6 - place.left()
        )
        painter.drawText(place.left(), base, words)


def _draw_lines(painter: QPainter, text: str, place: QRect, most: int) -> None:
    """``text`` broken into at most ``most`` lines, the last one cut with dots."""
    layout = QTextLayout(text, painter.font())
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    metrics = QFontMetrics(painter.font())
    layout.beginLayout()
    top = place.top()
    for number in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(place.width())
        begin, length = line.textStart(), line.textLength()
        piece = text[begin : begin + length].rstrip()
        if number == most - 1:
            rest = text[begin:]
            piece = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place.left(), top + metrics.ascent(), piece)
        top += metrics.lineSpacing()
    layout.endLayout()
