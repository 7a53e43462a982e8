"""Each plot as a value: which lines, in what part of the plane, with which marks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.ui.class_colors import PALETTE
from cnnstudio.ui.widgets.curve_data import (
    CurveData,
    Look,
    Point,
    joined,
    laid_over,
    loss_range,
    percent_range,
    smoothed,
)

Style = Literal["solid", "dash", "dot", "dash_dot"]
Scale = Literal["percent", "loss", "rate"]
STYLES: tuple[Style, ...] = ("solid", "dash", "dot", "dash_dot")

MOST_CLASSES = 20
WORST_CLASSES = 10
"""Of more than :data:`MOST_CLASSES` classes only so many are drawn."""

MEASURES: tuple[tuple[str, str, Style], ...] = (
    ("top_k", N_("top-k accuracy"), "dot"),
    ("macro_f1", N_("macro F1"), "dash_dot"),
    ("auc", N_("AUC"), "dot"),
)
"""Field of :class:`EpochFacts` and token of its colour, title, style of its line."""


@dataclass(frozen=True)
class Line:
    """``color`` is a token or ``#RRGGBB``; ``strength`` 0 to 1 is how opaque it is. A line that
    ``is_named`` has its title at its end. ``is_read`` gets a dot where values are read off."""

    title: str
    color: str
    points: Sequence[Point]
    style: Style = "solid"
    width: float = 2.2
    strength: float = 1.0
    in_legend: bool = False
    is_named: bool = False
    is_read: bool = False


@dataclass(frozen=True)
class Plot:
    """``borders`` have a place, words, and fewer words where there is little room (none: only a
    line). ``best`` is where the ring stands; ``empty`` is said where there is no line."""

    title: str
    scale: Scale
    lines: tuple[Line, ...] = ()
    low: float = 0.0
    high: float = 1.0
    is_logarithmic: bool = False
    borders: tuple[tuple[float, str, str], ...] = ()
    best: Point | None = None
    note: str = ""
    empty: str = ""

    def share(self, value: float) -> float:
        """How high ``value`` stands: 0 at the bottom, 1 at the top."""
        low, high = self.low, self.high
        if self.is_logarithmic:
            value, low, high = (math.log10(max(1e-12, each)) for each in (value, low, high))
        return (value - low) / max(1e-12, high - low)


def accuracy_plot(curves: CurveData, look: Look) -> Plot:
    """Accuracy by batch and epoch, other measures, earlier runs; or the accuracy of classes."""
    if look.by_class:
        return _class_plot(curves, look)
    history = curves.history
    by_batch = joined(((x, y) for x, _, y in curves.batch_points), look.noise_width)
    training = [(float(each.epoch), each.accuracy) for each in history]
    validation = [(float(each.epoch), each.validation_accuracy) for each in history]
    measured = []
    for field, title, style in MEASURES:
        points = _measured(history, field)
        if points:
            measured.append(
                Line(say(title), field, points, style, 1.8, in_legend=True, is_read=True)
            )
    lines = _run_lines(by_batch, training, validation, look)
    earlier = _earlier_lines(curves, look, "validation_accuracy")
    lines = (*earlier, *lines[:-2], *_all_smoothed(measured, look), *lines[-2:])
    low, high = percent_range(_values([line.points for line in lines], look), look)
    return Plot(
        say("Accuracy"),
        "percent",
        _without_empty(lines),
        low,
        high,
        borders=_borders(curves),
        best=_best(validation, curves.best_epoch),
        empty=say(
            "Here two lines will rise: the share of right answers on the pictures that the network "
            "learns from, and on those it never learns from."
        ),
    )


def loss_plot(curves: CurveData, look: Look) -> Plot:
    """Loss by batch and epoch, and that of earlier runs."""
    history = curves.history
    by_batch = joined(((x, y) for x, y, _ in curves.batch_points), look.noise_width)
    training = [(float(each.epoch), each.loss) for each in history]
    validation = [(float(each.epoch), each.validation_loss) for each in history]
    lines = _run_lines(by_batch, training, validation, look, in_legend=look.by_class)
    earlier = _earlier_lines(curves, look, "validation_loss")
    lines = (*earlier, *lines)
    by_epoch = [training, validation, *(line.points for line in earlier)]
    low, high = loss_range(_values(by_epoch, look), _values([by_batch], look))
    return Plot(
        say("Loss"),
        "loss",
        _without_empty(lines),
        low,
        high,
        borders=_bare_borders(curves),
        best=_best(validation, curves.best_epoch),
        empty=say("Here they will fall: how far the answers are from the truth."),
    )


def rate_plot(curves: CurveData, look: Look) -> Plot:
    """The learning rate, on steps of ten where it spans more than one."""
    known = [each for each in curves.history if each.learning_rate > 0]
    points: list[Point] = []
    changes = sum(a.learning_rate != b.learning_rate for a, b in pairwise(known))
    has_steps = changes * 2 <= len(known)
    before = None
    for each in known:
        begins = before is None or has_steps or before.stage != each.stage
        if begins:  # A rate holds from the end of the epoch before.
            points.append((each.epoch - 1.0, each.learning_rate))
        points.append((float(each.epoch), each.learning_rate))
        before = each
    seen = [y for x, y in points if look.begin <= x <= look.end] or [y for _, y in points]
    low, high = min(seen, default=0.0), max(seen, default=1.0)
    is_logarithmic = low > 0 and high / low > 10
    if low == high:
        low, high = low / 2, high * 1.5
    lines = (Line(say("learning rate"), "rate", points, "solid", 1.8, is_read=True),)
    return Plot(
        say("Learning rate"),
        "rate",
        _without_empty(lines),
        low,
        high,
        is_logarithmic,
        borders=_bare_borders(curves),
        empty=say("It is told from the first epoch on."),
    )


def worst_classes(curves: CurveData) -> list[int]:
    """Which classes are drawn, by their place in the run's order, the worst at the end first."""
    latest: dict[int, float] = {}
    for details in curves.details:
        for number, accuracy in enumerate(details.class_accuracies[: len(curves.classes)]):
            if accuracy is not None:
                latest[number] = accuracy
    ranked = sorted(latest, key=lambda number: (latest[number], number))
    return ranked if len(ranked) <= MOST_CLASSES else ranked[:WORST_CLASSES]


