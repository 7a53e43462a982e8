"""All that is known of one network of the gallery, and the button that takes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from cnnstudio.project.network_costs import network_cost
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, Column, button, clear_layout, label
from cnnstudio.ui.widgets.network_cards import CardFacts, sign_words


class NetworkDetails(Card):
    """Shows a :class:`NetworkRow`; ``chosen`` carries its key and the chosen variant."""

    chosen = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row: NetworkRow | None = None
        self.title = label("", "heading", wrap=True)
        self.body.addWidget(self.title)
        column = Column(spacing=10)
        self.sentence = label("", "", wrap=True)
        column.body.addWidget(self.sentence)
        self.variant_box = QComboBox()
        self.variant_box.setAccessibleName(say("Variant"))
        self.variant_box.setMinimumContentsLength(8)
        self.variant_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.variant_box.currentIndexChanged.connect(self._on_variant_changed)
        column.body.addWidget(self.variant_box)
        self.variant_words = label("", "small", wrap=True)
        column.body.addWidget(self.variant_words)
        inside = QWidget()
        self._figures = QGridLayout(inside)
        self._figures.setContentsMargins(0, 4, 0, 4)
        self._figures.setHorizontalSpacing(12)
        self._figures.setVerticalSpacing(6)
        self._figures.setColumnStretch(1, 1)
        column.body.addWidget(inside)
        self.source = label("", "small", wrap=True)
        column.body.addWidget(self.source)
        signs = QWidget()
        self._signs = QVBoxLayout(signs)
        self._signs.setContentsMargins(0, 0, 0, 0)
        self._signs.setSpacing(4)
        column.body.addWidget(signs)
        column.body.addStretch(1)
        self.body.addWidget(column, 1)
        self.use_button = button("", self._on_used, "main")
        self.use_button.setObjectName("use_network")
        self.body.addWidget(self.use_button)

    @property
    def variant(self) -> str:
        """The key of the chosen variant; empty for the first one."""
        return str(self.variant_box.currentData() or "")

    def show_row(self, row: NetworkRow | None, facts: CardFacts) -> None:
        """Show ``row``, or that none is found."""
        is_other = row is not self._row
        self._row = row
        self.use_button.setVisible(row is not None)
        clear_layout(self._signs)
        if row is None:
            clear_layout(self._figures)
            self.title.setText(say("No network is like that."))
            self.sentence.setText(say("Take a filter away, or search for something else."))
            for part in (self.variant_box, self.variant_words, self.source):
                part.hide()
            return
        self.title.setText(row.title)
        self.sentence.setText(say(row.sentence))
        self.use_button.setText(say("Use {network}", network=row.title))
        if is_other:
            self._show_variants(row)
            self._show_figures(row)
        for words in sign_words(facts):
            self._signs.addWidget(label(words, "small", wrap=True))

    def _show_variants(self, row: NetworkRow) -> None:
        self.variant_box.blockSignals(True)
        self.variant_box.clear()
        for number, each in enumerate(row.variants):
            self.variant_box.addItem(say(each.title), each.key if number else "")
        self.variant_box.blockSignals(False)
        self.variant_box.setVisible(len(row.variants) > 1)
        self._on_variant_changed()

    def _show_figures(self, row: NetworkRow) -> None:
        clear_layout(self._figures)
        for number, (name, value) in enumerate(_figures(row)):
            self._figures.addWidget(label(name, "small"), number, 0)
            self._figures.addWidget(label(value, "", wrap=True), number, 1)
        published = row.published.source if row.published is not None else ""
        lines = [line for line in (row.source, published) if line]
        self.source.setText("\n".join(dict.fromkeys(lines)))
        self.source.setVisible(bool(lines))

    def _on_variant_changed(self) -> None:
        variant = self._row.variant(self.variant) if self._row is not None else None
        words = say(variant.sentence) if variant is not None else ""
        self.variant_words.setText(words)
        self.variant_words.setVisible(bool(words))

    def _on_used(self) -> None:
        if self._row is not None:
            self.chosen.emit(self._row.key, self.variant)


def _figures(row: NetworkRow) -> list[tuple[str, str]]:
    """What can be said in numbers, each with its name."""
    found = []
    published, cost = row.published, network_cost(row)
    if row.year:
        found.append((say("Year"), f"{row.year}"))
    if published is not None:
        found.append((say("Parameters"), f"{published.parameters:,}"))
    if cost is not None:
        found.append((say("without its top"), f"{cost.parameters:,}"))
        layers = say_count("{count:,} layer", "{count:,} layers", cost.layers)
        found.append((say("Base"), layers))
        work = f"{cost.multiply_adds / 10**9:.2f}"
        found.append((say("Work"), say("{billions} billion multiply-adds", billions=work)))
    if published is not None:
        if published.depth is not None:
            found.append((say("Depth"), f"{published.depth}"))
        if published.megabytes is not None:
            found.append((say("File"), f"{published.megabytes:g} MB"))
        if published.top_1 is not None:
            found.append((say("ImageNet top-1"), f"{published.top_1:.1%}"))
        if published.top_5 is not None:
            found.append((say("ImageNet top-5"), f"{published.top_5:.1%}"))
    if cost is not None:
        sizes = say(
            "{usual} px, at least {smallest}", usual=row.usual_size, smallest=row.smallest_size
        )
        found.append((say("Pictures"), sizes))
    if len(row.widths) > 1:
        found.append((say("Widths"), ", ".join(f"{width:g}" for width in row.widths)))
    return found
