"""The head: how maps become numbers, dense layers, dropout, output; and what Flatten costs."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.head_cost import HeadCost
from cnnstudio.project.words import say
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, button, clear_layout, label
from cnnstudio.ui.widgets.dense_row import DenseRow
from cnnstudio.ui.widgets.field_form import FieldForm

MOST_DENSE_LAYERS = 8


class HeadCard(Card):
    """Edits the head of the open project's network."""

    def __init__(self, session: ProjectSession, theme: Theme) -> None:
        super().__init__(say("Your head"))
        self._session = session
        self._theme = theme
        self.first_form = FieldForm(("network.pooling",), lambda: session.project, session.change)
        self.body.addWidget(self.first_form)
        self.cost = label("", "small", wrap=True)
        self.cost.setObjectName("flatten_cost")
        self.body.addWidget(self.cost)
        inside = QWidget()
        self._rows_layout = QVBoxLayout(inside)
        self._rows_layout.setContentsMargins(0, 4, 0, 4)
        self._rows_layout.setSpacing(12)
        self._rows_box = inside
        self.rows: list[DenseRow] = []
        self.body.addWidget(inside)
        self.add_button = button(say("Add a dense layer"), self._add, "link")
        self.body.addWidget(self.add_button)
        self.last_form = FieldForm(
            ("network.dropout", "network.output"), lambda: session.project, session.change
        )
        self.body.addWidget(self.last_form)
        theme.changed.connect(self._make_rows)
        self.refresh(None)

    def refresh(self, cost: HeadCost | None) -> None:
        """Show the plan as it is now; ``cost`` is what pooling and Flatten cost, where known."""
        self.first_form.refresh()
        self.last_form.refresh()
        layers = self._session.project.network.dense
        if len(layers) != len(self.rows):
            self._make_rows()
        else:
            for row, layer in zip(self.rows, layers, strict=True):
                row.show_layer(layer)
        self.add_button.setEnabled(len(layers) < MOST_DENSE_LAYERS)
        self.cost.setVisible(cost is not None)
        if cost is not None:
            self.cost.setText(
                say(
                    "Flatten gives {flat:,} numbers, pooling {pooled:,}. With what follows: "
                    "{flat_parameters:,} parameters after Flatten, {pooled_parameters:,} after "
                    "pooling.",
                    flat=cost.flat_numbers,
                    pooled=cost.pooled_numbers,
                    flat_parameters=cost.flat_parameters,
                    pooled_parameters=cost.pooled_parameters,
                )
            )

    def _make_rows(self) -> None:
        clear_layout(self._rows_layout)
        layers = self._session.project.network.dense
        self.rows = [
            DenseRow(
                number + 1,
                layer,
                self._theme,
                partial(self._replace, number),
                partial(self._remove, number),
            )
            for number, layer in enumerate(layers)
        ]
        for row in self.rows:
            self._rows_layout.addWidget(row)
        self._rows_box.setVisible(bool(self.rows))

    def _add(self) -> None:
        layers = self._session.project.network.dense
        units = max(8, layers[-1].units // 2) if layers else 128
        new = layers[-1].model_copy(update={"units": units}) if layers else DenseLayer(units=units)
        self._change((*layers, new))
        if self.rows:
            self.rows[-1].units.setFocus()

    def _replace(self, number: int, layer: DenseLayer) -> None:
        layers = list(self._session.project.network.dense)
        layers[number] = layer
        self._change(tuple(layers), f"network.dense.{number}")

    def _remove(self, number: int) -> None:
        layers = self._session.project.network.dense
        self._change(layers[:number] + layers[number + 1 :])
        self.add_button.setFocus()

    def _change(self, layers: tuple[DenseLayer, ...], merging: str | None = None) -> None:
        plan = self._session.project.network.model_copy(update={"dense": layers})
        self._session.change_chapter("network", plan, merging)
