"""What is said of a choice of trained layers: risks, costs, and what is computed once."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

FREEZING_KINDS: dict[str, ProblemKind] = {
    "features_disk_full": ProblemKind(
        N_("There is no room in {path} to keep what the frozen layers give."),
        N_("The frozen layers run in every epoch, which takes longer. Make room on the disk."),
        "warning",
    ),
    "features_not_kept": ProblemKind(
        N_("What the frozen layers give cannot be kept in {path}: {reason}."),
        N_("The frozen layers run in every epoch, which takes longer."),
        "warning",
    ),
    "batch_norm_thawed": ProblemKind(
        N_(
            "Batch normalisations of the base are trained ({count}), with only {batch_size} "
            "pictures a batch."
        ),
        N_(
            "Their averages would wander with so few. Keep them frozen, or take 32 pictures a "
            "batch or more."
        ),
        "warning",
    ),
    "rate_too_high": ProblemKind(
        N_("Layers that already know much are trained ({count}) at a rate of {rate}."),
        N_(
            "Big steps undo what they have learned. Two stages keep it: first the head alone, then "
            "these layers at a rate of {lower}."
        ),
        "warning",
    ),
    "stage_rate_too_high": ProblemKind(
        N_("Stage {stage} trains layers that already know much ({count}) at a rate of {rate}."),
        N_(
            "Big steps undo what they have learned. A share of {share} keeps it: a rate of {lower}."
        ),
        "warning",
    ),
    "rate_far_above": ProblemKind(
        N_("The learning rate of {rate} is {times} times what is usual for this optimiser."),
        N_("The loss will most likely jump and stay high. A rate of {usual} is usual."),
        "warning",
    ),
    "stage_frozen_random": ProblemKind(
        N_("Stage {stage} keeps layers frozen that begin with random numbers."),
        N_(
            "They know nothing yet, and what is trained can only guess from them. Train everything."
        ),
        "warning",
    ),
    "stage_without_epochs": ProblemKind(
        N_("'{stage}' is a stage of 0 epochs, in which nothing would be learned."),
        N_("Give at least 1, or no number: then it takes as many as training.epochs says."),
    ),
    "stage_unknown_layer": ProblemKind(
        N_("Stage {stage} trains a layer called '{name}', which {network} does not have."),
        N_("Choose its layers anew, or take the network that they came from."),
    ),
    "stage_too_many_blocks": ProblemKind(
        N_("Stage {stage} trains {received} blocks, but the base of {network} has {count}."),
        N_("Choose a number of up to {count}."),
    ),
    "stage_too_many_layers": ProblemKind(
        N_("Stage {stage} trains {received} layers, but the base of {network} has {count}."),
        N_("Choose a number of up to {count}."),
    ),
    "stage_trains_nothing": ProblemKind(
        N_("Stage {stage} trains no layer with parameters, so nothing would be learned in it."),
        N_("Let it train something, or take it out."),
    ),
    "hole_in_the_middle": ProblemKind(
        N_("Frozen layers stand above trained ones ({count}), such as {names}."),
        N_(
            "What they are given changes, and they cannot follow. Train them too, or freeze "
            "everything before them."
        ),
        "warning",
    ),
    "flatten_outweighs": ProblemKind(
        N_("Flatten makes a head of {flatten} parameters; the whole base has {base}."),
        N_("Global average pooling needs {pooled}: quicker, and fewer pictures are enough."),
        "warning",
    ),
    "memory_short": ProblemKind(
        N_("Training takes about {needed} GB of memory; this PC has {there} GB."),
        N_("Take {batch_size} pictures a batch: that fits."),
        "warning",
    ),
    "memory_never_enough": ProblemKind(
        N_("Training takes about {needed} GB of memory; this PC has {there} GB."),
        N_("Train fewer layers, or take smaller pictures or a smaller network."),
        "warning",
    ),
}
