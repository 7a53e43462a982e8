"""What the help says on each step: headings and paragraphs, marked English."""

from cnnstudio.project.words import N_

TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "images": (
        (
            N_("Where pictures come from"),
            N_(
                "A folder with one sub-folder a class; folders named train, val and test are taken "
                "as the parts. A ZIP file. A list of files and classes (CSV, TSV or XLSX) beside "
                "its pictures. Arrays as MNIST has them (IDX, NPZ). File names that say the class, "
                "such as cat.12.jpg. Single pictures, the clipboard, and the webcam. Several of "
                "them at once. Nothing is ever written to your files: what you change here is "
                "kept in the project."
            ),
        ),
        (
            N_("Training, validation, test"),
            N_(
                "The network learns from the training pictures. After each epoch it is asked about "
                "the validation pictures, which it does not learn from. Test pictures are kept for "
                "one honest question at the end."
            ),
        ),
        (
            N_("Look-alikes stay together"),
            N_(
                "Where nearly the same picture is in training and in validation, the network can "
                "know it by heart, and the accuracy is too good to be true. So copies, bursts and "
                "other sizes of one photograph always go to the same part. Adding pictures later "
                "never moves the others to another part."
            ),
        ),
        (
            N_("Health"),
            N_(
                "Every file is looked into once: is it whole, how large is it, is there another "
                "one like it? What was found is remembered until the file changes. Each finding "
                "says why it matters; each remedy can be undone."
            ),
        ),
        (
            N_("Size and fit"),
            N_(
                "A network takes squares of one size. Crop keeps the middle, a border keeps "
                "everything, stretching changes the proportions. Trying out and the exported "
                "example read pictures in the same way."
            ),
        ),
    ),
    "augment": (
        (
            N_("Augmentation"),
            N_(
                "Each training picture is turned, moved or mirrored a little at random, so that "
                "the network sees more than it has. Do not mirror what changes its meaning, such "
                "as letters."
            ),
        ),
        (
            N_("Fresh or prepared"),
            N_(
                "Fresh variants are made anew in every epoch: the most variety, computed each "
                "time. Prepared ones are made once and kept on the disk; each epoch takes another "
                "of them in turn, which is fast."
            ),
        ),
        (
            N_("MixUp and CutMix"),
            N_(
                "Two pictures become one: laid over each other, or a piece of one set into the "
                "other. The answer that is wanted is mixed in the same way, such as 70 % cat and "
                "30 % dog."
            ),
        ),
    ),
    "network": (
        (
            N_("Base and head"),
            N_(
                "The base looks at the picture: first edges, then textures, then parts. The head "
                "decides which class it is. A pretrained base has learned from 1.2 million "
                "photographs; a classic from scratch learns from your pictures alone. The button "
                "with the network's name opens the gallery of all of them."
            ),
        ),
        (
            N_("Frozen or trained"),
            N_(
                "A frozen layer keeps what it knows; a trained one changes. With few pictures, "
                "freeze the base and train the head; then train its last block or two, with a "
                "rate a hundred times lower. Space ticks all selected rows; the menu of a row has "
                "'From here up'."
            ),
        ),
        (
            N_("Batch normalisation stays frozen"),
            N_(
                "It brings the numbers of a batch to one scale by their mean and variance. Those "
                "of a few pictures wander, and a pretrained base would lose what it knows; so it "
                "keeps the averages that it has learned, unless you say otherwise."
            ),
        ),
        (
            N_("What it costs"),
            N_(
                "Seconds and memory are predicted from a short measurement of this PC, made once, "
                "and corrected by what each training then took. What lies before the first "
                "trained layer gives the same answer in every epoch: without fresh augmentation "
                "it is computed once and kept, so freezing makes training faster."
            ),
        ),
        (
            N_("Build your own"),
            N_(
                "A list of layers, from nothing or from a classic. Beside each one stand the size "
                "of what comes out, with its formula, and its parameters. A layer that does not "
                "fit is marked, with the remedy; everything before it stays alive."
            ),
        ),
        (
            N_("Your own model as the base"),
            N_(
                "Any .keras file, or an .h5 file of older Keras such as Teachable Machine's "
                "keras_model.h5 with labels.txt beside it. Files that carry program code are "
                "refused: nothing in a file is ever executed."
            ),
        ),
        (
            N_("Weights for a whole classroom"),
            N_(
                "Fetch the weight files once (Settings, Weights, or 'cnnstudio weights fetch "
                "NAME --to FOLDER') into a folder that all PCs can read, and name that folder in "
                "the settings or in CNNSTUDIO_WEIGHTS."
            ),
        ),
        (
            N_("Flatten or global average pooling"),
            N_(
                "Flatten keeps where something was seen and needs many parameters. Global average "
                "pooling keeps only what was seen and needs few."
            ),
        ),
    ),
    "train": (
        (
            N_("Epoch, batch, learning rate"),
            N_(
                "In an epoch every training picture is seen once, a batch at a time. After each "
                "batch the weights change a little; the learning rate says how much."
            ),
        ),
        (
            N_("Loss and accuracy"),
            N_(
                "Loss says how wrong the answers are, accuracy how many are right. When training "
                "improves but validation does not, the network learns by heart."
            ),
        ),
        (
            N_("Stages"),
            N_(
                "Over a pretrained base, the head learns first; then the top blocks learn with "
                "it, a hundred times more slowly, so that what they know is not lost. Stages can "
                "be added, removed and put in another order."
            ),
        ),
        (
            N_("Frozen layers run once"),
            N_(
                "Whatever lies before the first trained layer gives the same for a picture in "
                "every epoch, so it is computed once and kept. Fresh augmentation changes the "
                "pictures each time and leaves nothing to keep; prepared variants do not."
            ),
        ),
        (
            N_("What the curves say"),
            N_(
                "A note beside the curves says what is seen, what it means, and offers a remedy. "
                "A click on it changes the plan for the next run; the arrow at the top takes that "
                "back."
            ),
        ),
        (
            N_("Pause, stop, go on"),
            N_(
                "A paused training keeps its memory and waits. A stopped one, or one that broke "
                "off, goes on after its last whole epoch as if nothing had happened. A finished "
                "run can have more epochs, and another run may wait for its turn."
            ),
        ),
        (
            N_("Learning rate over time"),
            N_(
                "Large steps at first, small ones at the end: in steps, as a curve, or whenever "
                "validation stops getting better. 'Find a rate' tries rising rates for a moment "
                "and marks the largest that still learns well."
            ),
        ),
        (
            N_("Against learning by heart"),
            N_(
                "More pictures, augmentation, dropout, weight decay or L2, and early stopping, "
                "which ends a stage at its best. For uneven classes there are class weights and "
                "balanced sampling."
            ),
        ),
    ),
    "results": (
        (
            N_("Confusion matrix"),
            N_(
                "Each row is what a picture is, each column what the model said. Click a cell to "
                "see its pictures."
            ),
        ),
    ),
    "try": (
        (
            N_("Probabilities"),
            N_(
                "The bars say how sure the model is. It knows only your classes: shown anything "
                "else, it still chooses one of them."
            ),
        ),
    ),
    "export": (
        (
            N_("The .keras file"),
            N_(
                "It holds layers, weights, preprocessing and class names, and loads with plain "
                "Keras. The class names stand in the file class_names.json inside it; it is a "
                "ZIP archive."
            ),
        ),
    ),
}
