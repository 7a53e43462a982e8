"""The bar above the freeze tree: what is frozen or trained at once, and the search."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from cnnstudio.project import freezing_choices as choices
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.words import say
from cnnstudio.ui.widgets.basics import button, label
from cnnstudio.ui.widgets.layer_tree_model import WHY_BATCH_NORM_STAYS
from cnnstudio.ui.widgets.search_field import SearchField

Unit = Literal["layers", "blocks"]

_NARROWEST_SEARCH = 96
_WIDEST_SEARCH = 240


class FreezeBar(QWidget):
    """Its controls; who changes the plan listens to its signals."""

    freeze_all_wanted = Signal()
    train_all_wanted = Signal()
    from_here_up_wanted = Signal()
    train_last_wanted = Signal(str, int)
    """The :data:`Unit` and how many."""
    batch_norm_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._facts: NetworkFacts | None = None
        self._plan: NetworkPlan | None = None
        self.freeze_all = button(say("Freeze all"), self.freeze_all_wanted.emit, "tool")
        self.freeze_all.setToolTip(say("Only your head learns; the base keeps what it knows."))
        self.train_all = button(say("Train all"), self.train_all_wanted.emit, "tool")
        self.train_all.setToolTip(
            say("The base learns too: slower, and better with many pictures.")
        )
        self.from_here_up = button(say("From here up"), self.from_here_up_wanted.emit, "tool")
        self.from_here_up.setToolTip(
            say("Trains the selected row and everything behind it, and freezes what lies before.")
        )
        self.search = SearchField(say("Find a layer"))
        self.search.setMinimumWidth(_NARROWEST_SEARCH)
        self.search.setMaximumWidth(_WIDEST_SEARCH)
        self.count = QSpinBox()
        self.count.setObjectName("network.train_last")
        self.count.setKeyboardTracking(False)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.count.setFixedWidth(68)
        self.count.valueChanged.connect(lambda count: self.train_last_wanted.emit(self.unit, count))
        self.units = QComboBox()
        self.units.addItem(say("layers"), "layers")
        self.units.addItem(say("blocks"), "blocks")
        self.units.setAccessibleName(say("Whether layers or blocks are counted"))
        self.units.currentIndexChanged.connect(self._on_unit_chosen)
        self.batch_norm = QCheckBox(say("Batch norm stays frozen"))
        self.batch_norm.setObjectName("network.freeze_batch_norm")
        self.batch_norm.setToolTip(say(WHY_BATCH_NORM_STAYS))
        self.batch_norm.setAccessibleDescription(say(WHY_BATCH_NORM_STAYS))
        self.batch_norm.clicked.connect(lambda kept: self.batch_norm_wanted.emit(kept))
        self._lay_out()

    @property
    def unit(self) -> Unit:
        """What 'train last' counts."""
        chosen: Unit = self.units.currentData()
        return chosen

    def show_network(self, facts: NetworkFacts, plan: NetworkPlan, can_change: bool) -> None:
        """Show how many of the last layers or blocks learn now, and what can be chosen."""
        self._facts, self._plan = facts, plan
        for control in (self.freeze_all, self.train_all, self.count, self.units, self.batch_norm):
            control.setEnabled(can_change)
        if plan.trained_layers is None and plan.train_last != plan.train_last_blocks:
            self._show_unit("blocks" if plan.train_last_blocks else "layers")
        self._show_count()
        self.batch_norm.setVisible(choices.has_batch_norm_to_keep(plan, facts))
        self.batch_norm.setChecked(plan.freeze_batch_norm)

    def show_nothing(self) -> None:
        """There is no network to choose anything for."""
        self._facts = self._plan = None
        controls = (self.freeze_all, self.train_all, self.from_here_up, self.count, self.units)
        for control in (*controls, self.batch_norm):
            control.setEnabled(False)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 10)
        rows.setSpacing(8)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(8)
        second.setSpacing(8)
        first.addWidget(self.freeze_all)
        first.addWidget(self.train_all)
        first.addWidget(self.from_here_up)
        first.addStretch(1)
        first.addWidget(self.search, 100)
        second.addWidget(label(say("Train last")))
        second.addWidget(self.count)
        second.addWidget(self.units)
        second.addStretch(1)
        second.addWidget(self.batch_norm)
        rows.addLayout(first)
        rows.addLayout(second)

    def _show_unit(self, unit: Unit) -> None:
        self.units.blockSignals(True)
        self.units.setCurrentIndex(self.units.findData(unit))
        self.units.blockSignals(False)

    def _show_count(self) -> None:
        if self._facts is None or self._plan is None:
            return
        if self.unit == "layers":
            most = len(self._facts.base_layers)
            now = choices.last_layers_trained(self._plan, self._facts)
            words = say("How many of the base's last layers are trained")
        else:
            most = len(self._facts.base_blocks)
            now = choices.last_blocks_trained(self._plan, self._facts)
            words = say("How many of the base's last blocks are trained")
        self.count.blockSignals(True)
        self.count.setRange(0, most)
        self.count.setValue(now)
        self.count.blockSignals(False)
        self.count.setAccessibleName(words)
        self.count.setToolTip(words)

    def _on_unit_chosen(self) -> None:
        self._show_count()
