"""Problems of augmentation: where variants are made once, and presets kept."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

AUGMENTATION_KINDS: dict[str, ProblemKind] = {
    "variants_disk_full": ProblemKind(
        N_("There is no room on the disk for the prepared variants: {megabytes} MB in {path}."),
        N_("Make room, choose fewer variants, or choose 'Fresh in every epoch'."),
    ),
    "variants_not_written": ProblemKind(
        N_("The prepared variants cannot be written to {path}: {reason}."),
        N_("Choose 'Fresh in every epoch', or another folder for CNNSTUDIO_CACHE."),
    ),
    "presets_not_written": ProblemKind(
        N_("The preset could not be kept in {path}: {reason}."),
        N_("Make room on the disk or allow writing there, and try again."),
        "warning",
    ),
}
