"""Network: the base, its freeze tree with totals, and the head."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import (
    LayerFacts,
    NetworkFacts,
    count_parameters,
    trained_layers,
)
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS, choose_base, find_network
from cnnstudio.project.problems import errors_in
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import (
    SIDE_WIDTH,
    Card,
    Column,
    Page,
    button,
    clear_layout,
    label,
)
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.freeze_tree import FreezeTree
from cnnstudio.ui.widgets.problem_notice import problem_notice

ROOM_FOR_WORDS = 830


class NetworkPage(Page):
    """The third step."""

    def __init__(
        self, session: ProjectSession, network: NetworkState, theme: Theme, asking: Asking
    ) -> None:
        super().__init__(say("Network"))
        self._session = session
        self._network = network
        self._theme = theme
        self._asking = asking
        self._shown: NetworkFacts | None = None
        self._place = 0
        self.body.addWidget(self._make_tree_card(), 1)
        self.body.addWidget(self._make_side())
        self.next_button = self.add_main_button(say("Train →"), self.next_wanted.emit)
        session.project_changed.connect(lambda *_: self.refresh())
        network.changed.connect(self.refresh)
        self.refresh()

    def _make_tree_card(self) -> Card:
        card = Card(margins=0, spacing=0)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 12, 12, 12)
        bar.setSpacing(8)
        self.base_button = QPushButton()
        self.base_button.setProperty("role", "menu")
        self.base_button.setAccessibleName(say("Base network"))
        self.base_button.setMenu(self._make_base_menu())
        bar.addWidget(self.base_button)
        self.freeze_all = button(say("Freeze all"), self._freeze_all, "tool")
        self.freeze_all.setToolTip(say("Only your head learns; the base keeps what it knows."))
        bar.addWidget(self.freeze_all)
        self.train_last_words = label(say("Train last"))
        bar.addWidget(self.train_last_words)
        self.train_last = QSpinBox()
        self.train_last.setObjectName("network.train_last")
        self.train_last.setKeyboardTracking(False)
        self.train_last.setAccessibleName(say("How many of the base's last layers are trained"))
        self.train_last.setToolTip(say("How many of the base's last layers are trained"))
        self.train_last.setFixedWidth(76)
        self.train_last.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.train_last.valueChanged.connect(self._on_train_last_changed)
        bar.addWidget(self.train_last)
        self.train_all = button(say("Train all"), self._train_all, "tool")
        bar.addWidget(self.train_all)
        bar.addStretch(1)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find a layer"))
        self.search.setAccessibleName(say("Find a layer"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(200)
        self.search.textChanged.connect(lambda *_: self._find_layer(from_next=False))
        self.search.returnPressed.connect(lambda: self._find_layer(from_next=True))
        self.search.setToolTip(say("Enter goes on to the next one"))
        self._found = label("", "small")
        self.head_buttons.addWidget(self._found)
        self.head_buttons.addWidget(self.search)
        card.body.addLayout(bar)
        self._stack = QStackedWidget()
        waiting = QWidget()
        self._waiting_words = label("", "quiet", wrap=True)
        self._waiting_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting_bar = QProgressBar()
        self._waiting_bar.setRange(0, 0)
        self._waiting_bar.setTextVisible(False)
        self._waiting_bar.setFixedWidth(240)
        column = QVBoxLayout(waiting)
        column.addStretch(1)
        column.addWidget(self._waiting_words)
        column.addWidget(self._waiting_bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.tree = FreezeTree(self._theme)
        self.tree.layers.ticks_changed.connect(self._on_ticks_changed)
        self._stack.addWidget(waiting)
        self._stack.addWidget(self.tree)
        card.body.addWidget(self._stack, 1)
        card.body.setContentsMargins(1, 0, 1, 8)
        return card

    def _make_base_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        self.base_actions: dict[str, QAction] = {}
        for row in NETWORKS:
            action = menu.addAction(row.title)
            action.setToolTip(say(row.sentence))
            action.setCheckable(True)
            action.triggered.connect(lambda *_, row=row: self._choose_base(row))
            group.addAction(action)
            self.base_actions[row.key] = action
        menu.setToolTipsVisible(True)
        return menu

    def _make_side(self) -> QWidget:
        whole = QWidget()
        whole.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        side = Column()
        totals = Card(spacing=6)
        totals.body.addWidget(label(say("Trained parameters"), "small"))
        self.trainable = label("–", "figure")
        self.trainable.setObjectName("trainable_parameters")
        totals.body.addWidget(self.trainable)
        self._share = QProgressBar()
        self._share.setRange(0, 1000)
        self._share.setTextVisible(False)
        self._share.setAccessibleName(say("Share of parameters that is trained"))
        totals.body.addWidget(self._share)
        self.totals = label("", "small", wrap=True)
        totals.body.addWidget(self.totals)
        column.addWidget(totals)
        column.addWidget(side, 1)
        self._notice_box = QWidget()
        self._notices = QVBoxLayout(self._notice_box)
        self._notices.setContentsMargins(0, 0, 0, 0)
        self._notices.setSpacing(8)
        side.body.addWidget(self._notice_box)
        self._base_card = Card(say("Base"), spacing=12)
        self._width_row = QWidget()
        row = QHBoxLayout(self._width_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(say("Width")))
        row.addStretch(1)
        self.width_choice = QComboBox()
        self.width_choice.setObjectName("network.width")
        self.width_choice.setAccessibleName(say("Width"))
        self.width_choice.setMinimumContentsLength(5)
        self.width_choice.currentIndexChanged.connect(self._on_width_chosen)
        row.addWidget(self.width_choice)
        self._base_card.body.addWidget(self._width_row)
        self._weights_row = QWidget()
        row = QHBoxLayout(self._weights_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(say("Weights")))
        row.addStretch(1)
        self.weights_choice = QComboBox()
        self.weights_choice.setObjectName("network.weights")
        self.weights_choice.setAccessibleName(say("Weights"))
        self.weights_choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.weights_choice.activated.connect(self._on_weights_chosen)
        row.addWidget(self.weights_choice)
        self._base_card.body.addWidget(self._weights_row)
        self.size_form = FieldForm(
            ("pictures.size", "pictures.fit"), lambda: self._session.project, self._session.change
        )
        self._base_card.body.addWidget(self.size_form)
        side.body.addWidget(self._base_card)
        head = Card(say("Your head"))
        self.head_form = FieldForm(
            ("network.pooling", "network.dropout", "network.output"),
            lambda: self._session.project,
            self._session.change,
        )
        head.body.addWidget(self.head_form)
        side.body.addWidget(head)
        side.body.addStretch(1)
        return whole

    @property
    def _row(self) -> NetworkRow:
        return find_network(self._session.project.network.base) or NETWORKS[0]

    def refresh(self) -> None:
        """Show the plan and the layers as they are known now."""
        plan, row = self._session.project.network, self._row
        can_change = not self._session.folder.read_only
        self.base_button.setText(row.title)
        self.base_button.setMinimumWidth(self.base_button.sizeHint().width())
        self.base_actions[row.key].setChecked(True)
        self.sentence.setText(say(row.sentence))
        self.sentence.setWordWrap(True)
        self._refresh_base(plan, row)
        self.head_form.refresh()
        self.size_form.refresh()
        facts = self._network.facts
        problems = self._network.problems
        if facts is not None:
            self._refresh_tree(facts, plan)
        else:
            self._shown = None
            failed = errors_in(problems)
            self._waiting_bar.setVisible(not failed)
            self._waiting_words.setText(
                failed[0].message if failed else say("Building the network…")
            )
            self.trainable.setText("–")
            self.totals.setText("")
            self._share.setValue(0)
        self._stack.setCurrentIndex(1 if facts is not None else 0)
        for part in (self.base_button, self.head_form, self._base_card):
            part.setEnabled(can_change)
        for control in (self.freeze_all, self.train_all, self.train_last):
            control.setEnabled(can_change and facts is not None)
        self.tree.layers.allow_changes(can_change)
        self._refresh_notices()
        self.next_button.setEnabled(not errors_in(problems))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.train_last_words.setVisible(self.width() >= ROOM_FOR_WORDS)

    def showEvent(self, event: object) -> None:
        self._network.want()

    def _refresh_tree(self, facts: NetworkFacts, plan: NetworkPlan) -> None:
        trained = trained_layers(plan, facts)
        if facts != self._shown:
            self._shown = facts
            self.tree.show_facts(facts, trained)
        else:
            self.tree.layers.show_trained(trained)
        self._show_totals(facts, trained)
        base = facts.base_layers
        self.train_last.blockSignals(True)
        self.train_last.setRange(0, len(base))
        self.train_last.setValue(_trained_at_the_end(base, trained))
        self.train_last.blockSignals(False)

    def _show_totals(self, facts: NetworkFacts, trained: frozenset[str]) -> None:
        totals = count_parameters(facts.layers, trained)
        self.trainable.setText(f"{totals.trainable:,}")
        share = totals.trainable / totals.total if totals.total else 0.0
        self._share.setValue(round(1000 * share))
        self.totals.setText(
            say(
                "of {total:,} parameters · {share}\n{frozen:,} stay as they are",
                total=totals.total,
                share=_share_words(share),
                frozen=totals.frozen,
            )
        )

    def _refresh_base(self, plan: NetworkPlan, row: NetworkRow) -> None:
        self._width_row.setVisible(len(row.widths) > 1)
        self._weights_row.setVisible(row.is_pretrained)
        self.width_choice.blockSignals(True)
        self.width_choice.clear()
        for width in row.widths:
            self.width_choice.addItem(f"{width}", width)
        self.width_choice.setCurrentIndex(self.width_choice.findData(plan.width))
        self.width_choice.blockSignals(False)
        self.weights_choice.blockSignals(True)
        self.weights_choice.clear()
        self.weights_choice.addItem("ImageNet", "imagenet")
        self.weights_choice.addItem(say("Random"), "random")
        if plan.weights not in ("imagenet", "random"):
            self.weights_choice.addItem(
                plan.weights.replace("\\", "/").split("/")[-1], plan.weights
            )
        self.weights_choice.addItem(say("From a file…"), "")
        self.weights_choice.setCurrentIndex(self.weights_choice.findData(plan.weights))
        self.weights_choice.setToolTip(plan.weights)
        self.weights_choice.blockSignals(False)

    def _refresh_notices(self) -> None:
        clear_layout(self._notices)
        found = self._network.problems
        for problem in found:
            self._notices.addWidget(problem_notice(problem))
        self._notice_box.setVisible(bool(found))
        classes = say_count("{count} class", "{count} classes", self._network.num_classes)
        self.hint.setText(
            say(
                "{size} × {size} pixels in, {classes} out",
                size=self._session.project.pictures.size,
                classes=classes,
            )
        )

    def _change(self, **update: object) -> None:
        plan = self._session.project.network.model_copy(update=update)
        self._session.change_chapter("network", plan)

    def _choose_base(self, row: NetworkRow) -> None:
        project = self._session.project
        if row.key == project.network.base:
            return
        network, pictures = choose_base(project.network, project.pictures, row)
        self._session.change(project.replacing(network=network, pictures=pictures))

    def _freeze_all(self) -> None:
        if self._row.is_pretrained:
            self._change(train_last=0, trained_layers=None)
        elif self._shown is not None:
            head = tuple(layer.name for layer in self._shown.layers if layer.part == "head")
            self._change(trained_layers=head)

    def _train_all(self) -> None:
        count = len(self._shown.base_layers) if self._shown is not None else 0
        self._change(train_last=count if self._row.is_pretrained else 0, trained_layers=None)

    def _on_train_last_changed(self, count: int) -> None:
        if self._row.is_pretrained:
            self._change(train_last=count, trained_layers=None)
        elif self._shown is not None:
            base = [layer.name for layer in self._shown.base_layers]
            head = [layer.name for layer in self._shown.layers if layer.part == "head"]
            self._change(trained_layers=tuple((base[-count:] if count else []) + head))

    def _on_ticks_changed(self, trained: frozenset[str]) -> None:
        if self._shown is None:
            return
        self._show_totals(self._shown, trained)
        names = tuple(layer.name for layer in self._shown.layers if layer.name in trained)
        self._change(trained_layers=names)

    def _on_width_chosen(self) -> None:
        self._change(width=self.width_choice.currentData(), trained_layers=None)

    def _on_weights_chosen(self) -> None:
        weights = self.weights_choice.currentData() or self._asking.weights_file(self)
        if weights == "random" and self._shown is not None:
            count = len(self._shown.base_layers)
            self._change(weights=weights, train_last=count, trained_layers=None)
        elif weights:
            self._change(weights=weights)
        self.refresh()

    def _find_layer(self, from_next: bool) -> None:
        """Go to the first layer whose name holds the text, or to the next one."""
        wanted = self.search.text().strip().lower()
        layers = self._shown.layers if self._shown is not None else ()
        names = [layer.name for layer in layers if wanted and wanted in layer.name.lower()]
        if not names:
            self._found.setText(say("no such layer") if wanted else "")
            return
        self._place = (self._place + 1) % len(names) if from_next else 0
        words = say("{number} of {count}", number=self._place + 1, count=len(names))
        self._found.setText(words)
        index = self.tree.layers.layer_index(names[self._place])
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)


def _share_words(share: float) -> str:
    """A share as percent; what is not quite nothing or all does not say so."""
    if 0 < share < 0.01:
        return say("less than 1%")
    return say("more than 99%") if 0.99 < share < 1 else f"{share:.0%}"


def _trained_at_the_end(base: tuple[LayerFacts, ...], trained: frozenset[str]) -> int:
    """How many of the last layers are trained without a gap."""
    count = 0
    for layer in reversed(base):
        if layer.name not in trained:
            break
        count += 1
    return count