def _class_plot(curves: CurveData, look: Look) -> Plot:
    drawn = worst_classes(curves)
    lines = []
    for number in drawn:
        points = [
            (float(details.epoch), accuracy)
            for details in curves.details
            if number < len(details.class_accuracies)
            and (accuracy := details.class_accuracies[number]) is not None
        ]
        color = PALETTE[number % len(PALETTE)][1]
        if number < len(curves.colors):
            color = curves.colors[number]
        style = STYLES[(number + number // len(PALETTE)) % len(STYLES)]
        lines.append(
            Line(curves.classes[number], color, points, style, 1.8, is_named=True, is_read=True)
        )
    shown = _all_smoothed(lines, look)
    low, high = percent_range(_values([line.points for line in shown], look), look)
    note = ""
    if lines and len(drawn) < len(curves.classes) and len(curves.classes) > MOST_CLASSES:
        note = say_count(
            "the {count} worst of {classes} classes",
            "the {count} worst of {classes} classes",
            len(drawn),
            classes=len(curves.classes),
        )
    return Plot(
        say("Validation accuracy by class"),
        "percent",
        _without_empty(tuple(reversed(shown))),  # The worst is drawn last, above the others.
        low,
        high,
        borders=_borders(curves),
        note=note,
        empty=say("Here each class will have a line of its own, from the first epoch on.")
        if not curves.history
        else say("This run did not keep how well it did on each class."),
    )


def _run_lines(
    by_batch: Sequence[Point],
    training: Sequence[Point],
    validation: Sequence[Point],
    look: Look,
    in_legend: bool = True,
) -> tuple[Line, ...]:
    """A run's own lines; where they are smoothed, the raw ones stay faint below them."""
    batch = Line(say("training by batch"), "training", by_batch, "solid", 1.2, 0.38)
    lines = [
        Line(say("training"), "training", training, in_legend=in_legend, is_read=True),
        Line(say("validation"), "validation", validation, "dash", 2.2, 1.0, in_legend, False, True),
    ]
    if not look.smoothing:
        return (batch, *lines)
    smooth = replace(batch, points=smoothed(by_batch, look.smoothing), strength=0.55)
    faint, strong = _apart(lines, look)
    return (replace(batch, strength=0.2), smooth, *faint, *strong)


def _all_smoothed(lines: Sequence[Line], look: Look) -> tuple[Line, ...]:
    if not look.smoothing:
        return tuple(lines)
    faint, strong = _apart(lines, look)
    return (*faint, *strong)


def _apart(lines: Sequence[Line], look: Look) -> tuple[list[Line], list[Line]]:
    faint = [
        replace(line, width=1.2, strength=0.35, style="solid", in_legend=False, is_named=False)
        for line in lines
    ]
    strong = [
        replace(line, points=smoothed(line.points, look.smoothing), is_read=False) for line in lines
    ]
    return faint, strong


def _earlier_lines(curves: CurveData, look: Look, field: str) -> tuple[Line, ...]:
    lines = []
    for number, (name, history) in enumerate(laid_over(curves, look.overlaid)):
        points = [(float(each.epoch), float(getattr(each, field))) for each in history]
        points = smoothed(points, look.smoothing) if look.smoothing else points
        style = STYLES[number % len(STYLES)]
        lines.append(Line(name, "earlier", points, style, 1.3, is_named=True))
    return tuple(lines)


def _measured(history: Sequence[EpochFacts], field: str) -> list[Point]:
    return [
        (float(each.epoch), float(value))
        for each in history
        if (value := getattr(each, field)) is not None
    ]


def _borders(curves: CurveData) -> tuple[tuple[float, str, str], ...]:
    """Where each stage begins, with its number and title; the first has no border and may be
    untold."""
    told = sorted(curves.borders)
    first = 1 if told and told[0][0] <= 0 else 2
    return tuple(
        (float(epoch), say("{number} · {title}", number=number, title=title), str(number))
        for number, (epoch, title) in enumerate(told, first)
    )


def _bare_borders(curves: CurveData) -> tuple[tuple[float, str, str], ...]:
    return tuple((place, "", "") for place, *_ in _borders(curves))


def _best(points: Sequence[Point], epoch: int) -> Point | None:
    return next((point for point in points if point[0] == epoch), None)


def _values(lines: Sequence[Sequence[Point]], look: Look) -> list[float]:
    """The values in the part that is seen."""
    return [y for points in lines for x, y in points if look.begin <= x <= look.end]


def _without_empty(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.points)
