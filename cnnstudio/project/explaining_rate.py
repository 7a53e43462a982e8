"""Findings that speak of the learning rate: too high, too low, nothing learned, nothing more.

Each goes through the epochs once with two thresholds, a strict one to begin and a loose one to end,
so that noise around one of them does not switch it on and off. The thresholds were set on recorded
trainings and tried on others, see ``tests/project/histories``.
"""

from cnnstudio.project.explaining_curves import FIRST_JUDGED, Curves
from cnnstudio.project.explaining_found import Found, percent, plain
from cnnstudio.project.problems import Value

ABOVE_CHANCE = 2.0
"""A loss so many times that of guessing, with answers better than guessing, is overshooting."""

JUMP = 1.5
"""A training loss that grows to so many times its lowest is no noise."""

SHAKES = 0.07
"""A validation loss that jumps by such a part of itself while it is above guessing's is shaken."""

LEARNED_AGAIN = 0.7
"""Below this part of guessing's loss, what went wrong before is mended."""

SLOWEST_FALL, FASTEST_FALL = 0.002, 0.05
"""Part of the loss by which a rate that is too low makes it fall in an epoch."""

SLOW_LEVEL, SLOW_LEVEL_LEFT = 0.75, 0.6
"""A rate is only called too low while so much of guessing's loss is still there."""

FAR_FROM_END = 0.4
"""Part of guessing's loss that would still be there after the last planned epoch."""

STEADY = 0.85
"""So many of the steps go down where the rate is low: nothing is overshot."""

AT_CHANCE, AT_CHANCE_LEFT = 0.9, 0.85
"""Part of guessing's loss above which nothing is learned, and below which something is."""

PLATEAU_EPOCHS = 5
PLATEAU_FALL, PLATEAU_LEFT = 0.025, 0.05
"""A loss that falls by less in so many epochs is flat; one that falls by more moves again."""

GOOD_ENOUGH = 0.9
"""Above this validation accuracy, a curve that is flat has simply arrived."""


def rate_too_high(curves: Curves) -> Found | None:
    """The loss jumps, grows, or stays above guessing's; or accuracy falls back to guessing."""
    found: Found | None = None
    chance = curves.chance_loss
    for place in range(FIRST_JUDGED - 1, len(curves)):
        if found is None:
            if _overshoots(curves, place):
                found = _too_high(curves, place)
        elif curves.smooth_loss[place] < LEARNED_AGAIN * min(
            curves.lowest_loss[found.place - 1], chance or float("inf")
        ):
            found = None
    return found


def _overshoots(curves: Curves, place: int) -> bool:
    stage = curves.first_of_stage[place]
    if stage > 0:
        # A drop where a stage begins is told as forgetting.
        return False
    lowest, now = curves.lowest_loss[place - 1], curves.loss[place]
    rise = now - lowest
    chance, chance_accuracy = curves.chance_loss, curves.chance_accuracy
    if chance is None or chance_accuracy is None:
        return now > 2 * JUMP * lowest and rise > 8 * curves.loss_error(now) and rise > 0.5
    error = curves.training_error(place)
    losses = curves.smooth_loss[place], curves.smooth_validation_loss[place]
    is_jump = now > max(JUMP * lowest, 0.5 * chance)
    is_jump = is_jump and rise > max(0.2 * chance, 4 * curves.loss_error(now))
    is_stuck = not _falls(curves, place) and losses[0] > 0.95 * curves.smooth_loss[place - 2]
    is_sure = curves.accuracy[place] > chance_accuracy + max(0.08, 3 * error)
    is_far_off = is_sure and min(losses) > ABOVE_CHANCE * chance
    is_astray = is_sure and min(losses) > chance and is_stuck
    shakes = curves.jitter(place) > SHAKES * losses[1]
    is_shaken = shakes and min(losses) > 1.03 * chance and is_stuck
    # An untrained network knows nothing of uneven classes: its guess is worse than theirs.
    blind = curves.guessing.blind if curves.guessing is not None else chance
    blew_up = curves.loss[0] > ABOVE_CHANCE * blind and min(losses) > 0.95 * chance
    blew_up = blew_up and not _falls(curves, place)
    best = curves.best_accuracy[place - 1]
    forgot = best > chance_accuracy + max(0.15, 4 * error)
    forgot = forgot and curves.history[place].accuracy < chance_accuracy + max(0.03, 2 * error)
    return is_jump or is_far_off or is_astray or is_shaken or blew_up or forgot


def _falls(curves: Curves, place: int) -> bool:
    """Whether the validation loss has fallen in nearly every epoch: nothing is overshot."""
    return curves.falls[place] >= STEADY


def _too_high(curves: Curves, place: int) -> Found:
    chance = curves.chance_loss
    lowest = curves.lowest_loss[place - 1]
    now = curves.loss[place]
    if chance is not None and now < chance:
        sentence = "jumps"
    elif chance is None or now > JUMP * lowest:
        sentence = "grows"
    else:
        sentence = "above"
    values: dict[str, Value] = {
        "loss": plain(now),
        "lowest": plain(lowest),
        "chance_loss": plain(chance or 0.0),
    }
    return Found(place, values, sentence)


