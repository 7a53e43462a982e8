"""What the choice of trained layers costs: parameters, an epoch's time, memory."""

from PySide6.QtWidgets import QGridLayout, QProgressBar, QVBoxLayout, QWidget

from cnnstudio.project.amounts import gigabytes, rough_duration
from cnnstudio.project.frozen_part import WHY_NOT
from cnnstudio.project.network_facts import ParameterTotals
from cnnstudio.project.price import Price
from cnnstudio.project.price_of_stages import RunPrice
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, label

_WORTH_TELLING = 1.2
"""Training everything is worth a word where it takes so many times as long."""


class PriceCard(QWidget):
    """Two cards, one below the other; they are told what to show at every tick."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_short = False
        theme.changed.connect(self._show_colour)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._make_totals())
        column.addWidget(self._make_costs())
        self.show_price(None, None, False)

    def _make_totals(self) -> Card:
        card = Card(spacing=6)
        card.body.addWidget(label(say("Trained parameters"), "small"))
        self.trainable = label("–", "figure")
        self.trainable.setObjectName("trainable_parameters")
        card.body.addWidget(self.trainable)
        self.share = QProgressBar()
        self.share.setRange(0, 1000)
        self.share.setTextVisible(False)
        self.share.setAccessibleName(say("Share of parameters that is trained"))
        card.body.addWidget(self.share)
        self.totals = label("", "small", wrap=True)
        card.body.addWidget(self.totals)
        return card

    def _make_costs(self) -> Card:
        card = Card(spacing=6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.addWidget(label(say("One epoch here"), "small"), 0, 0)
        grid.addWidget(label(say("Memory"), "small"), 0, 1)
        self.epoch = label("–", "figure")
        self.epoch.setObjectName("seconds_per_epoch")
        self.memory = label("–", "figure")
        self.memory.setObjectName("memory")
        grid.addWidget(self.epoch, 1, 0)
        grid.addWidget(self.memory, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(say("This computer is being measured"))
        card.body.addWidget(self.busy)
        self.words = label("", "small", wrap=True)
        card.body.addWidget(self.words)
        return card

    def show_price(
        self,
        totals: ParameterTotals | None,
        price: Price | None,
        measuring: bool,
        run: RunPrice | None = None,
    ) -> None:
        """Show parameters and price as far as they are known; ``measuring``: the price comes.
        ``run`` is the price of all stages."""
        self._show_totals(totals)
        self.busy.setVisible(measuring and price is None)
        self.epoch.setText("–" if price is None else rough_duration(price.seconds_per_epoch))
        heaviest = price if run is None else run.heaviest
        self.memory.setText("–" if heaviest is None else gigabytes(heaviest.memory_bytes))
        self._is_short = heaviest is not None and heaviest.memory_bytes > heaviest.memory_there
        self._show_colour()
        words = [_words(totals, price, measuring), _run_words(run)]
        self.words.setText(" ".join(each for each in words if each))
        self.words.setVisible(bool(self.words.text()))

    def _show_colour(self) -> None:
        colour = self._theme.token("warning") if self._is_short else ""
        self.memory.setStyleSheet(f"color: {colour};" if colour else "")

    def _show_totals(self, totals: ParameterTotals | None) -> None:
        if totals is None:
            self.trainable.setText("–")
            self.totals.setText("")
            self.share.setValue(0)
            return
        self.trainable.setText(f"{totals.trainable:,}")
        share = totals.trainable / totals.total if totals.total else 0.0
        self.share.setValue(round(1000 * share))
        self.totals.setText(
            say(
                "of {total:,} parameters · {share}\n{frozen:,} stay as they are",
                total=totals.total,
                share=share_words(share),
                frozen=totals.frozen,
            )
        )


def _words(totals: ParameterTotals | None, price: Price | None, measuring: bool) -> str:
    if price is None:
        if measuring:
            return say("Measuring how fast this computer is. That is done only once.")
        return (
            ""
            if totals is None
            else say(
                "An epoch's time is predicted here once there are pictures and this PC was "
                "measured."
            )
        )
    sentences = []
    if price.computed_once:
        sentences.append(
            say(
                "Frozen layers run once ({time}), not in every epoch.",
                time=rough_duration(price.seconds_once),
            )
        )
    elif price.why_not in WHY_NOT and totals is not None and totals.frozen:
        sentences.append(say(WHY_NOT[price.why_not]))
    whole = price.seconds_per_epoch_all_trained
    if whole > _WORTH_TELLING * price.seconds_per_epoch:
        sentences.append(
            say("Training everything would take {time} an epoch.", time=rough_duration(whole))
        )
    return " ".join(sentences)


def _run_words(run: RunPrice | None) -> str:
    """How long all of it takes."""
    if run is None:
        return ""
    time = rough_duration(run.seconds_in_all)
    if len(run.stages) == 1:
        return say_count(
            "The whole training takes about {time}: {count} epoch.",
            "The whole training takes about {time}: {count} epochs.",
            run.epochs,
            time=time,
        )
    return say(
        "The whole training takes about {time}: {count} epochs in {stages} stages.",
        time=time,
        count=run.epochs,
        stages=len(run.stages),
    )


def share_words(share: float) -> str:
    """A share as percent; what is not quite nothing or all does not say so."""
    if 0 < share < 0.01:
        return say("less than 1%")
    return say("more than 99%") if 0.99 < share < 1 else f"{share:.0%}"
