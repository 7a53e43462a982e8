"""One dense layer of the head: units, activation, batch normalisation, dropout, away with it."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_kinds import ACTIVATIONS
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import label
from cnnstudio.ui.widgets.field_form import CalmComboBox, CalmSpinBox, ShareSpinBox

_MOST_UNITS = 8192


class DenseRow(QWidget):
    """Shows a :class:`DenseLayer` and hands every change on as a whole new one."""

    def __init__(
        self,
        number: int,
        layer: DenseLayer,
        theme: Theme,
        on_change: Callable[[DenseLayer], None],
        on_remove: Callable[[], None],
    ) -> None:
        super().__init__()
        self._layer = layer
        self._on_change = on_change
        name = say("Dense {number}", number=number)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        self.units = self._make_units(name)
        self.activation = self._make_activation(name)
        self.batch_norm = QCheckBox(say("Batch norm"))
        self.batch_norm.setAccessibleName(say("{layer}: batch normalisation", layer=name))
        self.batch_norm.setToolTip(
            say("Brings the numbers of a batch to one scale before the activation.")
        )
        self.batch_norm.toggled.connect(lambda on: self._change(batch_norm=on))
        self.dropout = self._make_dropout(name)
        remove = QToolButton()
        remove.setIcon(theme.icon("close", "quiet"))
        remove.setToolTip(say("Remove this layer"))
        remove.setAccessibleName(say("Remove {layer}", layer=name))
        remove.clicked.connect(lambda *_: on_remove())
        words = label(name)
        words.setBuddy(self.units)
        grid.addWidget(words, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.units)
        row.addWidget(self.activation, 1)
        row.addWidget(remove)
        grid.addLayout(row, 0, 1)
        second = QHBoxLayout()
        second.setSpacing(6)
        second.addWidget(self.batch_norm)
        second.addStretch(1)
        second.addWidget(label(say("Dropout"), "small"))
        second.addWidget(self.dropout)
        grid.addLayout(second, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        self.show_layer(layer)

    def show_layer(self, layer: DenseLayer) -> None:
        """Show ``layer`` without reporting it as a change."""
        self._layer = layer
        with (
            QSignalBlocker(self.units),
            QSignalBlocker(self.activation),
            QSignalBlocker(self.batch_norm),
            QSignalBlocker(self.dropout),
        ):
            self.units.setValue(layer.units)
            self.activation.setCurrentText(layer.activation)
            self.batch_norm.setChecked(layer.batch_norm)
            self.dropout.setValue(layer.dropout)

    def _make_units(self, name: str) -> QSpinBox:
        box = CalmSpinBox()
        box.setRange(1, _MOST_UNITS)
        box.setSingleStep(64)
        box.setKeyboardTracking(False)
        box.setFixedWidth(78)
        box.setAccessibleName(say("{layer}: units", layer=name))
        box.setToolTip(say("How many numbers the layer gives."))
        box.valueChanged.connect(lambda *_: self._change(units=box.value()))
        return box

    def _make_activation(self, name: str) -> QComboBox:
        box = CalmComboBox()
        box.addItems(list(ACTIVATIONS))
        box.setMinimumContentsLength(4)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.setAccessibleName(say("{layer}: activation", layer=name))
        box.setToolTip(say("The curve that each number goes through."))
        box.currentTextChanged.connect(lambda text: self._change(activation=text))
        return box

    def _make_dropout(self, name: str) -> QDoubleSpinBox:
        box = ShareSpinBox()
        box.setRange(0, 0.9)
        box.setSingleStep(0.1)
        box.setDecimals(3)
        box.setKeyboardTracking(False)
        box.setFixedWidth(78)
        box.setAccessibleName(say("{layer}: dropout", layer=name))
        box.setToolTip(say("Share of the numbers that is left out at each step."))
        box.valueChanged.connect(lambda *_: self._change(dropout=round(box.value(), 4)))
        return box

    def _change(self, **update: object) -> None:
        self._layer = self._layer.model_copy(update=update)
        self._on_change(self._layer)
