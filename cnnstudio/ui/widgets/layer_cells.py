"""How the cells of the freeze tree are painted: the snowflake, and the box that takes no tick."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.layer_nodes import Node, State

_SNOWFLAKE = 13
_GAP = 3
_TEXT_MARGIN = 8

_Index = QModelIndex | QPersistentModelIndex


def _node(index: _Index) -> Node:
    node = index.internalPointer()
    assert isinstance(node, Node)
    return node


class NameDelegate(QStyledItemDelegate):
    """A row's name; behind that of a frozen one a snowflake, however long it is."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._snowflake = QPixmap()
        self._take_colours()
        theme.changed.connect(self._take_colours)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        # The layers of a block begin and end alike.
        option.textElideMode = Qt.TextElideMode.ElideMiddle

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        node = _node(index)
        if node.state is not State.FROZEN:
            super().paint(painter, option, index)
            return
        place = option.rect
        text = QStyleOptionViewItem(option)
        text.rect = place.adjusted(0, 0, -(_SNOWFLAKE + _GAP), 0)
        super().paint(painter, text, index)
        wanted = place.left() + _TEXT_MARGIN + option.fontMetrics.horizontalAdvance(node.title)
        left = min(wanted + _GAP, place.right() - _SNOWFLAKE)
        painter.drawPixmap(left, place.center().y() - _SNOWFLAKE // 2, self._snowflake)

    def _take_colours(self) -> None:
        self._snowflake = self._theme.pixmap("snowflake", _SNOWFLAKE, "frozen")


class TickDelegate(QStyledItemDelegate):
    """The tick; a dotted box for a batch normalisation that stays frozen whatever is ticked."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        node = _node(index)
        if node.tickable or not node.kept:
            return
        box = QStyleOptionViewItem(option)
        self.initStyleOption(box, index)
        box.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        style = option.widget.style() if option.widget is not None else QApplication.style()
        place = style.subElementRect(
            QStyle.SubElement.SE_ItemViewItemCheckIndicator, box, option.widget
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.color("frozen"), 1, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(place).adjusted(2, 2, -2, -2), 3, 3)
        painter.restore()
