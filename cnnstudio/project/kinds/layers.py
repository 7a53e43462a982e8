"""Problems of a list of layers."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

LAYER_KINDS: dict[str, ProblemKind] = {
    "layer_window_too_large": ProblemKind(
        N_("'{name}' looks at squares of {window} px, but its maps have only {height} × {width}."),
        N_("Use padding 'same', a smaller square, fewer poolings before it, or larger pictures."),
    ),
    "layer_wants_list": ProblemKind(
        N_("'{name}' takes a list of numbers, but is given maps of {height} × {width}."),
        N_("Insert Flatten or a global pooling before it."),
    ),
    "layer_wants_maps": ProblemKind(
        N_("'{name}' takes maps, but is given a list of {count} numbers."),
        N_("Move it before the layer that makes a list of the maps ('{maker}')."),
    ),
    "layer_list_already": ProblemKind(
        N_("'{name}' makes a list of maps, but is given a list of {count} numbers already."),
        N_("Remove it: nothing changes by that."),
    ),
    "layer_flat_already": ProblemKind(
        N_("'{name}' changes nothing: it is given a list of {count} numbers already."),
        N_("Remove it."),
        "warning",
    ),
    "layer_changes_nothing": ProblemKind(
        N_("'{name}' changes nothing: its squares have a single pixel."),
        N_("Choose a larger size, or remove it."),
        "warning",
    ),
    "layer_maps_are_points": ProblemKind(
        N_("'{name}' changes nothing: its maps have a single pixel already."),
        N_("Remove it, or take out a pooling before it."),
        "warning",
    ),
    "layer_too_many_parameters": ProblemKind(
        N_("'{name}' would have {count} parameters, {gigabytes} GB of numbers."),
        N_("Choose fewer units or filters, or make the maps smaller before it."),
    ),
    "layer_maps_too_large": ProblemKind(
        N_("'{name}' would give {count} numbers for each picture, {gigabytes} GB."),
        N_("Choose fewer filters, larger strides, or smaller pictures."),
    ),
    "layer_name_twice": ProblemKind(
        N_("Two layers are called '{name}'."), N_("Give one of them another name.")
    ),
    "layer_name_reserved": ProblemKind(
        N_("'{name}' is the name of another part of the network."),
        N_("Give the layer another name."),
    ),
    "layer_name_unusable": ProblemKind(
        N_("A layer cannot be called '{name}'."),
        N_("Use English letters, digits, '_', '-' and '.', beginning with a letter or digit."),
    ),
}
