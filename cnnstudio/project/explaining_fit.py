"""Findings that speak of training beside validation: overfitting, validation ahead, forgetting."""

import itertools

from cnnstudio.project.explaining_curves import FIRST_JUDGED, SPAN, Curves, moving_median
from cnnstudio.project.explaining_found import Found, percent, plain
from cnnstudio.project.problems import Value

RISE, RISE_LEFT = 1.10, 1.03
"""Validation loss beside its lowest: overfitting begins to be told, and is told no more."""

LEAST_RISE = 0.03
"""Part of guessing's loss by which validation loss rises at least: near nothing, all is noise."""

BETTER = 0.98
"""A validation loss below this part of the best one is a new best."""

RUINED = 1.5
"""With a validation loss that has grown so much, a little more accuracy is no comfort."""

STILL_LEARNS, LEARNS_MUCH = 0.9, 0.6
"""Training goes on where its loss is below this part of what it was at validation's best; the
second where validation does not get worse. Moving medians follow one epoch behind, so what was
there at the best is looked up one epoch after it."""

FLAT_EPOCHS = 5
"""So long validation has had no better loss where it does not rise either."""

GAP = 0.06
"""Training accuracy is ahead by so much, and by more than chance, where it overfits."""

AHEAD, AHEAD_LEFT = 0.05, 0.02
"""Validation accuracy is ahead by so much to be told, and until it is told no more."""

FORGOT = 0.05
"""So much validation accuracy is lost where a stage begins, and more than chance takes."""


def overfitting(curves: Curves) -> Found | None:
    """Validation has had its best while training goes on getting better."""
    found: Found | None = None
    # The first place with a whole span behind it: one lucky epoch makes no best.
    best = SPAN - 1
    smooth = curves.smooth_validation_loss
    for place in range(SPAN, len(curves)):
        if smooth[place] < BETTER * smooth[best]:
            best, found = place, None
        elif found is not None:
            is_back = found.sentence == "rises" and smooth[place] < RISE_LEFT * smooth[best]
            if is_back or not _gap(curves, place, 0.5):
                found = None
        elif _rises(curves, best, place):
            found = Found(_lowest_since(curves, best, place), sentence="rises")
        elif _stands_still(curves, best, place):
            found = Found(_lowest_since(curves, best, place), sentence="stands")
    if found is None:
        return None
    last = len(curves) - 1
    values: dict[str, Value] = {
        "loss_best": plain(curves.validation_loss[found.place]),
        "loss_now": plain(smooth[last]),
        "accuracy": percent(curves.accuracy[last]),
        "validation": percent(curves.validation_accuracy[last]),
    }
    # It begins after the best epoch.
    return Found(min(found.place + 1, last), values, found.sentence)


def _lowest_since(curves: Curves, best: int, place: int) -> int:
    """The epoch with the lowest loss from those of the smoothed best on, up to ``place``."""
    span = range(max(0, best - SPAN + 1), place + 1)
    return min(span, key=lambda each: curves.validation_loss[each])


def _rises(curves: Curves, best: int, place: int) -> bool:
    smooth = curves.smooth_validation_loss
    rise = smooth[place] - smooth[best]
    return (
        smooth[place] >= RISE * smooth[best]
        and rise > max(LEAST_RISE * (curves.chance_loss or 1.0), 2.5 * curves.jitter(place))
        and curves.smooth_loss[place] < STILL_LEARNS * curves.smooth_loss[best + 1]
        and (smooth[place] > RUINED * smooth[best] or not _still_gains(curves, best, place))
        and _gap(curves, place)
    )


def _stands_still(curves: Curves, best: int, place: int) -> bool:
    return (
        place - best >= FLAT_EPOCHS
        and curves.smooth_loss[place] < LEARNS_MUCH * curves.smooth_loss[best + 1]
        and not _still_gains(curves, best, place)
        and _gap(curves, place)
    )


