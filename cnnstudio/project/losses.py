"""Which loss a plan leads to, and what is wrong with a loss that does not fit the output."""

from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.network import OWN_MODEL
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.training import Loss
from cnnstudio.project.words import N_, say

Output = Literal["sigmoid", "softmax"]

_AUTOMATIC: dict[str, str] = {
    "sigmoid": N_("Binary cross-entropy: the output is one number between two classes (sigmoid)."),
    "mixed": N_("Categorical cross-entropy: mixed pictures belong to several classes in part."),
    "smoothed": N_(
        "Categorical cross-entropy: label smoothing gives every class a share of each label."
    ),
    "softmax": N_(
        "Sparse categorical cross-entropy: the output has a number for each class (softmax), and "
        "each picture one class."
    ),
    "unknown": N_(
        "Binary cross-entropy for two classes (sigmoid), sparse categorical cross-entropy for more "
        "(softmax)."
    ),
    "unknown_shares": N_(
        "Binary cross-entropy for two classes (sigmoid), categorical cross-entropy for more "
        "(softmax)."
    ),
}

_CHOSEN: dict[Loss, str] = {
    "sparse_categorical_crossentropy": N_(
        "Sparse categorical cross-entropy: minus the logarithm of what the right class is given."
    ),
    "categorical_crossentropy": N_(
        "Categorical cross-entropy: as the sparse one, with a share for each class as label."
    ),
    "binary_crossentropy": N_(
        "Binary cross-entropy: minus the logarithm of what the right one of two classes is given."
    ),
    "mean_squared_error": N_(
        "Mean squared error: how far each number of the output is from its label, squared."
    ),
    "focal": N_(
        "Focal loss: a cross-entropy in which pictures that are already right count for little."
    ),
}


@dataclass(frozen=True)
class ResolvedLoss:
    """The loss that is trained with, and a sentence that says what it is or why it was taken.

    ``loss`` is 'automatic' only where the output is not known yet.
    """

    loss: Loss
    why: str


def resolved_loss(
    project: Project, num_classes: int | None, output: Output | None = None
) -> ResolvedLoss:
    """What 'automatic' takes for ``num_classes`` classes, or what was chosen.

    ``output`` is that of the built network, which counts where a model of one's own keeps its own.
    """
    plan = project.training
    if plan.loss != "automatic":
        return ResolvedLoss(plan.loss, say(_CHOSEN[plan.loss]))
    output = planned_output(project, num_classes, output)
    wants_shares = project.augmentation.mixes or plan.label_smoothing > 0
    if output is None:
        return ResolvedLoss(
            "automatic", say(_AUTOMATIC["unknown_shares" if wants_shares else "unknown"])
        )
    if output == "sigmoid":
        return ResolvedLoss("binary_crossentropy", say(_AUTOMATIC["sigmoid"]))
    if wants_shares:
        reason = "mixed" if project.augmentation.mixes else "smoothed"
        return ResolvedLoss("categorical_crossentropy", say(_AUTOMATIC[reason]))
    return ResolvedLoss("sparse_categorical_crossentropy", say(_AUTOMATIC["softmax"]))


def planned_output(
    project: Project, num_classes: int | None, output: Output | None = None
) -> Output | None:
    """The output that ``project`` leads to, None where that is not certain: the classes are not
    counted yet, or a model of one's own brings its ``output`` along and is not open yet."""
    network = project.network
    if network.base == OWN_MODEL and network.keep_output:
        return output
    if network.output != "automatic":
        return network.output
    return None if num_classes is None else network.resolved_output(num_classes)


def loss_problems(
    project: Project, num_classes: int | None, output: Output | None = None
) -> list[Problem]:
    """Losses and measures that do not go with the rest of the plan; only what is certain.

    ``output`` is that of the built network, which counts where a model of one's own keeps its own.
    """
    plan = project.training
    output = planned_output(project, num_classes, output)
    found = []
    if output == "softmax" and plan.loss == "binary_crossentropy":
        found.append(Problem("loss_needs_sigmoid", "training.loss"))
    if output == "sigmoid" and plan.loss in (
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
    ):
        found.append(Problem("loss_needs_softmax", "training.loss"))
    elif plan.loss == "sparse_categorical_crossentropy":
        if project.augmentation.mixes:
            found.append(Problem("loss_without_shares", "training.loss"))
        if plan.label_smoothing:
            found.append(Problem("smoothing_without_shares", "training.label_smoothing"))
    if plan.loss == "mean_squared_error" and plan.label_smoothing:
        found.append(Problem("smoothing_of_squares", "training.label_smoothing"))
    if plan.optimizer == "sgd" and plan.nesterov and not plan.momentum:
        found.append(Problem("nesterov_without_momentum", "training.nesterov"))
    if num_classes is not None and plan.top_k >= num_classes:
        values: dict[str, str | int | float] = {"received": plan.top_k, "count": num_classes}
        found.append(Problem("top_k_of_all", "training.top_k", values=values))
    return found


def mended_loss(problem: Problem, project: Project) -> Project | None:
    """``project`` with the remedy of ``problem`` applied; None where it is none of these."""
    match problem.kind:
        case "loss_needs_sigmoid" | "loss_without_shares" | "smoothing_without_shares":
            return _with(project, loss="categorical_crossentropy")
        case "loss_needs_softmax":
            return _with(project, loss="binary_crossentropy")
        case "smoothing_of_squares":
            return _with(project, label_smoothing=0.0)
        case "nesterov_without_momentum":
            return _with(project, nesterov=False)
        case "top_k_of_all":
            count = int(problem.values["count"])
            return _with(project, top_k=count - 1 if count > 2 else 0)
        case _:
            return None


def _with(project: Project, **update: object) -> Project:
    return project.replacing(training=project.training.model_copy(update=update))
