"""What is said of a finding in the curves: term, what is seen, what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cnnstudio.project.explaining_remedies import Remedy
from cnnstudio.project.problems import Value
from cnnstudio.project.words import N_, say

Kind = Literal[
    "not_a_number",
    "forgetting",
    "rate_too_high",
    "not_learning",
    "overfitting",
    "rate_too_low",
    "plateau",
    "too_few_validation",
    "validation_better",
    "early_stopped",
]
Tone = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class ExplanationKind:
    """The marked sentences of one kind; ``tone`` says whether something is wrong.

    ``also_seen`` has what is seen instead where another sentence fits, by its name.
    """

    title: str
    seen: str
    means: str
    tone: Tone = "warning"
    also_seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """One thing that the curves show since ``epoch`` (from 1).

    ``more`` are marked sentences that hold in this case, such as reasons; they are filled from
    the same ``values``. ``sentence`` names what is seen where a kind has several.
    """

    kind: Kind
    epoch: int
    values: Mapping[str, Value] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    more: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def tone(self) -> Tone:
        """How it is meant."""
        return EXPLANATIONS[self.kind].tone

    @property
    def title(self) -> str:
        """The term, in the chosen language."""
        return self._sentence(EXPLANATIONS[self.kind].title)

    @property
    def seen(self) -> str:
        """What is seen, with numbers, in the chosen language."""
        kind = EXPLANATIONS[self.kind]
        return self._sentence(kind.also_seen.get(self.sentence, kind.seen))

    @property
    def means(self) -> str:
        """What it means and what helps that no button does, in the chosen language."""
        sentences = (EXPLANATIONS[self.kind].means, *self.more)
        return " ".join(self._sentence(each) for each in sentences)

    def _sentence(self, marked: str) -> str:
        return say(marked, **(dict(self.values) | {"epoch": self.epoch}))


EXPLANATIONS: dict[Kind, ExplanationKind] = {
    "not_a_number": ExplanationKind(
        N_("The loss is no number any more"),
        N_("In epoch {epoch} it grew beyond all numbers (NaN), and training ended there."),
        N_("The steps were far too big: the weights ran away."),
        "error",
    ),
    "forgetting": ExplanationKind(
        N_("The base forgets since epoch {epoch}"),
        N_(
            "When more layers began to learn, validation fell from {before} to {after}, and its "
            "loss went from {loss_before} to {loss_after}."
        ),
        N_("Steps this big undo what the base knew. Fine-tuning wants much smaller ones."),
    ),
    "rate_too_high": ExplanationKind(
        N_("The learning rate is too high"),
        N_(
            "In epoch {epoch} the training loss was {loss}. Someone who only guesses has "
            "{chance_loss}."
        ),
        N_("Each step jumps over its goal. Smaller steps get there."),
        also_seen={
            "grows": N_("The training loss grows: {loss} in epoch {epoch}, {lowest} before."),
            "jumps": N_("The training loss jumped up in epoch {epoch}: {loss} after {lowest}."),
        },
    ),
    "not_learning": ExplanationKind(
        N_("Not learning yet"),
        N_(
            "After {epochs} epochs {accuracy} of the validation pictures are right; guessing gets "
            "{chance}."
        ),
        N_("The network has found nothing yet that tells the classes apart."),
    ),
    "overfitting": ExplanationKind(
        N_("Overfitting began at epoch {epoch}"),
        N_(
            "Training still improves, validation does not: its loss went from {loss_best} to "
            "{loss_now}."
        ),
        N_(
            "The network learns its pictures by heart, which does not help with new ones. The "
            "model of epoch {best} is kept."
        ),
        also_seen={
            "stands": N_(
                "Training still improves, validation does not: {accuracy} against {validation}."
            )
        },
    ),
    "rate_too_low": ExplanationKind(
        N_("The learning rate is too low"),
        N_(
            "The training loss falls steadily but slowly: from {loss_first} to {loss_now} in "
            "{epochs} epochs."
        ),
        N_("Each step is tiny, and the goal is far. Bigger steps get there sooner."),
    ),
    "plateau": ExplanationKind(
        N_("Plateau since epoch {epoch}"),
        N_(
            "Neither training ({accuracy}) nor validation ({validation}) gets better; that is "
            "{epochs} epochs now."
        ),
        N_("The network has learned what it can in this way; more epochs change nothing."),
    ),
    "too_few_validation": ExplanationKind(
        N_("Too few validation pictures to tell"),
        N_(
            "{accuracy} right in the best epoch, but of only {count} pictures: with others it "
            "could be {low} to {high}."
        ),
        N_("That is the 95% interval. Small ups and downs of the curve are chance."),
        "note",
    ),
    "validation_better": ExplanationKind(
        N_("Validation is better than training"),
        N_("{validation} of the validation pictures are right, {accuracy} in training."),
        N_("That is no mistake."),
        "note",
    ),
    "early_stopped": ExplanationKind(
        N_("Stopped early after epoch {epoch}"),
        N_("Validation had not got better for {epochs} epochs."),
        N_("The model of epoch {best} is kept: it was the best, with {accuracy} right."),
        "note",
    ),
}
"""The most important first."""

REASONS: dict[str, str] = {
    "augmentation": N_("Augmentation makes the training pictures harder; validation has none."),
    "mixing": N_("Training pictures are mixed, validation pictures are not."),
    "dropout": N_("Dropout leaves out a part of the network in training only."),
    "average": N_("Validation is asked the average of the last weights, which is calmer."),
    "mean": N_("Training is counted all through the epoch while it learns, validation at its end."),
    "luck": N_("The validation pictures may happen to be the easier ones."),
}
"""Why validation can be better than training."""

ADVICE: dict[str, str] = {
    "more_pictures": N_("More pictures help most."),
    "more_pictures_tell": N_("More pictures tell more."),
    "check_labels": N_("Are the pictures in the right classes?"),
    "larger_network": N_("A larger network or larger pictures can tell more."),
}
"""What helps that no button does."""
