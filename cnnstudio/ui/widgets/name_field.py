"""A name that is changed where it stands."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from cnnstudio.ui.dialogs.asking import tidy_name
from cnnstudio.ui.widgets.basics import ElidedLabel

MOST_LETTERS = 80


class NameField(QWidget):
    """Shows a name; after a double click or :meth:`edit` it is typed anew.

    Enter or a click elsewhere takes the new name, Escape keeps the old one.
    """

    renamed = Signal(str)

    def __init__(self, name: str, accessible_name: str, role: str = "heading") -> None:
        super().__init__()
        self.name = name
        self.is_allowed = True
        self._shown = ElidedLabel(name, role)
        self._line = QLineEdit()
        self._line.setMaxLength(MOST_LETTERS)
        self._line.setAccessibleName(accessible_name)
        self._line.installEventFilter(self)
        self._line.editingFinished.connect(self._on_editing_finished)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._shown)
        row.addWidget(self._line)
        self._line.setMinimumWidth(110)
        self._line.hide()
        self.setFixedHeight(self._line.sizeHint().height())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def is_editing(self) -> bool:
        """Whether the name is being typed."""
        return self._line.isVisibleTo(self)

    def edit(self) -> None:
        """Let the name be typed."""
        if not self.is_allowed or self.is_editing:
            return
        self._line.setText(self.name)
        self._line.selectAll()
        self._shown.hide()
        self._line.show()
        self._line.setFocus()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self._line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._show()
            return True
        return super().eventFilter(watched, event)

    def _on_editing_finished(self) -> None:
        if not self.is_editing:
            return
        name = tidy_name(self._line.text())
        self._show()
        if name and name != self.name:
            self.renamed.emit(name)

    def _show(self) -> None:
        self._line.hide()
        self._shown.show()
