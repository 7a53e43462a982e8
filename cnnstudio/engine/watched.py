"""What is told of every epoch beside its figures: each class, and a few pictures to watch."""

import numpy as np

from cnnstudio.engine.answers import Probabilities
from cnnstudio.engine.parts import Part
from cnnstudio.project.epochs import EpochDetails, WatchedAnswer

MOST_WATCHED = 8


def watched_places(part: Part) -> tuple[int, ...]:
    """Places of up to eight pictures of ``part``, spread over its classes, and within a class over
    its pictures; always the same for the same part."""
    members = [np.flatnonzero(part.labels == label) for label in np.unique(part.labels)]
    if len(members) > MOST_WATCHED:
        chosen = np.linspace(0, len(members) - 1, MOST_WATCHED).round().astype(int)
        members = [members[each] for each in chosen]
    counts = [0] * len(members)
    while sum(counts) < min(MOST_WATCHED, sum(map(len, members))):
        for number, each in enumerate(members):
            if counts[number] < len(each) and sum(counts) < MOST_WATCHED:
                counts[number] += 1
    found = []
    for each, count in zip(members, counts, strict=True):
        found += [int(each[round(k)]) for k in np.linspace(0, len(each) - 1, count)]
    return tuple(found)


def details_of(
    epoch: int,
    part: Part,
    classes: tuple[str, ...],
    probabilities: Probabilities,
    watched: tuple[int, ...],
) -> EpochDetails:
    """From the answers (pictures, classes) for ``part``."""
    given = probabilities.argmax(axis=1)
    is_right = given == part.labels
    accuracies = []
    for label in range(len(classes)):
        of_class = is_right[part.labels == label]
        accuracies.append(float(of_class.mean()) if len(of_class) else None)
    answers = tuple(
        WatchedAnswer(
            file=part.files[place],
            label=classes[part.labels[place]],
            answer=classes[given[place]],
            probability=float(probabilities[place, given[place]]),
        )
        for place in watched
    )
    return EpochDetails(epoch, tuple(accuracies), answers)
