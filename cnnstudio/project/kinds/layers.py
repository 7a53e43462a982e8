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
    "layers_file_missing": ProblemKind(
        N_("There is no file with layers at {path}."),
        N_("'cnnstudio layers NAME --save-layers FILE' writes one, to be changed."),
    ),
    "layers_file_unreadable": ProblemKind(
        N_("{file} cannot be read as a list of layers."), N_("Choose a JSON file.")
    ),
    "layers_file_no_json": ProblemKind(
        N_("{file} is not JSON: something is wrong in line {line}, at character {column}."),
        N_("Look for a missing or extra comma, quote or bracket there or just before."),
    ),
    "layers_file_without_list": ProblemKind(
        N_("{file} does not hold a list of layers."),
        N_("Write the layers in square brackets, each in braces, with commas between them."),
    ),
    "layers_file_kind_missing": ProblemKind(
        N_("Layer {number} of {file} does not say its kind."),
        N_("Give it a 'kind', one of: {choices}."),
    ),
    "layers_file_kind_unknown": ProblemKind(
        N_("Layer {number} of {file} is of the kind '{received}', which there is not."),
        N_("Did you mean '{nearest}'? There are: {choices}."),
    ),
    "layers_file_setting_unknown": ProblemKind(
        N_("Layer {number} of {file} has '{name}', but '{kind}' has no such setting."),
        N_("Did you mean '{nearest}'? There are: {choices}."),
    ),
    "layers_file_setting_no_choice": ProblemKind(
        N_("In layer {number} of {file}, '{name}' cannot be {received}."),
        N_("Choose one of: {choices}."),
    ),
    "layers_file_setting_out_of_limits": ProblemKind(
        N_("In layer {number} of {file}, '{name}' cannot be {received}."),
        N_("Choose a value from {low} to {high}."),
    ),
    "layers_file_setting_wrong": ProblemKind(
        N_("In layer {number} of {file}, '{name}' cannot be {received}."),
        N_("Give a value such as {example}."),
    ),
    "network_without_list": ProblemKind(
        N_("{network} is not made from a list of layers, so there is none to save."),
        N_("Choose a network that learns from scratch, such as {example}."),
    ),
}
