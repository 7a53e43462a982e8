"""All values of one epoch, for the box beside the pointer and for those who listen."""

import html
import math
from dataclasses import dataclass

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.curve_data import CurveData, Look, laid_over
from cnnstudio.ui.widgets.curve_plots import MEASURES, worst_classes
from cnnstudio.ui.widgets.curve_ticks import rate_words

MOST_ROWS = 10
"""Of the classes, the worst at that epoch."""


@dataclass(frozen=True)
class Readout:
    """``rows`` are a name and its one or two values; ``heads`` stand above two values."""

    title: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, ...], ...]
    sentence: str

    def as_html(self, quiet: str) -> str:
        """A small table; what is beside the values is in the colour ``quiet``."""
        parts = [f"<b>{html.escape(self.title)}</b><table cellspacing='0' cellpadding='1'>"]
        cells = "".join(_cell(f"\N{NO-BREAK SPACE}{head}", quiet, "right") for head in self.heads)
        parts.append(f"<tr><td></td>{cells}</tr>")
        for name, *values in self.rows:
            span = " colspan='2'" if len(values) == 1 else ""
            numbers = "".join(
                f"<td{span} align='right'>&nbsp;&nbsp;&nbsp;{html.escape(value)}</td>"
                for value in values
            )
            parts.append(f"<tr>{_cell(name, quiet, 'left')}{numbers}</tr>")
        return "".join([*parts, "</table>"])


def read_off(curves: CurveData, look: Look, epoch: int) -> Readout | None:
    """What is known of ``epoch``; nothing where it has not been trained."""
    facts = next((each for each in curves.history if each.epoch == epoch), None)
    if facts is None:
        return None
    rows: list[tuple[str, ...]] = [
        (say("Accuracy"), _share(facts.accuracy), _share(facts.validation_accuracy)),
        (say("Loss"), _loss(facts.loss), _loss(facts.validation_loss)),
    ]
    for field, title, _ in MEASURES:
        value = getattr(facts, field)
        if value is not None:
            rows.append((say(title), "", _share(value)))
    for name, history in laid_over(curves, look.overlaid):
        other = next((each for each in history if each.epoch == epoch), None)
        if other is not None:
            rows.append((name, _share(other.accuracy), _share(other.validation_accuracy)))
    if look.by_class:
        rows += _class_rows(curves, epoch)
    if facts.learning_rate > 0:
        rows.append((say("Learning rate"), rate_words(facts.learning_rate)))
    if stage := _stage(curves, facts):
        rows.append((say("Stage"), stage))
    rows.append((say("Time"), say("{seconds:.1f} s", seconds=facts.seconds)))
    return Readout(
        say("Epoch {epoch}", epoch=epoch),
        (say("training"), say("validation")),
        tuple(rows),
        _sentence(curves, facts, rows[2:]),
    )


def box_style(theme: Theme) -> str:
    """How the box looks in which it stands."""
    return (
        f"background: {theme.token('raised')}; color: {theme.token('text')};"
        f"border: 1px solid {theme.token('control_line')}; border-radius: 6px;"
        "padding: 5px 8px; font-size: 8.5pt;"
    )


def _sentence(curves: CurveData, facts: EpochFacts, more: list[tuple[str, ...]]) -> str:
    words = say(
        "Epoch {epoch}: accuracy {accuracy} in training and {validation_accuracy} in validation, "
        "loss {loss} and {validation_loss}.",
        epoch=facts.epoch,
        accuracy=_share(facts.accuracy),
        validation_accuracy=_share(facts.validation_accuracy),
        loss=_loss(facts.loss),
        validation_loss=_loss(facts.validation_loss),
    )
    lines = [words]
    if facts.epoch == curves.best_epoch:
        lines.append(say("This is the best epoch."))
    lines += [say("{name}: {value}.", name=name, value=values[-1]) for name, *values in more]
    return " ".join(lines)


def _class_rows(curves: CurveData, epoch: int) -> list[tuple[str, ...]]:
    details = next((each for each in curves.details if each.epoch == epoch), None)
    if details is None:
        return []
    drawn = worst_classes(curves)
    known = [
        (accuracy, number)
        for number, accuracy in enumerate(details.class_accuracies)
        if accuracy is not None and number in drawn
    ]
    return [
        (curves.classes[number], "", _share(accuracy))
        for accuracy, number in sorted(known)[:MOST_ROWS]
    ]


def _stage(curves: CurveData, facts: EpochFacts) -> str:
    """What was trained in the epoch, where there were several stages."""
    if not curves.borders:
        return ""
    titles = [title for after, title in sorted(curves.borders) if after < facts.epoch]
    number = str(facts.stage)
    return say("{number}: {title}", number=number, title=titles[-1]) if titles else number


def _share(value: float) -> str:
    return f"{value:.1%}" if math.isfinite(value) else say("not a number")


def _loss(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else say("not a number")


def _cell(text: str, color: str, align: str) -> str:
    return f"<td align='{align}' style='color:{color}'>{html.escape(text)}</td>"
