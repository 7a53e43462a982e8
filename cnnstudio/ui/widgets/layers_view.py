"""The freeze tree with its bar: every way to say which layers learn is one change of the plan."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.project import freezing_choices as choices
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import (
    NetworkFacts,
    begins_pretrained,
    keeps_batch_norm,
    trained_layers,
)
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import label
from cnnstudio.ui.widgets.freeze_bar import FreezeBar
from cnnstudio.ui.widgets.freeze_tree import FreezeTree
from cnnstudio.ui.widgets.layer_nodes import Node


class LayersView(QWidget):
    """Shows a network and its plan; ``plan_changed`` carries the plan that the person wants."""

    plan_changed = Signal(object)
    layer_selected = Signal(str)
    """The layer where the keyboard is; of a stage or block its first one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._facts: NetworkFacts | None = None
        self._plan = NetworkPlan()
        self._class_names: tuple[str, ...] = ()
        self._can_change = False
        self._place = 0
        self._is_showing = False
        self.bar = FreezeBar()
        self.tree = FreezeTree(theme)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._message = label("", "quiet", wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._busy = QProgressBar()
        self._stack = QStackedWidget()
        self._stack.setProperty("role", "plain")
        self._stack.addWidget(self._make_waiting())
        self._stack.addWidget(self.tree)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.bar)
        body.addWidget(self._stack, 1)
        self._connect()
        self.show_nothing("", False)

    def show_network(
        self,
        facts: NetworkFacts,
        plan: NetworkPlan,
        class_names: tuple[str, ...],
        can_change: bool,
    ) -> None:
        """Show ``facts`` as ``plan`` trains them; ``can_change`` whether anything can be chosen."""
        trained = trained_layers(plan, facts)
        kept = keeps_batch_norm(plan)
        is_other = facts != self._facts or class_names != self._class_names
        is_other = is_other or begins_pretrained(plan) != begins_pretrained(self._plan)
        self._is_showing = True
        if is_other:
            learned = begins_pretrained(plan)
            self.tree.show_facts(facts, trained, class_names, kept, learned)
        elif kept != keeps_batch_norm(self._plan):
            self.tree.layers.keep_batch_norm(kept, trained)
        else:
            self.tree.layers.show_trained(trained)
        self._is_showing = False
        self._facts, self._plan = facts, plan
        self._class_names, self._can_change = class_names, can_change
        self.tree.layers.allow_changes(can_change)
        self.bar.show_network(facts, plan, can_change)
        self._stack.setCurrentWidget(self.tree)
        self._refresh_begin()
        if is_other:
            self._show_found()

    def show_nothing(self, message: str, busy: bool) -> None:
        """Say why there is no tree; ``busy`` while one is being made."""
        self._facts = None
        self._message.setText(message)
        self._busy.setVisible(busy)
        self.bar.show_nothing()
        self._stack.setCurrentIndex(0)

    def show_layer(self, name: str) -> None:
        """Select the layer called ``name``, in sight."""
        self._is_showing = True
        self.tree.show_layer(name)
        self._is_showing = False

    def _make_waiting(self) -> QWidget:
        waiting = QWidget()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedWidth(240)
        column = QVBoxLayout(waiting)
        column.addStretch(1)
        column.addWidget(self._message)
        column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return waiting

    def _connect(self) -> None:
        bar = self.bar
        bar.freeze_all_wanted.connect(self.freeze_all)
        bar.train_all_wanted.connect(self.train_all)
        bar.from_here_up_wanted.connect(self.train_from_here_up)
        bar.train_last_wanted.connect(self._on_train_last_wanted)
        bar.batch_norm_wanted.connect(self._on_batch_norm_wanted)
        bar.search.textChanged.connect(self._on_searched)
        bar.search.moved.connect(self._on_search_moved)
        self.tree.layers.ticks_changed.connect(self._on_ticks_changed)
        self.tree.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.tree.selectionModel().selectionChanged.connect(self._refresh_begin)
        self.tree.customContextMenuRequested.connect(self._on_menu_wanted)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find_wanted)

    # What changes the plan

    def freeze_all(self) -> None:
        """Only the head learns."""
        if self._facts is not None:
            self._want(choices.freeze_all(self._plan, self._facts))

    def train_all(self) -> None:
        """The base learns too."""
        if self._facts is not None:
            self._want(choices.train_all(self._plan, self._facts))

    def train_from_here_up(self) -> None:
        """The selected row and everything of the base behind it learn, what lies before not."""
        node = self._row_to_begin_with()
        if self._facts is not None and node is not None:
            first = self._facts.layers[node.first].name
            self._want(choices.train_from_here_up(self._plan, self._facts, first))

    def _on_train_last_wanted(self, unit: str, count: int) -> None:
        if self._facts is None:
            return
        if unit == "blocks":
            self._want(choices.train_last_blocks(self._plan, self._facts, count))
        else:
            self._want(choices.train_last_layers(self._plan, self._facts, count))

    def _on_batch_norm_wanted(self, kept: bool) -> None:
        if self._facts is not None:
            self._want(choices.keep_batch_norm_frozen(self._plan, self._facts, kept))

    def _on_ticks_changed(self, trained: frozenset[str]) -> None:
        if self._facts is not None:
            self._want(choices.tick_exactly(self._plan, self._facts, trained))

    def _want(self, plan: NetworkPlan) -> None:
        if self._can_change and plan != self._plan:
            self.plan_changed.emit(plan)

    # Rows

    def _row_to_begin_with(self) -> Node | None:
        """Of the selected rows of the base the first one in the network."""
        rows = [self.tree.layers.node(index) for index in self.tree.selected_rows()]
        current = self.tree.current_node()
        rows = rows or ([current] if current is not None else [])
        base = [row for row in rows if row.is_in_base]
        return min(base, key=lambda row: row.first, default=None)

    def _refresh_begin(self, *_: object) -> None:
        """'From here up' needs a row of the base to begin with."""
        can_begin = self._can_change and self._facts is not None
        self.bar.from_here_up.setEnabled(can_begin and self._row_to_begin_with() is not None)

    def _on_row_changed(self, *_: object) -> None:
        node = self.tree.current_node()
        if node is not None and self._facts is not None and not self._is_showing:
            self.layer_selected.emit(self._facts.layers[node.first].name)

    def _on_menu_wanted(self, place: QPoint) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def make_menu(self) -> QMenu:
        """What can be done with the selected rows, and with all."""
        rows = self.tree.selected_rows()
        layers = self.tree.layers
        menu = QMenu(self)
        train = menu.addAction(say("Train"), lambda: layers.tick(rows, True))
        freeze = menu.addAction(say("Freeze"), lambda: layers.tick(rows, False))
        begin = menu.addAction(say("From here up"), self.train_from_here_up)
        menu.addSeparator()
        every = menu.addAction(say("Freeze all"), self.freeze_all)
        none = menu.addAction(say("Train all"), self.train_all)
        menu.addSeparator()
        menu.addAction(say("Open all"), self.tree.expandAll)
        menu.addAction(say("Close all"), self.tree.collapseAll)
        nodes = [layers.node(index) for index in rows]
        tickable = any(node.tickable for node in nodes)
        train.setEnabled(self._can_change and tickable)
        freeze.setEnabled(self._can_change and tickable)
        begin.setEnabled(self._can_change and self._row_to_begin_with() is not None)
        for action in (every, none):
            action.setEnabled(self._can_change)
        return menu

    # Searching

    def _on_find_wanted(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def _on_searched(self) -> None:
        self._place = 0
        self._go_to_found()

    def _on_search_moved(self, step: int) -> None:
        self._place += step
        self._go_to_found()

    def _go_to_found(self) -> None:
        found = self._show_found()
        if found:
            self.tree.go_to(found[self._place])

    def _show_found(self) -> list[Node]:
        """The rows that hold the text, and how many there are of them beside it."""
        text = self.bar.search.text().strip()
        found = self.tree.rows_with(text) if text and self._facts is not None else []
        if found:
            self._place %= len(found)
            words = say("{number} of {count}", number=self._place + 1, count=len(found))
        else:
            words = say("none") if text else ""
        self.bar.search.show_found(words)
        return found
