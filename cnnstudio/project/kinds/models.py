"""Problems of runs and models."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

MODEL_KINDS: dict[str, ProblemKind] = {
    "runs_in_pictures": ProblemKind(
        N_("Runs cannot be kept in {path}, inside the picture folder {folder}."),
        N_("Choose another folder for the runs. Picture folders are never written to."),
    ),
    "run_is_trained": ProblemKind(
        N_("This run is being trained at the moment."), N_("Stop it first, or wait for its end.")
    ),
    "run_is_done": ProblemKind(
        N_("This run has done all its epochs."), N_("Add epochs to let it go on.")
    ),
    "run_is_done_here": ProblemKind(
        N_("This run has done all its epochs."),
        N_("To add some, type: {command} --epochs 10 (or as many as you like)."),
    ),
    "run_name_not_one": ProblemKind(
        N_("Several runs are called '{name}'."),
        N_("Say which one is meant by its folder: {names}."),
    ),
    "run_without_checkpoint": ProblemKind(
        N_("The run at {path} kept nothing that it could go on from."),
        N_("Train again with the same plan; its model can be used as it is."),
    ),
    "run_lost_its_loss": ProblemKind(
        N_("This run lost its loss, and would lose it again in the same place."),
        N_("Begin a new run with a lower learning rate."),
    ),
    "run_picture_gone": ProblemKind(
        N_("The run was trained with {file}, which is gone from {folder}."),
        N_("Put it back, or connect the drive it is on, to let the run go on; or begin a new one."),
    ),
    "run_picture_changed": ProblemKind(
        N_("{file} was changed after the run began, so it goes on with other pictures."),
        N_("For results that can be compared, begin a new run."),
        "warning",
    ),
    "no_runs": ProblemKind(
        N_("There are no runs at {path}."),
        N_("Name a project's folder, the folder that the runs are in, or a run."),
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
        N_(
            "Choose a model that CNN Studio exported, or put a file labels.txt beside it, with a "
            "name on each line in the order of its outputs."
        ),
    ),
    "model_takes_no_pictures": ProblemKind(
        N_("{file} takes {shape}, and that is no picture in colour or grey."),
        N_("Choose a model of pictures: height, width and one or three channels."),
    ),
    "model_takes_no_squares": ProblemKind(
        N_("{file} takes pictures of {shape}, and only square ones can be shown to it."),
        N_("Choose a model whose pictures are as high as wide."),
    ),
    "model_without_size": ProblemKind(
        N_("{file} does not say how large its pictures are."),
        N_("Take it as a base network, or save it with a fixed size of pictures."),
    ),
    "model_gives_no_classes": ProblemKind(
        N_("{file} gives {shape} for a picture, not one number for each class."),
        N_("Take it as a base network, or choose an image classifier."),
    ),
    "unknown_classes": ProblemKind(
        N_("The model does not know these classes: {names}. It knows: {known}."),
        N_("Rename the folders to the model's classes, or take those folders out."),
    ),
    "nothing_to_predict": ProblemKind(
        N_("No picture was found at {path}."), N_("Name a picture or a folder of pictures.")
    ),
    "model_carries_code": ProblemKind(
        N_("{file} carries program code in the layer '{layer}' ({type}); it was not run."),
        N_(
            "Save the model again with a layer of Keras' own in its place, such as Rescaling. "
            "Code that comes in a file could do anything to this computer."
        ),
    ),
    "model_layer_unknown": ProblemKind(
        N_("{file} has the layer '{layer}' of the kind {type}, which is not opened here."),
        N_("Save the model again with a layer of Keras' own in its place."),
    ),
    "model_setting_unknown": ProblemKind(
        N_("{file} sets {setting} of the layer '{layer}' to something that is not opened here."),
        N_("Save the model again with the usual {setting} of that layer."),
    ),
    "model_from_newer_keras": ProblemKind(
        N_("{file} was written by Keras {version} and has what is not known here: '{layer}'."),
        N_("Update CNN Studio, or save the model with Keras {known}."),
    ),
    "model_of_own_class": ProblemKind(
        N_("{file} was made by a class of somebody's own ({type}), which only their program has."),
        N_("Build it again as a Sequential or functional model, and save that."),
    ),
    "model_many_inputs": ProblemKind(
        N_("{file} takes {count} inputs at once."),
        N_("Choose a model that takes one picture."),
    ),
    "model_many_outputs": ProblemKind(
        N_("{file} gives {count} outputs at once."),
        N_("Choose a model with one output, or save only that part of it."),
    ),
    "model_shares_layers": ProblemKind(
        N_("{file} uses the weights of the layer '{layer}' in two places."),
        N_("Choose a model in which each layer stands once."),
    ),
    "model_channels_first": ProblemKind(
        N_("{file} wants the colours before height and width (channels first)."),
        N_("Save the model again with 'channels_last'; processors compute only that."),
    ),
    "model_too_deep": ProblemKind(
        N_("{file} holds models in models, more than {count} deep."),
        N_("Choose another file; no usual model is built like that."),
    ),
    "model_too_large": ProblemKind(
        N_("{file} asks for more than can be opened here: {asked} of {what}, at most {most}."),
        N_("Choose a smaller model."),
    ),
    "model_reaches_outside": ProblemKind(
        N_("{file} wants to read other files of this computer ('{name}'); it was not opened."),
        N_("Do not trust this file. Choose another one."),
    ),
    "model_weights_wrong": ProblemKind(
        N_("The numbers of the layer '{layer}' in {file} do not fit the layer."),
        N_("The file is damaged or was put together. Save the model again."),
    ),
    "model_only_weights": ProblemKind(
        N_("{file} holds only weights, not the layers that they belong to."),
        N_("Save the whole model (model.save), or choose the file as weights of its network."),
    ),
    "model_from_pytorch": ProblemKind(
        N_("{file} is a model of PyTorch."),
        N_("Choose a .keras or .h5 file. PyTorch's files hold code, so they are not opened."),
    ),
    "model_from_onnx": ProblemKind(
        N_("{file} is an ONNX model."),
        N_("ONNX is for using a model, not for training. Choose the .keras file it came from."),
    ),
    "model_from_tflite": ProblemKind(
        N_("{file} is a model for phones (TensorFlow Lite)."),
        N_(
            "It cannot be trained further. Choose the .keras or .h5 file that it came from; in "
            "Teachable Machine: Export model, TensorFlow, Keras."
        ),
    ),
    "model_from_tensorflow_js": ProblemKind(
        N_("{file} is a model for web pages (TensorFlow.js)."),
        N_("In Teachable Machine: Export model, TensorFlow, Keras; then choose keras_model.h5."),
    ),
    "model_is_saved_model": ProblemKind(
        N_("{file} is a SavedModel of TensorFlow; its layers cannot be told from it."),
        N_("Choose the .keras or .h5 file that it came from."),
    ),
    "model_in_archive": ProblemKind(
        N_("{file} is an archive with the model {name} in it."),
        N_("Unpack it, and choose {name}; labels.txt beside it gives the names of the classes."),
    ),
    "model_is_pickle": ProblemKind(
        N_("{file} is a pickle of Python: a program, not a model."),
        N_("Pickles run code when they are opened, so it was left alone. Save it as .keras."),
    ),
    "own_model_not_chosen": ProblemKind(
        N_("No model file is chosen."), N_("Choose a .keras or .h5 file.")
    ),
    "own_model_missing": ProblemKind(
        N_("The model file {path} is not there."), N_("Choose it again, or another one.")
    ),
    "own_model_size": ProblemKind(
        N_("{file} was made for pictures of {size} px and cannot take {wanted} px."),
        N_("Choose {size} px as the size of the pictures."),
    ),
    "own_model_classes_differ": ProblemKind(
        N_("{file} tells {found} classes apart, but the pictures have {count}."),
        N_("Take it as a base network: it then gets a new output for your classes."),
    ),
    "own_model_other_names": ProblemKind(
        N_("The classes of {file} have other names: {found}."),
        N_(
            "Its outputs are taken over by your classes in their order and learn them anew. "
            "Rename your classes if they are meant to be the same."
        ),
        "warning",
    ),
    "own_model_without_names": ProblemKind(
        N_("{file} does not say what its classes are called."),
        N_(
            "Its outputs are taken in the order of your classes: {names}. Put labels.txt beside "
            "the file to match them by name."
        ),
        "note",
    ),
    "own_model_logits": ProblemKind(
        N_("{file} gives plain numbers; {activation} is put after them."),
        N_("Nothing needs to be done."),
        "note",
    ),
    "own_model_prepares": ProblemKind(
        N_("{file} prepares pixels itself ({layer}), so it gets them as 0 to 255."),
        N_("If that is wrong, change it under 'Values of the pixels'."),
        "note",
    ),
    "own_model_minus_one_to_one": ProblemKind(
        N_("In {file} {network} was found, so pixels are taken as −1 to 1."),
        N_("If that is wrong, change it under 'Values of the pixels'."),
        "note",
    ),
    "own_model_caffe": ProblemKind(
        N_("In {file} {network} was found, so pixels are taken as blue, green, red, less a mean."),
        N_("If that is wrong, change it under 'Values of the pixels'."),
        "note",
    ),
    "own_model_torch": ProblemKind(
        N_("In {file} {network} was found, so pixels get ImageNet's mean and spread."),
        N_("If that is wrong, change it under 'Values of the pixels'."),
        "note",
    ),
    "own_model_zero_to_one": ProblemKind(
        N_("{file} does not say which values its pixels had; they are taken as 0 to 1."),
        N_("If it answers badly, change it under 'Values of the pixels'."),
        "note",
    ),
    "export_differs": ProblemKind(
        N_("The exported model answers differently from the trained one (by {difference})."),
        N_("The file was not kept. Export again; if it happens again, please tell us."),
    ),
}
