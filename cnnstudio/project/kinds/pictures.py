"""Problems of folders and pictures."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

PICTURE_KINDS: dict[str, ProblemKind] = {
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
    "picture_unsupported": ProblemKind(
        N_("{file} is a kind of picture that cannot be read here."),
        N_("Save it as JPEG or PNG to use it."),
        "warning",
    ),
    "archive_damaged": ProblemKind(
        N_("{file} is damaged and cannot be unpacked."),
        N_("Download or copy it again, or unpack it yourself and choose the folder."),
        "warning",
    ),
    "archive_encrypted": ProblemKind(
        N_("{file} is locked with a password."),
        N_("Unpack it with its password, and choose the folder."),
        "warning",
    ),
    "archive_method": ProblemKind(
        N_("{file} is packed in a way that cannot be read here."),
        N_("Unpack it yourself and choose the folder, or pack it again as an ordinary ZIP."),
        "warning",
    ),
    "archive_too_large": ProblemKind(
        N_("{file} would need more than {megabytes} MB when unpacked, too much to open safely."),
        N_("If you trust it, unpack it yourself and choose the folder."),
        "warning",
    ),
    "array_no_pictures": ProblemKind(
        N_("{file} is no picture: its numbers have the shape {shape}."),
        N_("Pictures need the shape number × height × width, with 1, 3 or 4 colours or none."),
        "warning",
    ),
    "array_objects": ProblemKind(
        N_("{file} holds Python objects, which are not safe to open."),
        N_("Save it again with plain numbers instead of objects."),
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
    "camera_missing": ProblemKind(
        N_("No camera was found."),
        N_("Plug one in, or switch it on, and try again."),
    ),
    "camera_forbidden": ProblemKind(
        N_("CNN Studio may not use the camera."),
        N_(
            "Allow it in the system's settings (privacy, camera) and try again. On Linux, your "
            "user has to be in the group 'video'."
        ),
    ),
    "camera_in_use": ProblemKind(
        N_("{name} cannot be started; most likely another program is using it."),
        N_("Close other programs that show its picture, such as video calls, and try again."),
    ),
    "camera_lost": ProblemKind(
        N_("{name} is gone: it was unplugged or switched off."),
        N_("Plug it in again and try again. What was recorded is kept."),
    ),
    "camera_silent": ProblemKind(
        N_("{name} is on but gives no picture."),
        N_("Unplug it and plug it in again, or choose another camera, and try again."),
    ),
    "camera_support_missing": ProblemKind(
        N_("The part of the program that reads cameras cannot be loaded: {reason}."),
        N_(
            "On Linux, install the package libpulse0 (on Fedora: pulseaudio-libs) and try again. "
            "Elsewhere, install CNN Studio again."
        ),
    ),
}
