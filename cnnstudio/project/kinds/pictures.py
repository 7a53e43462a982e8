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
        N_("{path} is not a folder."),
        N_("Choose a folder, a ZIP file, a list of pictures (CSV, XLSX), or arrays (IDX, NPZ)."),
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
    "classes_in_names": ProblemKind(
        N_("The pictures in {path} are not sorted into sub-folders."),
        N_(
            "Take the classes from the file names (in the terminal: --labels-in-names), or make "
            "one sub-folder for each class."
        ),
    ),
    "names_unclear": ProblemKind(
        N_("Pictures in {path} whose names say no class, such as {examples}: {count}."),
        N_("Give them a name like the others to use them."),
        "warning",
    ),
    "nothing_usable": ProblemKind(
        N_("Nothing in {path} can be used."),
        N_("Mend what is said about it, or choose something else."),
    ),
    "archive_empty": ProblemKind(
        N_("{file} holds no pictures."),
        N_("If it holds other archives or arrays, unpack it and choose the folder."),
    ),
    "list_unreadable": ProblemKind(
        N_("{file} cannot be read as a list."),
        N_("Save it as CSV with two columns: file and class."),
    ),
    "list_too_large": ProblemKind(
        N_("{file} is too large for a list of pictures."),
        N_("Keep only the rows and columns with file, class and part."),
    ),
    "list_no_pictures": ProblemKind(
        N_("No column of {file} names pictures that are there."),
        N_("Put the list beside the pictures, with their file names in the first column."),
    ),
    "list_label_unclear": ProblemKind(
        N_("Which column of {file} is the class is not clear ({columns})."),
        N_("Write 'label' above the column with the classes."),
    ),
    "list_not_used": ProblemKind(
        N_("{file} sorts the pictures into other classes than their folders do."),
        N_("The folders are used. To use the list, choose it instead of the folder."),
        "note",
    ),
    "list_files_missing": ProblemKind(
        N_("Rows of {file} whose picture is not there, such as {examples}: {count}."),
        N_("Copy the pictures beside the list, or take the rows out."),
        "warning",
    ),
    "list_files_unlisted": ProblemKind(
        N_("Pictures that are not in {file}, such as {examples}: {count}. They are not used."),
        N_("Add a row for each of them to use them."),
        "warning",
    ),
    "list_labels_empty": ProblemKind(
        N_("Rows of {file} without a class, such as {examples}: {count}."),
        N_("Write their class into the list to use them."),
        "warning",
    ),
    "list_labels_several": ProblemKind(
        N_("Rows of {file} with several classes, such as {examples}: {count}."),
        N_("A picture has one class here: leave a single 1 in each row to use them."),
        "warning",
    ),
    "list_labels_contradict": ProblemKind(
        N_("Pictures that are in {file} under two classes, such as {examples}: {count}."),
        N_("Leave one row of each ({first} or {second}) to use them."),
        "warning",
    ),
    "list_names_unclear": ProblemKind(
        N_("Names in {file} that fit several pictures, such as {examples}: {count}."),
        N_("Write the path with its folders into the list to use them."),
        "warning",
    ),
    "list_parts_unknown": ProblemKind(
        N_("Rows of {file} with an unknown part, such as {examples}: {count}."),
        N_("Write training, validation or test. Until then they are learned from."),
        "warning",
    ),
    "array_not_pictures": ProblemKind(
        N_("{name} in {file} holds no pictures: its numbers have the shape {shape}."),
        N_("Pictures need the shape number × height × width, with 1, 3 or 4 colours or none."),
    ),
    "array_names_unknown": ProblemKind(
        N_("{file} holds no arrays with known names, only {names}."),
        N_("Save the pictures as x_train and x_test, their classes as y_train and y_test."),
    ),
    "array_labels_missing": ProblemKind(
        N_("The classes of the pictures in {file} are missing."),
        N_("Put them beside it: train-labels beside train-images."),
    ),
    "array_labels_not_inside": ProblemKind(
        N_("{file} has pictures in {name}, but not their classes."),
        N_("Save them into the same file: y_train beside x_train, y_test beside x_test."),
    ),
    "array_labels_unknown": ProblemKind(
        N_("What {file} has as classes cannot be read ({shape})."),
        N_("Classes are whole numbers or words, one for each picture, or rows with a single 1."),
    ),
    "array_lengths_differ": ProblemKind(
        N_("{file} does not fit its classes: {pictures} pictures, but classes for {labels}."),
        N_("Take picture and label files of the same set."),
    ),
    "array_several_sets": ProblemKind(
        N_("{path} holds several sets of pictures, such as {examples}."),
        N_("Choose the files of one set instead of the folder."),
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
    "neither_picture_nor_source": ProblemKind(
        N_("{file} is neither a picture nor an archive, a list or an array."),
        N_("Choose pictures (such as JPEG or PNG), folders, ZIP files, lists, NPZ or MNIST files."),
        "warning",
    ),
    "clipboard_without_picture": ProblemKind(
        N_("There is no picture on the clipboard."),
        N_("Copy a picture, or picture files, and paste again."),
        "warning",
    ),
    "class_without_training": ProblemKind(
        N_("No picture of {name} is left to learn from: all are in other parts, or in none."),
        N_("Add pictures of {name}, take pins away, or change the seed to split all anew."),
    ),
    "nothing_watched": ProblemKind(
        N_("No picture is left for validation: look-alikes stay together, pins are kept."),
        N_("Add pictures of other places and days, or take pins away."),
    ),
    "all_alike": ProblemKind(
        N_("All pictures of {name} look alike: they stay together, and none is for validation."),
        N_("Record some of {name} in another place, or nothing is known of how well it is told."),
        "warning",
    ),
    "class_not_watched": ProblemKind(
        N_("No picture of {name} is in the validation part."),
        N_("Add pictures of {name}, or pin one of them to validation."),
        "warning",
    ),
    "pins_contradict": ProblemKind(
        N_("Groups of look-alikes that are pinned to different parts: {count}."),
        N_("Each is whole in one part now: test before validation, validation before training."),
        "note",
    ),
    "pins_overruled": ProblemKind(
        N_("Pinned pictures whose folders say another part: {count}. The folders decide."),
        N_("Take the pins away, or move the files to another folder."),
        "note",
    ),
    "left_between": ProblemKind(
        N_("Pictures that look like pictures of two parts: {count}. They are in no part."),
        N_("Leave out what they look like, or change the seed to split all anew."),
        "note",
    ),
    "earlier_list_unreadable": ProblemKind(
        N_("{path} is no list of pictures and their parts."),
        N_("Take a list that 'cnnstudio split --to' wrote, a run's pictures.csv or a split.csv."),
    ),
    "earlier_pictures_gone": ProblemKind(
        N_("Pictures in {file} that are not where they were: {count}."),
        N_("What is left of them has kept its part; renamed pictures are drawn anew."),
        "note",
    ),
    "list_in_pictures": ProblemKind(
        N_("The list cannot be written to {path}, inside the pictures in {folder}."),
        N_("Choose another place. Folders with pictures are never written to."),
    ),
}
