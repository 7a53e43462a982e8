"""The editor for a list of layers: what comes out of each is seen while one types."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cnnstudio.project.layer_edits import (
    duplicate_layers,
    insert_layer,
    move_by_one,
    move_layers,
    new_layer,
    remove_layers,
    replace_layer,
)
from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_shapes import LayerShape, fits, list_shapes
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import label
from cnnstudio.ui.widgets.layer_editor_bar import LayerBar
from cnnstudio.ui.widgets.layer_editor_form import LayerForm
from cnnstudio.ui.widgets.layer_editor_looks import shape_words
from cnnstudio.ui.widgets.layer_editor_model import LayerListModel
from cnnstudio.ui.widgets.layer_editor_rows import TEXT_LEFT, columns_of, small_font
from cnnstudio.ui.widgets.layer_editor_start import LayerStart
from cnnstudio.ui.widgets.layer_editor_view import LayerListView

BESIDE_FROM = 860
"""Width from which the settings stand beside the list."""
FORM_WIDTH = 300
FORM_HEIGHT = 206
_MILLION = 1_000_000


class _Header(QWidget):
    """The titles of the columns, over the columns."""

    def __init__(self, theme: Theme, view: LayerListView) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self.setFixedHeight(28)
        # The columns follow the view, which is narrower where it scrolls.
        view.verticalScrollBar().rangeChanged.connect(lambda *_: self.update())
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        columns = columns_of(self._view.viewport().width())
        painter.setPen(self._theme.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.setFont(small_font(self.font()))
        painter.setPen(self._theme.color("quiet"))
        middle = Qt.AlignmentFlag.AlignVCenter
        right = middle | Qt.AlignmentFlag.AlignRight
        height = self.height()
        painter.drawText(QRect(TEXT_LEFT, 0, columns.text_width, height), middle, say("Layer"))
        area = QRect(columns.shape_left, 0, columns.shape_width, height)
        painter.drawText(area, middle, say("Output"))
        area = QRect(columns.cost_left, 0, columns.cost_width, height)
        painter.drawText(area, right, say("Parameters"))


class LayerEditor(QWidget):
    """Shows a list of layers and says what it should become; it changes nothing by itself.

    Whoever owns the plan is told every change as one whole new list, and shows the list again
    with :meth:`show_layers`, which is also how undo comes back.
    """

    layers_changed = Signal(object, object)
    """The new list, and a key by which changes in a row are one step to undo (or None)."""
    start_wanted = Signal(str, str)
    """Key of a classic's row and of its variant, to be taken over as own layers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._layers: LayerList = ()
        self._input_shape: tuple[int, ...] = ()
        self._shapes: tuple[LayerShape, ...] = ()
        self._can_change = True
        self._has_begun = False
        self._head_parameters: int | None = None
        self.model = LayerListModel(self)
        self.view = LayerListView(theme, self.model)
        self.form = LayerForm(theme)
        self.bar = LayerBar(theme)
        self.start = LayerStart()
        self._whole = self._make_whole()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.start)
        outer.addWidget(self._whole)
        self._connect()
        self._show_state()

    # Made once

    def _make_whole(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(9)
        self._split.addWidget(self._make_list())
        self._split.addWidget(self.form)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        column.addWidget(self._split, 1)
        return whole

    def _make_list(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_Header(self._theme, self.view))
        column.addWidget(self.view, 1)
        self._empty = label("", "quiet", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(24, 24, 24, 24)
        column.addWidget(self._empty, 1)
        self.totals = label("", "small", wrap=True)
        self.totals.setContentsMargins(12, 6, 12, 6)
        column.addWidget(self.totals)
        made.setMinimumHeight(160)
        return made

    def _connect(self) -> None:
        view, form, bar = self.view, self.form, self.bar
        bar.insert_wanted.connect(self._insert)
        bar.remove_wanted.connect(self._remove)
        bar.duplicate_wanted.connect(self._duplicate)
        bar.move_by_one_wanted.connect(self._move_by_one)
        bar.rename_wanted.connect(self._rename)
        bar.start_wanted.connect(self.start_wanted)
        view.remove_wanted.connect(self._remove)
        view.duplicate_wanted.connect(self._duplicate)
        view.move_by_one_wanted.connect(self._move_by_one)
        view.rename_wanted.connect(self._rename)
        view.settings_wanted.connect(form.focus_settings)
        view.insert_menu_wanted.connect(self._open_insert_menu)
        view.menu_wanted.connect(self._open_menu)
        view.rows.remedy_wanted.connect(self.take_remedy)
        view.selectionModel().currentChanged.connect(lambda *_: self._show_form())
        view.selectionModel().selectionChanged.connect(lambda *_: self._show_actions())
        self.model.move_wanted.connect(self._move)
        form.layer_changed.connect(self._on_layer_changed)
        form.renamed.connect(self._on_renamed)
        form.remedy_wanted.connect(lambda number: self.take_remedy(self.current, number))
        self.start.start_wanted.connect(self.start_wanted)
        self.start.nothing_wanted.connect(self.begin_with_nothing)

    # What others call

    def show_layers(
        self,
        layers: LayerList,
        input_shape: tuple[int, ...],
        allow_changes: bool,
        head_parameters: int | None = None,
    ) -> None:
        """Show ``layers`` for pictures of ``input_shape`` (height, width, channels).

        ``head_parameters``: of the layers behind the list, where they are known.
        """
        self._can_change = allow_changes
        self._head_parameters = head_parameters
        self.model.allow_changes(allow_changes)
        self.view.rows.can_change = allow_changes
        if (layers, input_shape) != (self._layers, self._input_shape):
            self._take(layers, input_shape)
        self._show_state()

    @property
    def layers(self) -> LayerList:
        """The list as it is shown."""
        return self._layers

    @property
    def shapes(self) -> tuple[LayerShape, ...]:
        """What comes out of each layer shown."""
        return self._shapes

    @property
    def current(self) -> int:
        """Place of the layer whose settings are shown; -1 where there is none."""
        return self.view.currentIndex().row()

    def begin_with_nothing(self) -> None:
        """Show the empty list, so that the first layer can be inserted."""
        self._has_begun = True
        self._show_state()
        self.bar.insert_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_remedy(self, place: int, number: int) -> None:
        """Mend the layer at ``place`` by its remedy of that ``number``."""
        row = self.model.row_at(self.model.index(place))
        if row is not None and self._can_change and number < len(row.remedies):
            self._change(row.remedies[number].layers, current=place)

    # Changes

    def _insert(self, kind: type[Layer], after: bool) -> None:
        place = self.current + int(after) if self.current >= 0 else len(self._layers)
        self._change(insert_layer(self._layers, place, new_layer(kind)), current=place)

    def _remove(self) -> None:
        chosen = self.view.chosen
        if chosen:
            left = remove_layers(self._layers, chosen)
            self._change(left, current=min(chosen[0], len(left) - 1))

    def _duplicate(self) -> None:
        chosen = self.view.chosen
        if chosen:
            first = chosen[-1] + 1
            made = duplicate_layers(self._layers, chosen)
            self._change(made, current=first, chosen=list(range(first, first + len(chosen))))

    def _move_by_one(self, down: bool) -> None:
        self._reorder(move_by_one(self._layers, self.view.chosen, down), self.view.chosen)

    def _move(self, places: list[int], to: int) -> None:
        self._reorder(move_layers(self._layers, places, to), places)

    def _reorder(self, layers: LayerList, places: list[int]) -> None:
        moved = [self._layers[place] for place in places]
        now = [place for place, layer in enumerate(layers) if layer in moved]
        current = self._layers[self.current] if self.current >= 0 else None
        kept = next((place for place, each in enumerate(layers) if each is current), -1)
        self._change(layers, current=kept if kept in now else now[0] if now else kept, chosen=now)

    def _on_layer_changed(self, layer: AnyLayer, field: str) -> None:
        if self.current >= 0:
            changed = replace_layer(self._layers, self.current, layer)
            self._change(changed, f"network.layers.{layer.name}.{field}", current=self.current)

    def _on_renamed(self, layer: AnyLayer) -> None:
        if self.current >= 0:
            place = self.current
            self._change(replace_layer(self._layers, place, layer), current=place)

    def _rename(self) -> None:
        if self.current >= 0 and self._can_change:
            self.form.focus_name()

    def _change(
        self,
        layers: LayerList,
        merging: str | None = None,
        current: int = -1,
        chosen: list[int] | None = None,
    ) -> None:
        """Show the new list, and tell it."""
        if not self._can_change or layers == self._layers:
            return
        self._take(layers, self._input_shape)
        if current >= 0:
            self.view.choose([current] if chosen is None else chosen, current)
            self.view.scrollTo(self.view.currentIndex())
        self._show_state()
        self.layers_changed.emit(layers, merging)

    # What is shown

    def _take(self, layers: LayerList, input_shape: tuple[int, ...]) -> None:
        names = [self._layers[place].name for place in self.view.chosen]
        current = self._layers[self.current].name if self.current >= 0 else ""
        self._layers, self._input_shape = layers, input_shape
        self._shapes = list_shapes(layers, input_shape)
        self._has_begun = self._has_begun or bool(layers)
        self.model.show_layers(layers, self._shapes)
        places = {layer.name: place for place, layer in enumerate(layers)}
        kept = [places[name] for name in names if name in places]
        if layers:
            place = places.get(current, min(max(self.current, 0), len(layers) - 1))
            self.view.choose(kept or [place], place)
        self.view.scheduleDelayedItemsLayout()

    def _show_state(self) -> None:
        can_begin = self._can_change and not self._layers and not self._has_begun
        self.start.setVisible(can_begin)
        self._whole.setVisible(not can_begin)
        self.view.setVisible(bool(self._layers))
        self._empty.setVisible(not self._layers)
        self._empty.setText(
            say("No layer yet. 'Insert layer' begins with what the picture goes through first.")
            if self._can_change
            else say("There are no layers.")
        )
        self._show_form()
        self._show_actions()
        self._show_totals()

    def _show_form(self) -> None:
        row = self.model.row_at(self.view.currentIndex())
        self.form.setVisible(row is not None)
        self.form.show_row(row, self._layers)
        self.form.allow_changes(self._can_change)

    def _show_actions(self) -> None:
        self.bar.show_state(self._can_change, self.view.chosen, len(self._layers))

    def _show_totals(self) -> None:
        self.totals.setVisible(bool(self._layers))
        count = len(self._layers)
        given = shape_words(self._input_shape)
        if not fits(self._shapes):
            self.totals.setText(
                say_count(
                    "{count} layer for {given}. It does not fit yet.",
                    "{count} layers for {given}. Not all of them fit yet.",
                    count,
                    given=given,
                )
            )
            return
        parameters = sum(shape.parameters for shape in self._shapes)
        words = say_count(
            "{count} layer for {given}: {parameters:,} parameters, {sums} multiplications a "
            "picture.",
            "{count} layers for {given}: {parameters:,} parameters, {sums} multiplications a "
            "picture.",
            count,
            given=given,
            parameters=parameters,
            sums=_short_count(sum(shape.multiply_adds for shape in self._shapes)),
        )
        if self._head_parameters is not None:
            both = parameters + self._head_parameters
            words += " " + say("With the head {parameters:,} parameters.", parameters=both)
        self.totals.setText(words)

    def _open_insert_menu(self, after: bool) -> None:
        if self._can_change:
            row = self.view.visualRect(self.view.currentIndex())
            place = self.view.viewport().mapToGlobal(row.bottomLeft() + QPoint(TEXT_LEFT, 0))
            self.bar.open_insert_menu(after, place)

    def _open_menu(self, place: QPoint) -> None:
        if self._can_change and self._layers:
            self.bar.open_menu(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= BESIDE_FROM
        orientation = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        self.form.show_wide(beside)
        if self._split.orientation() != orientation or not event.oldSize().isValid():
            self._split.setOrientation(orientation)
            form = FORM_WIDTH if beside else FORM_HEIGHT
            self.form.setMinimumSize(260 if beside else 0, 0 if beside else 120)
            whole = self.width() if beside else self.height()
            self._split.setSizes([max(1, whole - form), form])


def _short_count(count: int) -> str:
    """A number of multiplications; nobody reads more than its first digits."""
    if count < _MILLION:
        return f"{count:,}"
    digits = 1 if count < 100 * _MILLION else 0
    return say("{millions} million", millions=f"{count / _MILLION:,.{digits}f}")
