"""Problems of the training's settings: losses, labels and measures that do not go together."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

TRAINING_KINDS: dict[str, ProblemKind] = {
    "loss_needs_sigmoid": ProblemKind(
        N_(
            "Binary cross-entropy does not fit a softmax output, which has a number for each class."
        ),
        N_("Choose categorical cross-entropy, or for two classes sigmoid as output."),
    ),
    "loss_needs_softmax": ProblemKind(
        N_("Categorical cross-entropy does not fit a sigmoid output, which is a single number."),
        N_("Choose binary cross-entropy, or softmax as output."),
    ),
    "loss_without_shares": ProblemKind(
        N_(
            "Sparse categorical cross-entropy cannot take mixed pictures: each has several classes."
        ),
        N_("Choose categorical cross-entropy, or switch MixUp and CutMix off."),
    ),
    "smoothing_without_shares": ProblemKind(
        N_("Sparse categorical cross-entropy knows no label smoothing."),
        N_("Choose categorical cross-entropy, which does the same with it, or no smoothing."),
    ),
    "smoothing_of_squares": ProblemKind(
        N_("Mean squared error knows no label smoothing."),
        N_("Set label smoothing to 0, or choose a cross-entropy."),
    ),
    "nesterov_without_momentum": ProblemKind(
        N_("Nesterov looks ahead by the momentum, but momentum is 0."),
        N_("Switch Nesterov off, or set a momentum such as 0.9."),
        "warning",
    ),
    "top_k_of_all": ProblemKind(
        N_("Of {count} classes the right one is always among the first {received}."),
        N_("Choose a smaller number for top-k accuracy; 0 switches it off."),
        "warning",
    ),
}
