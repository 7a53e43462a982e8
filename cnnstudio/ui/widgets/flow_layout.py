"""Widgets in a row that goes on in the next line where there is no room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Keeps the order; each line is as high as its highest widget."""

    def __init__(
        self, parent: QWidget | None = None, across: int = 12, down: int = 8, centred: bool = False
    ) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._across = across
        self._down = down
        self._centred = centred
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), only_measured=True)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._place(area, only_measured=False)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self._across * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, area: QRect, only_measured: bool) -> int:
        """Place everything into ``area``; the height that was needed."""
        top = area.top()
        for line in self._lines(area.width()):
            sizes = [self._size(item, area.width()) for item in line]
            height = max(size.height() for size in sizes)
            left = area.left()
            if self._centred:
                needed = sum(size.width() for size in sizes) + self._across * (len(sizes) - 1)
                left += max(0, (area.width() - needed) // 2)
            for item, size in zip(line, sizes, strict=True):
                if not only_measured:
                    offset = (height - size.height()) // 2 if self._centred else 0
                    item.setGeometry(QRect(QPoint(left, top + offset), size))
                left += size.width() + self._across
            top += height + self._down
        return max(0, top - self._down - area.top())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            wanted = self._size(item, width).width()
            if not lines or left + wanted > width:
                lines.append([])
                left = 0
            lines[-1].append(item)
            left += wanted + self._across
        return lines

    @staticmethod
    def _size(item: QLayoutItem, most: int) -> QSize:
        size = item.sizeHint().expandedTo(item.minimumSize())
        if size.width() > most:
            size.setWidth(max(item.minimumSize().width(), most))
        if item.hasHeightForWidth():
            size.setHeight(item.heightForWidth(size.width()))
        return size
