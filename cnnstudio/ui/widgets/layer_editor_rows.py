"""How the rows of the list of layers are painted, and where their links are."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnnstudio.project.layer_formulas import Formula
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_editor_looks import ICONS, kind_and_settings, shape_words
from cnnstudio.ui.widgets.layer_editor_model import ROW_ROLE, LayerRow

HEIGHT = 46
TEXT_LEFT = 44
EDGE = 12
_GAP = 8
_ICON = 20
_BAR = 3
_LINK_GAP = 18
_WIDE = 640

_Index = QModelIndex | QPersistentModelIndex
_VCENTER = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Columns:
    """Where the columns are in a row of a width: output's left and width, parameters' too."""

    text_width: int
    shape_left: int
    shape_width: int
    cost_left: int
    cost_width: int


def columns_of(width: int) -> Columns:
    """The columns for rows that are ``width`` pixels wide."""
    cost = 190 if width >= _WIDE else 140
    shape = 150 if width >= _WIDE else 118
    cost_left = width - EDGE - cost
    shape_left = cost_left - _GAP - shape
    return Columns(shape_left - _GAP - TEXT_LEFT, shape_left, shape, cost_left, cost)


class LayerRows(QStyledItemDelegate):
    """Paints rows. ``remedy_wanted``: a link was clicked (place of the row, number of the link)."""

    remedy_wanted = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.can_change = True

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: LayerRow = index.data(ROW_ROLE)
        width = option.rect.width()
        view = option.widget
        if view is not None:
            width = view.viewport().width()  # type: ignore[attr-defined]
        below = self._notice_height(row, width, option.font) if row.problem is not None else 0
        return QSize(0, HEIGHT + below)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: LayerRow = index.data(ROW_ROLE)
        area = option.rect
        painter.save()
        self._paint_ground(painter, option, row)
        problem = row.problem
        tone = problem.severity if problem is not None else ""
        waits = row.shape.is_waiting
        icon = self._theme.pixmap(ICONS[type(row.layer)], _ICON, "quiet" if waits else "text")
        top = area.top() + (HEIGHT - _ICON) // 2
        painter.drawPixmap(area.left() + EDGE, top, icon)
        columns = columns_of(area.width())
        upper = QRect(area.left() + TEXT_LEFT, area.top() + 5, columns.text_width, 18)
        lower = upper.translated(0, 18)
        name_font = QFont(option.font)
        name_font.setWeight(QFont.Weight.DemiBold)
        self._write(painter, upper, row.layer.name, name_font, "quiet" if waits else "text")
        small = small_font(option.font)
        self._write(painter, lower, kind_and_settings(row.layer), small, "quiet")
        self._paint_shape(painter, option, row, columns)
        self._paint_cost(painter, option, row, columns)
        if problem is not None:
            self._paint_notice(painter, option, row, tone)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            number = self.link_at(event.position().toPoint(), option, index)
            if number >= 0:
                self.remedy_wanted.emit(index.row(), number)
                return True
        return super().editorEvent(event, model, option, index)

    def link_at(self, point: QPoint, option: QStyleOptionViewItem, index: _Index) -> int:
        """Number of the remedy whose link is at ``point``; -1 where there is none."""
        row: LayerRow = index.data(ROW_ROLE)
        links = self.links(row, option.rect, option.font)
        found = (number for number, area in enumerate(links) if area.contains(point))
        return next(found, -1)

    def links(self, row: LayerRow, area: QRect, font: QFont) -> list[QRect]:
        """Where the links of the row's remedies are, for a row painted into ``area``."""
        if row.problem is None or not self.can_change:
            return []
        metrics = QFontMetrics(_bold(font))
        message, remedy = self._paragraphs(row, area.width(), font)
        left, top = area.left() + TEXT_LEFT, area.top() + HEIGHT + message + remedy + 2
        found: list[QRect] = []
        for each in row.remedies:
            width = metrics.horizontalAdvance(say(each.title))
            if found and left + width > area.right() - EDGE:
                left, top = area.left() + TEXT_LEFT, top + metrics.height() + 6
            found.append(QRect(left, top, width, metrics.height() + 4))
            left += width + _LINK_GAP
        return found

    def _paragraphs(self, row: LayerRow, width: int, font: QFont) -> tuple[int, int]:
        """Heights of the problem's two sentences."""
        assert row.problem is not None
        room = QRect(0, 0, width - TEXT_LEFT - EDGE, 1000)
        wrap = Qt.TextFlag.TextWordWrap
        message = QFontMetrics(_bold(font)).boundingRect(room, wrap, _unbroken(row.problem.message))
        remedy = QFontMetrics(font).boundingRect(room, wrap, _unbroken(row.problem.remedy))
        return message.height(), remedy.height()

    def _notice_height(self, row: LayerRow, width: int, font: QFont) -> int:
        links = self.links(row, QRect(0, 0, width, HEIGHT), font)
        if links:
            return links[-1].bottom() + 1 + 8 - HEIGHT
        return sum(self._paragraphs(row, width, font)) + 10

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, row: LayerRow) -> None:
        area = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if row.problem is not None:
            painter.fillRect(area, self._theme.color(_soft(row.problem.severity)))
            bar = QRect(area.left(), area.top(), _BAR, area.height())
            painter.fillRect(bar, self._theme.color(_tone(row.problem.severity)))
        elif selected:
            painter.fillRect(area, self._theme.color("accent_soft"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self._theme.color("hover"))
        painter.setPen(self._theme.color("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if not selected:
            return
        has_focus = option.state & QStyle.StateFlag.State_HasFocus
        painter.setPen(QPen(self._theme.color("accent"), 2 if has_focus else 1))
        painter.drawRect(area.adjusted(1, 1, -2, -2))

    def _paint_shape(
        self, painter: QPainter, option: QStyleOptionViewItem, row: LayerRow, columns: Columns
    ) -> None:
        area = option.rect
        left = area.left() + columns.shape_left
        upper = QRect(left, area.top() + 5, columns.shape_width, 18)
        lower = upper.translated(0, 18)
        small = small_font(option.font)
        if row.shape.output_shape is not None:
            words = shape_words(row.shape.output_shape)
            self._write(painter, upper, words, option.font, "text")
            self._write(painter, lower, _numbers(row.shape.size), small, "quiet")
            return
        is_waiting = row.shape.is_waiting
        icon, token = ("waiting", "quiet") if is_waiting else ("warning", "error")
        words = say("waits") if is_waiting else say("does not fit")
        painter.drawPixmap(left, area.top() + 15, self._theme.pixmap(icon, 16, token))
        middle = QRect(left + 22, area.top(), columns.shape_width - 22, HEIGHT)
        self._write(painter, middle, words, option.font, token)

    def _paint_cost(
        self, painter: QPainter, option: QStyleOptionViewItem, row: LayerRow, columns: Columns
    ) -> None:
        if row.shape.output_shape is None:
            return
        area = option.rect
        left = area.left() + columns.cost_left
        right = Qt.AlignmentFlag.AlignRight
        upper = QRect(left, area.top() + 5, columns.cost_width, 18)
        lower = upper.translated(0, 18)
        token = "text" if row.shape.parameters else "quiet"
        self._write(painter, upper, f"{row.shape.parameters:,}", option.font, token, right)
        words = _numbers(row.shape.cost)
        self._write(painter, lower, words, small_font(option.font), "quiet", right)
        length = round(columns.cost_width * row.share)
        if length:
            bar = QRect(lower.right() + 1 - length, area.top() + HEIGHT - 5, length, 2)
            painter.fillRect(bar, self._theme.color("accent"))

    def _paint_notice(
        self, painter: QPainter, option: QStyleOptionViewItem, row: LayerRow, tone: str
    ) -> None:
        assert row.problem is not None
        area, font = option.rect, option.font
        message, remedy = self._paragraphs(row, area.width(), font)
        room = QRect(
            area.left() + TEXT_LEFT, area.top() + HEIGHT, area.width() - TEXT_LEFT - EDGE, message
        )
        icon = self._theme.pixmap("warning", 16, _tone(tone))
        painter.drawPixmap(area.left() + EDGE + 2, room.top(), icon)
        wrap = Qt.TextFlag.TextWordWrap
        painter.setFont(_bold(font))
        painter.setPen(self._theme.color(_tone(tone)))
        painter.drawText(room, wrap, _unbroken(row.problem.message))
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        below = room.translated(0, message).adjusted(0, 0, 0, remedy)
        painter.drawText(below, wrap, _unbroken(row.problem.remedy))
        painter.setFont(_bold(font))
        painter.setPen(self._theme.color("accent"))
        for each, link in zip(row.remedies, self.links(row, area, font), strict=False):
            painter.drawText(link, _VCENTER, say(each.title))

    def _write(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        font: QFont,
        token: str,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """One line; where there is no room it is written closer, and then cut with dots."""
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        metrics = QFontMetrics(font)
        if metrics.horizontalAdvance(text) > area.width():
            text = text.replace(" × ", "×")
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, alignment | _VCENTER, cut)


def small_font(font: QFont) -> QFont:
    """The font of second lines."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * 0.88)
    return made


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _unbroken(sentence: str) -> str:
    """``sentence`` whose sizes, such as 10 × 10, stay on one line."""
    return sentence.replace(" × ", "\u00a0×\u00a0")


def _numbers(formula: Formula | None) -> str:
    return formula.numbers if formula is not None else ""


def _tone(severity: str) -> str:
    return "error" if severity == "error" else "warning"


def _soft(severity: str) -> str:
    return f"{_tone(severity)}_soft"
