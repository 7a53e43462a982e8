"""Problems of runs and models."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

MODEL_KINDS: dict[str, ProblemKind] = {
    "runs_in_pictures": ProblemKind(
        N_("Runs cannot be kept in {path}, inside the picture folder {folder}."),
        N_("Choose another folder for the runs. Picture folders are never written to."),
    ),
    "run_missing": ProblemKind(
        N_("There is no run at {path}."), N_("Choose a folder inside the project's runs.")
    ),
    "run_damaged": ProblemKind(
        N_("The run at {path} cannot be read."), N_("Train again to make a new one.")
    ),
    "run_without_model": ProblemKind(
        N_("The run at {path} ended before its first epoch and has no model."),
        N_("Train again, for at least one epoch."),
    ),
    "model_missing": ProblemKind(N_("There is no model at {path}."), N_("Choose a .keras file.")),
    "model_damaged": ProblemKind(
        N_("{file} is not a model, or it is damaged."),
        N_("Choose a .keras file, or export the model again."),
    ),
    "model_without_classes": ProblemKind(
        N_("{file} does not say what its classes are called."),
        N_("Choose a model that CNN Studio exported."),
    ),
    "model_takes_no_pictures": ProblemKind(
        N_("{file} does not take square colour pictures."),
        N_("Choose an image classifier that takes RGB pictures."),
    ),
    "unknown_classes": ProblemKind(
        N_("The model does not know these classes: {names}. It knows: {known}."),
        N_("Rename the folders to the model's classes, or take those folders out."),
    ),
    "nothing_to_predict": ProblemKind(
        N_("No picture was found at {path}."), N_("Name a picture or a folder of pictures.")
    ),
    "export_differs": ProblemKind(
        N_("The exported model answers differently from the trained one (by {difference})."),
        N_("The file was not kept. Export again; if it happens again, please tell us."),
    ),
}
