"""Problems of project folders."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

PROJECT_KINDS: dict[str, ProblemKind] = {
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
    "drawing_not_svg": ProblemKind(
        N_("A drawing is written as .svg, and {file} has another ending."),
        N_("Give the file a name that ends in .svg; from the window it can be a .png too."),
    ),
    "cannot_write": ProblemKind(
        N_("{path} cannot be written: {reason}."), N_("Choose another place.")
    ),
}
