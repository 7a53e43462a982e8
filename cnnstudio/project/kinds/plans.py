"""Problems of plans and settings."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

PLAN_KINDS: dict[str, ProblemKind] = {
    "unknown_field": ProblemKind(
        N_("There is no setting '{name}'."),
        N_("Did you mean '{nearest}'? 'cnnstudio settings' lists them all."),
    ),
    "out_of_limits": ProblemKind(
        N_("{field} cannot be {received}."), N_("Choose a value from {low} to {high}.")
    ),
    "out_of_open_limits": ProblemKind(
        N_("{field} cannot be {received}."), N_("Choose a value above {low}, up to {high}.")
    ),
    "not_a_choice": ProblemKind(
        N_("{field} cannot be '{received}'."),
        N_("Choose one of: {choices}. The nearest is '{nearest}'."),
    ),
    "not_a_value": ProblemKind(
        N_("{field} cannot be '{received}'."), N_("Give {expected}, for example {example}.")
    ),
    "not_an_assignment": ProblemKind(
        N_("'{received}' is not a setting with a value."),
        N_("Write CHAPTER.FIELD=VALUE, for example training.epochs=10."),
    ),
    "unknown_network": ProblemKind(
        N_("There is no network called '{name}'."),
        N_("Did you mean '{nearest}'? 'cnnstudio networks' lists them all."),
    ),
    "unknown_width": ProblemKind(
        N_("{network} has no width {received}."), N_("Choose one of: {choices}.")
    ),
    "unknown_variant": ProblemKind(
        N_("{network} has no variant '{received}'."), N_("Choose one of: {choices}.")
    ),
    "colours_needed": ProblemKind(
        N_("{network} was made for pictures in colour and cannot look at grey ones."),
        N_("Choose 'Automatic': pictures without colours are then shown to it as they are."),
    ),
    "size_too_small": ProblemKind(
        N_("Pictures of {size} px are too small for {network}."),
        N_("Choose a size of at least {smallest} px."),
    ),
    "time_limit_not_understood": ProblemKind(
        N_("'{received}' is no time by which a training can be done."),
        N_("Give minutes, for example 15, or a time of day, for example 11:40."),
    ),
    "sigmoid_needs_two": ProblemKind(
        N_("A sigmoid output tells two classes apart, but there are {count}."),
        N_("Choose softmax as output."),
    ),
    "train_last_too_many": ProblemKind(
        N_("The base of {network} has {count} layers; {received} cannot be trained."),
        N_("Choose a number from 0 to {count}."),
    ),
    "unknown_layer": ProblemKind(
        N_("{network} has no layer called '{name}'."),
        N_("Untick it, or choose the network that it came from."),
    ),
    "nothing_trained": ProblemKind(
        N_("No layer is trained, so nothing would be learned."),
        N_("Tick at least one layer with parameters."),
    ),
    "frozen_random": ProblemKind(
        N_("The frozen base begins with random numbers and would stay that way."),
        N_("Train all layers, or choose ImageNet weights."),
        "warning",
    ),
}