def _still_gains(curves: Curves, best: int, place: int) -> bool:
    """Whether validation accuracy has grown since by more than chance."""
    gain = curves.validation_accuracy[place] - curves.validation_accuracy[best + 1]
    return gain > max(0.015, 1.5 * curves.validation_error(place))


def _gap(curves: Curves, place: int, scale: float = 1.0) -> bool:
    """Whether training is clearly ahead of validation, in both measures."""
    ahead = curves.accuracy[place] - curves.validation_accuracy[place]
    losses = curves.smooth_validation_loss[place], curves.smooth_loss[place]
    wanted = scale * max(GAP, 2.5 * curves.validation_error(place))
    return ahead > wanted and losses[0] > (1 + 0.3 * scale) * losses[1]


def validation_better(curves: Curves) -> Found | None:
    """Validation has been clearly ahead of training for some epochs."""
    found: Found | None = None
    leads = moving_median(_leads(curves))
    for place in range(FIRST_JUDGED - 1, len(curves)):
        ahead = leads[place]
        if found is not None:
            if ahead < AHEAD_LEFT:
                found = None
        elif ahead > max(AHEAD, 1.5 * _error_of_both(curves, place)) and _is_always_ahead(
            curves, place
        ):
            found = Found(place - SPAN + 1)
    if found is None:
        return None
    last = len(curves) - 1
    values: dict[str, Value] = {
        "accuracy": percent(curves.accuracy[last]),
        "validation": percent(curves.validation_accuracy[last]),
    }
    return Found(found.place, values)


def _leads(curves: Curves) -> list[float]:
    """How far validation accuracy is ahead, were both counted at the same time: training is
    counted all through the epoch, so it stands between validation before and after it."""
    history = curves.history
    middles = [
        (before.validation_accuracy + after.validation_accuracy) / 2
        for before, after in itertools.pairwise(history)
    ]
    leads = [middle - facts.accuracy for middle, facts in zip(middles, history[1:], strict=True)]
    return [0.0, *leads]


def _error_of_both(curves: Curves, place: int) -> float:
    squares = curves.validation_error(place) ** 2 + curves.training_error(place) ** 2
    return float(squares**0.5)


def _is_always_ahead(curves: Curves, place: int) -> bool:
    return all(
        facts.validation_accuracy > facts.accuracy + AHEAD_LEFT
        and facts.validation_loss < facts.loss
        for facts in curves.history[place - SPAN + 1 : place + 1]
    )


def forgetting(curves: Curves) -> Found | None:
    """Validation fell where a stage began, and has not come back."""
    found: Found | None = None
    before = 0
    for place in range(1, len(curves)):
        border = curves.first_of_stage[place]
        if border == 0:
            continue
        if border == place:
            found, before = None, place - 1
        losses, accuracies = curves.smooth_validation_loss, curves.validation_accuracy
        lost = accuracies[before] - _recent(curves, border, place)
        wanted = max(FORGOT, 2.5 * curves.validation_error(before))
        worse = _recent_loss(curves, border, place) > 1.3 * losses[before]
        if found is not None:
            if lost < 0.3 * wanted:
                found = None
        elif lost > wanted and worse:
            found = Found(border)
    if found is None:
        return None
    last = len(curves) - 1
    values: dict[str, Value] = {
        "before": percent(curves.validation_accuracy[found.place - 1]),
        "after": percent(_recent(curves, found.place, last)),
        "loss_before": plain(curves.smooth_validation_loss[found.place - 1]),
        "loss_after": plain(_recent_loss(curves, found.place, last)),
    }
    return Found(found.place, values)


def _recent(curves: Curves, border: int, place: int) -> float:
    """The best validation accuracy of the last epochs of the stage up to ``place``."""
    begin = max(border, place - SPAN + 1)
    return max(facts.validation_accuracy for facts in curves.history[begin : place + 1])


def _recent_loss(curves: Curves, border: int, place: int) -> float:
    begin = max(border, place - SPAN + 1)
    return min(curves.validation_loss[begin : place + 1])
