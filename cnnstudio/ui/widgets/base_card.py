"""The base's own settings: variant, width, weights, colours, and the pictures' size."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnnstudio.project.changed_network import with_network
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import choose_base, network_row
from cnnstudio.project.words import say
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.widgets.basics import Card, label
from cnnstudio.ui.widgets.field_form import CalmComboBox, FieldForm


class BaseCard(Card):
    """Edits the base of the open project's network; ``base_layers`` says how many it has."""

    def __init__(
        self, session: ProjectSession, asking: Asking, base_layers: Callable[[], int]
    ) -> None:
        super().__init__(say("Base"), spacing=12)
        self._session = session
        self._asking = asking
        self._base_layers = base_layers
        self.variant_choice, self._variant_row = self._add_choice("network.variant", say("Variant"))
        self.variant_choice.activated.connect(self._on_variant_chosen)
        self.width_choice, self._width_row = self._add_choice("network.width", say("Width"))
        self.width_choice.activated.connect(self._on_width_chosen)
        self.weights_choice, self._weights_row = self._add_choice("network.weights", say("Weights"))
        self.weights_choice.activated.connect(self._on_weights_chosen)
        self.colours_form = FieldForm(("network.colours",), lambda: session.project, session.change)
        self.body.addWidget(self.colours_form)
        self.size_form = FieldForm(
            ("pictures.size", "pictures.fit"), lambda: session.project, session.change
        )
        self.body.addWidget(self.size_form)
        self.refresh()

    def refresh(self) -> None:
        """Show the plan as it is now."""
        plan = self._session.project.network
        row = network_row(plan)
        self._refresh_variants(plan, row)
        self._refresh_widths(plan, row)
        self._refresh_weights(plan, row)
        self.colours_form.setVisible(row.built_from in ("layers", "own_layers"))
        self.colours_form.refresh()
        self.size_form.refresh()

    def _add_choice(self, path: str, title: str) -> tuple[CalmComboBox, QWidget]:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        choice = CalmComboBox()
        choice.setObjectName(path)
        choice.setAccessibleName(title)
        choice.setMinimumContentsLength(6)
        choice.setSizeAdjustPolicy(
            CalmComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        words = label(title)
        words.setBuddy(choice)
        row.addWidget(words)
        row.addWidget(choice, 1)
        self.body.addWidget(box)
        return choice, box

    def _refresh_variants(self, plan: NetworkPlan, row: NetworkRow) -> None:
        self._variant_row.setVisible(len(row.variants) > 1)
        with QSignalBlocker(self.variant_choice):
            self.variant_choice.clear()
            for number, each in enumerate(row.variants):
                self.variant_choice.addItem(say(each.title), each.key if number else "")
            chosen = row.variant(plan.variant)
            if chosen is not None:
                self.variant_choice.setCurrentIndex(row.variants.index(chosen))
                self.variant_choice.setToolTip(say(chosen.sentence))

    def _refresh_widths(self, plan: NetworkPlan, row: NetworkRow) -> None:
        self._width_row.setVisible(len(row.widths) > 1)
        with QSignalBlocker(self.width_choice):
            self.width_choice.clear()
            for width in row.widths:
                self.width_choice.addItem(f"{width:g}", width)
            self.width_choice.setCurrentIndex(self.width_choice.findData(plan.width))

    def _refresh_weights(self, plan: NetworkPlan, row: NetworkRow) -> None:
        self._weights_row.setVisible(row.is_pretrained)
        with QSignalBlocker(self.weights_choice):
            self.weights_choice.clear()
            is_own = row.built_from == "own_model"
            learned = say("From the model") if is_own else "ImageNet"
            self.weights_choice.addItem(learned, "imagenet")
            self.weights_choice.addItem(say("Random"), "random")
            if plan.weights not in ("imagenet", "random"):
                name = plan.weights.replace("\\", "/").split("/")[-1]
                self.weights_choice.addItem(name, plan.weights)
            if not is_own:
                self.weights_choice.addItem(say("From a file…"), "")
            self.weights_choice.setCurrentIndex(self.weights_choice.findData(plan.weights))
            self.weights_choice.setToolTip(plan.weights)

    def _on_variant_chosen(self) -> None:
        project = self._session.project
        row = network_row(project.network)
        variant = str(self.variant_choice.currentData() or "")
        if variant == project.network.variant:
            return
        network, _ = choose_base(project.network, project.pictures, row, variant)
        self._session.change(with_network(project, network))

    def _on_width_chosen(self) -> None:
        self._change(width=self.width_choice.currentData(), trained_layers=None)

    def _on_weights_chosen(self) -> None:
        weights = self.weights_choice.currentData() or self._asking.weights_file(self)
        count = self._base_layers()
        if weights == "random" and count:
            self._change(weights=weights, train_last=count, trained_layers=None)
        elif weights:
            self._change(weights=weights)
        self.refresh()

    def _change(self, **update: object) -> None:
        plan = self._session.project.network.model_copy(update=update)
        self._session.change_chapter("network", plan)
