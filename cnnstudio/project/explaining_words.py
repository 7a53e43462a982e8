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
    """The marked sentences of one kind; ``tone`` says whether something is wrong."""

    title: str
    seen: str
    means: str
    tone: Tone = "warning"


@dataclass(frozen=True)
class Explanation:
    """One thing that the curves show since ``epoch`` (from 1).

    ``more`` are marked sentences that hold in this case, such as reasons; they are filled from
    the same ``values``.
    """

    kind: Kind
    epoch: int
    values: Mapping[str, Value] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    more: tuple[str, ...] = ()

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
        return self._sentence(EXPLANATIONS[self.kind].seen)

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
        N_("In epoch {epoch} it grew beyond all numbers (NaN), and the training ended."),
        N_("The steps were far too big, so the weights ran away."),
        "error",
    ),
    "forgetting": ExplanationKind(
        N_("The base forgets since epoch {epoch}"),
        N_(
            "When more layers began to learn, validation fell from {before} to {after} and its "
            "loss rose from {loss_before} to {loss_after}."
        ),
        N_(
            "Steps this big undo what the base knew. Fine-tuning wants a rate about a hundredth "
            "of the usual."
        ),
    ),
    "rate_too_high": ExplanationKind(
        N_("The learning rate is too high"),
        N_("In epoch {epoch} the training loss was {loss}; guessing has {chance_loss}."),
        N_("Each step overshoots its goal. Smaller steps get there."),
    ),
    "not_learning": ExplanationKind(
        N_("Not learning yet"),
        N_(
            "After {epochs} epochs {accuracy} of the training pictures are right; guessing gets "
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
    ),
    "rate_too_low": ExplanationKind(
        N_("The learning rate is too low"),
        N_(
            "The training loss falls steadily but slowly: from {loss_first} to {loss_now} in "
            "{epochs} epochs."
        ),
        N_("Each step is tiny, so the goal is far away. Bigger steps get there sooner."),
    ),
    "plateau": ExplanationKind(
        N_("A plateau since epoch {epoch}"),
        N_(
            "Neither training ({accuracy}) nor validation ({validation}) has got better for "
            "{epochs} epochs."
        ),
        N_("More of the same changes nothing."),
    ),
    "too_few_validation": ExplanationKind(
        N_("Too few validation pictures to tell"),
        N_(
            "The best epoch has {accuracy}, counted on {count} pictures. The true value lies "
            "between {low} and {high} (95 times in 100)."
        ),
        N_("Small ups and downs of the curve are chance."),
        "note",
    ),
    "validation_better": ExplanationKind(
        N_("Validation is better than training"),
        N_(
            "{validation} of the validation pictures are right and {accuracy} of the training "
            "pictures."
        ),
        N_("That is no mistake."),
        "note",
    ),
    "early_stopped": ExplanationKind(
        N_("Stopped early after epoch {epoch}"),
        N_("Validation had not got better for {epochs} epochs."),
        N_("The model of epoch {best} is kept: it was the best, with {accuracy}."),
        "note",
    ),
}
"""The most important first."""
