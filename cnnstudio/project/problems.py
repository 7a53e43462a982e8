"""What is wrong, and the remedy: one table of kinds, sentences only where they are shown.

Engine, pictures and project hand out kinds and values; :attr:`Problem.message` and
:attr:`Problem.remedy` turn them into sentences of the chosen language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cnnstudio.project.words import N_, say

Severity = Literal["error", "warning", "note"]
Value = str | int | float


@dataclass(frozen=True)
class ProblemKind:
    """The sentences of one kind of problem; ``{file}`` is the file's name, others are values."""

    message: str
    remedy: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    ``where`` is ``chapter`` or ``chapter.field`` (empty: none of them), ``file`` the full path of
    the file it is about. An error stands in the way, a warning does not.
    """

    kind: str
    where: str = ""
    file: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return KINDS[self.kind].severity

    @property
    def message(self) -> str:
        """What is wrong, as a sentence in the chosen language."""
        return self._sentence(KINDS[self.kind].message)

    @property
    def remedy(self) -> str:
        """What to do, as a sentence in the chosen language."""
        return self._sentence(KINDS[self.kind].remedy)

    @property
    def is_known(self) -> bool:
        """Whether the kind is in the table, with all the values that its sentences need."""
        try:
            return bool(self.message and self.remedy)
        except LookupError:
            return False

    def _sentence(self, marked: str) -> str:
        values = {"file": Path(self.file).name or self.file, "path": self.file} | dict(self.values)
        return say(marked, **{name: _showable(value) for name, value in values.items()})


def _showable(value: Value) -> Value:
    """``value`` without the halves of characters that file names from other systems bring."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class ProblemError(Exception):
    """Carries a problem to the one boundary that turns it into an answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind)
        self.problem = problem


def errors_in(problems: list[Problem] | tuple[Problem, ...]) -> list[Problem]:
    """Those that stand in the way."""
    return [problem for problem in problems if problem.severity == "error"]


_SEE_LOG = N_("Look into the run's log, and try again.")

KINDS: dict[str, ProblemKind] = {
    # Plans
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
    "size_too_small": ProblemKind(
        N_("Pictures of {size} px are too small for {network}."),
        N_("Choose a size of at least {smallest} px."),
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
    # Folders and pictures
    "no_folder": ProblemKind(
        N_("There are no pictures yet."),
        N_("Choose a folder whose sub-folders are the classes, or take the sample pictures."),
    ),
    "folder_missing": ProblemKind(
        N_("The folder {path} is not there."),
        N_("Connect the drive it is on, or choose the folder again."),
    ),
    "not_a_folder": ProblemKind(
        N_("{path} is not a folder."), N_("Choose the folder that holds the pictures.")
    ),
    "folder_unreadable": ProblemKind(
        N_("The folder {path} may not be read."),
        N_("Give yourself permission to read it, or choose another folder."),
    ),
    "folder_empty": ProblemKind(
        N_("The folder {path} holds no pictures."),
        N_("Choose a folder with a sub-folder of pictures for each class."),
    ),
    "no_class_folders": ProblemKind(
        N_("The pictures in {path} are not sorted into sub-folders."),
        N_("Make one sub-folder for each class and put its pictures into it."),
    ),
    "one_class": ProblemKind(
        N_("Only one class was found: {name}."),
        N_("Add a folder with pictures of a second class."),
    ),
    "class_too_small": ProblemKind(
        N_("The class {name} has too few usable pictures: {count}."),
        N_("Add pictures until it has at least {needed}, better fifty or more."),
    ),
    "class_empty": ProblemKind(
        N_("The class {name} has no usable picture."),
        N_("Put pictures into it, or remove the folder."),
        "warning",
    ),
    "few_pictures": ProblemKind(
        N_("The class {name} has only {count} pictures."),
        N_("It works, but fifty or more a class give an answer you can trust."),
        "warning",
    ),
    "imbalance": ProblemKind(
        N_("{large} has {ratio} times as many pictures as {small}."),
        N_("Add pictures of {small}, or the model will lean towards {large}."),
        "warning",
    ),
    "part_missing_class": ProblemKind(
        N_("The {part} folder has no pictures of {name}."),
        N_("Add some there, or put all pictures into one folder a class."),
    ),
    "test_missing_class": ProblemKind(
        N_("The {part} folder has no pictures of {name}."),
        N_("Add some there, or the test says nothing about {name}."),
        "warning",
    ),
    "loose_pictures": ProblemKind(
        N_("Pictures in {path} outside the class folders: {count}. They are not used."),
        N_("Put them into a class folder to use them."),
        "warning",
    ),
    "pictures_unsupported": ProblemKind(
        N_("Pictures of the kind {suffix}, such as {file}, cannot be read: {count}."),
        N_("Save them as JPEG or PNG to use them."),
        "warning",
    ),
    "name_unreadable": ProblemKind(
        N_("The name of {file} holds characters of another system and was left out."),
        N_("Give it a new name."),
        "warning",
    ),
    "file_unreadable": ProblemKind(
        N_("{file} may not be read."),
        N_("Give yourself permission to read it, or leave it out."),
        "warning",
    ),
    "file_missing": ProblemKind(
        N_("{file} is not there any more."),
        N_("Connect the drive it is on, or choose the folder again."),
        "warning",
    ),
    "file_empty": ProblemKind(
        N_("{file} is empty: 0 bytes."), N_("Copy it again, or leave it out."), "warning"
    ),
    "not_a_picture": ProblemKind(
        N_("{file} is not a picture, although its name says so."),
        N_("Leave it out, or save it again as JPEG or PNG."),
        "warning",
    ),
    "truncated": ProblemKind(
        N_("{file} is cut off: the end of the picture is missing."),
        N_("Copy it again from where it came, or leave it out."),
        "warning",
    ),
    "damaged": ProblemKind(
        N_("{file} is damaged and cannot be shown."),
        N_("Copy it again from where it came, or leave it out."),
        "warning",
    ),
    "too_large": ProblemKind(
        N_("{file} says it has {width} × {height} pixels, too many to open safely."),
        N_("Save it smaller, or leave it out."),
        "warning",
    ),
    "no_pictures_readable": ProblemKind(
        N_("None of the pictures could be read."),
        N_("Look at the list of broken files, and choose another folder."),
    ),
    "pictures_vanished": ProblemKind(
        N_("The pictures went away while they were being read: {path}."),
        N_("Connect the drive again and start again. Everything up to the last epoch is kept."),
    ),
    # Project folder
    "project_missing": ProblemKind(
        N_("There is no project at {path}."), N_("Choose another folder, or make a new project.")
    ),
    "project_exists": ProblemKind(
        N_("There is a project at {path} already."), N_("Open it, or choose another folder.")
    ),
    "project_unreadable": ProblemKind(
        N_("The project {path} cannot be read: {reason}."),
        N_("Connect the drive it is on, or give yourself permission, and open it again."),
    ),
    "project_damaged": ProblemKind(
        N_("The project file was damaged. What could be read was kept, the rest is as new."),
        N_("A copy of the damaged file is at {copy}."),
        "warning",
    ),
    "project_newer": ProblemKind(
        N_("The project {path} was made by a newer version of CNN Studio."),
        N_("Install the newer version. The project was not changed; a copy is at {copy}."),
    ),
    "project_locked": ProblemKind(
        N_("This project is open in another window."),
        N_("Here it can be looked at but not changed. Close the other window to change it."),
        "warning",
    ),
    "project_read_only": ProblemKind(
        N_("The project folder cannot be written to."),
        N_("Here it can be looked at but not changed. Copy the project to a folder of your own."),
        "warning",
    ),
    "save_failed": ProblemKind(
        N_("The project could not be saved: {reason}."),
        N_("Make room or reconnect the drive. Nothing is lost while this window is open."),
    ),
    "disk_full": ProblemKind(
        N_("The disk is full."),
        N_("Make room and try again. What was saved before is untouched."),
    ),
    "cannot_write": ProblemKind(
        N_("{path} cannot be written: {reason}."), N_("Choose another place.")
    ),
    # Engine, weights, training
    "weights_missing": ProblemKind(
        N_("The ImageNet weights of {network} are not on this computer ({name})."),
        N_(
            "Download them, name a folder that has them (settings, or CNNSTUDIO_WEIGHTS), or "
            "choose random weights."
        ),
    ),
    "no_internet": ProblemKind(
        N_(
            "The weights of {network} ({name}) are not on this computer, and there seems to be no "
            "internet."
        ),
        N_(
            "Connect and try again, name a folder that has the file (settings, or "
            "CNNSTUDIO_WEIGHTS), or choose random weights."
        ),
    ),
    "weights_download_failed": ProblemKind(
        N_("The weights of {network} ({name}) could not be downloaded: {reason}."),
        N_(
            "Connect to the internet, name a folder that has the file (settings, or "
            "CNNSTUDIO_WEIGHTS), or choose random weights."
        ),
    ),
    "weights_damaged": ProblemKind(
        N_("The weights file {path} is damaged or belongs to another network."),
        N_("Delete or replace it, or choose another file. Nothing was loaded from it."),
    ),
    "weights_file_missing": ProblemKind(
        N_("The weights file {path} is not there."),
        N_("Choose another file, or 'imagenet', or 'random'."),
    ),
    "out_of_memory": ProblemKind(
        N_("The computer ran out of memory."),
        N_(
            "Choose a smaller batch size (for example {batch_size}), smaller pictures or a "
            "smaller network. Everything up to the last epoch is kept."
        ),
    ),
    "engine_killed": ProblemKind(
        N_("The training program was ended from outside."),
        N_("Start again. What was reached up to the last whole epoch is kept."),
    ),
    "engine_crashed": ProblemKind(
        N_("The training program ended unexpectedly (code {code})."),
        N_("Start again. Everything up to the last epoch is kept; the log tells more."),
    ),
    "engine_will_not_start": ProblemKind(
        N_("The training program could not start: {reason}."),
        N_("Restart the computer; if it still fails, install CNN Studio again."),
    ),
    "loss_not_a_number": ProblemKind(
        N_("The loss is no longer a number: the training went astray in epoch {epoch}."),
        N_("Choose a lower learning rate, for example {learning_rate}."),
    ),
    "unknown_ending": ProblemKind(
        N_("It ended for a reason that only another version of CNN Studio knows."), _SEE_LOG
    ),
    "went_wrong": ProblemKind(
        N_("Something went wrong inside: {reason}."),
        N_("Please tell us; the details are in {path}."),
    ),
    "engine_failed": ProblemKind(N_("Something went wrong inside: {reason}."), _SEE_LOG),
    # Runs and models
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