def rate_too_low(curves: Curves, planned: int) -> Found | None:
    """The loss falls at each epoch, by very little, and ``planned`` epochs will not be enough."""
    found: Found | None = None
    chance = curves.chance_loss
    if chance is None:
        return None
    for place in range(FIRST_JUDGED - 1, len(curves)):
        if curves.first_of_stage[place] > 0:
            break
        level = curves.smooth_loss[place]
        if found is not None:
            if level < SLOW_LEVEL_LEFT * chance or _fall(curves, place) > 2 * FASTEST_FALL:
                found = None
        elif (
            level > SLOW_LEVEL * chance
            and _falls(curves, place)
            and SLOWEST_FALL < _fall(curves, place) < FASTEST_FALL
            and _loss_at(curves, place, planned) > FAR_FROM_END * chance
            and not _slows_down(curves, place)
        ):
            found = Found(place)
    if found is None:
        return None
    last = len(curves) - 1
    values: dict[str, Value] = {
        "epochs": last + 1,
        "loss_first": plain(curves.loss[0]),
        "loss_now": plain(curves.loss[last]),
    }
    return Found(found.place, values)


def _fall(curves: Curves, place: int) -> float:
    """By what part the losses fall in an epoch, the mean since the start; of the two curves the
    one that falls faster."""
    falls = []
    for values in (curves.loss, curves.validation_loss):
        falls.append((values[0] - values[place]) / max(values[0], 1e-12) / place)
    return max(falls)


def _slows_down(curves: Curves, place: int) -> bool:
    """Whether the loss falls much less now than at first: then it is no matter of the rate."""
    back = max(0, place - 3)
    recent = (curves.validation_loss[back] - curves.validation_loss[place]) / (place - back)
    mean = (curves.validation_loss[0] - curves.validation_loss[place]) / place
    return recent < 0.5 * mean


def _loss_at(curves: Curves, place: int, epoch: int) -> float:
    """The training loss at ``epoch`` if it falls on as the last epochs did."""
    back = max(0, place - 3)
    slope = (curves.loss[place] - curves.loss[back]) / max(1, place - back)
    return curves.smooth_loss[place] + min(0.0, slope) * max(0, epoch - place - 1)


def not_learning(curves: Curves) -> Found | None:
    """Training loss and validation are as good as guessing."""
    found: Found | None = None
    chance, chance_loss = curves.chance_accuracy, curves.chance_loss
    if chance is None or chance_loss is None:
        return None
    for place in range(FIRST_JUDGED - 1, len(curves)):
        knows = curves.validation_accuracy[place] - chance
        error = curves.validation_error(place)
        level = curves.smooth_loss[place] / chance_loss
        if found is not None:
            if knows > max(0.08, 3 * error) or level < AT_CHANCE_LEFT:
                found = None
        elif (
            level > AT_CHANCE
            and curves.smooth_validation_loss[place] > 0.96 * chance_loss
            and (knows < max(0.03, 2 * error) or (knows < 0.15 and _stands(curves, place)))
            and not (_falls(curves, place) and _fall(curves, place) > SLOWEST_FALL)
        ):
            found = Found(place)
    if found is None:
        return None
    last = len(curves) - 1
    values: dict[str, Value] = {
        "epochs": last + 1,
        "accuracy": percent(curves.history[last].validation_accuracy),
        "chance": percent(chance),
    }
    return Found(found.place, values)


def _stands(curves: Curves, place: int) -> bool:
    """Whether both losses are where they were in the first epoch."""
    pairs = (curves.smooth_loss, curves.loss), (curves.validation_loss, curves.validation_loss)
    return all(smooth[place] > 0.99 * raw[0] for smooth, raw in pairs)


def plateau(curves: Curves) -> Found | None:
    """Neither part has got better for some epochs, far from everything being right."""
    found: Found | None = None
    for place in range(FIRST_JUDGED - 1, len(curves)):
        if found is not None:
            if _moves_again(curves, found.place, place):
                found = None
        elif _is_flat(curves, place):
            found = Found(place - PLATEAU_EPOCHS)
    if found is None:
        return None
    last = len(curves) - 1
    values: dict[str, Value] = {
        "epochs": last - found.place,
        "accuracy": percent(curves.accuracy[last]),
        "validation": percent(curves.validation_accuracy[last]),
    }
    return Found(found.place, values)


def _moves_again(curves: Curves, begin: int, place: int) -> bool:
    """Whether a loss falls fast again, or much more is right than where the plateau began."""
    back = place - PLATEAU_EPOCHS
    for values in (curves.smooth_loss, curves.smooth_validation_loss):
        if values[place] < (1 - PLATEAU_LEFT) * values[back]:
            return True
    gain = curves.validation_accuracy[place] - curves.validation_accuracy[begin]
    return gain > max(0.03, 2 * curves.validation_error(place))


def _is_flat(curves: Curves, place: int) -> bool:
    back = place - PLATEAU_EPOCHS
    if back < max(curves.first_of_stage[place], FIRST_JUDGED - 1):
        return False
    if max(curves.accuracy[place], curves.validation_accuracy[place]) > GOOD_ENOUGH:
        return False
    losses = (curves.smooth_loss, curves.smooth_validation_loss)
    for values in losses:
        if min(values[place], _recent_mean(values, place)) < (1 - PLATEAU_FALL) * values[back]:
            return False
    gain = curves.validation_accuracy[place] - curves.validation_accuracy[back]
    return gain < max(0.01, curves.validation_error(place))


def _recent_mean(values: list[float], place: int) -> float:
    """The mean of the last values up to ``place``."""
    shown = values[place - 2 : place + 1]
    return sum(shown) / len(shown)
