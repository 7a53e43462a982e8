"""Chapter 'training': how long, in which steps, how fast, and what keeps it from overfitting."""

from typing import Literal

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.stages import Stage
from cnnstudio.project.words import N_

Optimizer = Literal["adam", "adamw", "sgd", "rmsprop", "nadam", "lion", "adagrad", "adadelta"]
Loss = Literal[
    "automatic",
    "sparse_categorical_crossentropy",
    "categorical_crossentropy",
    "binary_crossentropy",
    "mean_squared_error",
    "focal",
]
Schedule = Literal["constant", "step", "exponential", "cosine", "plateau"]
Balance = Literal["none", "weights", "sampling"]

PLAIN_FIELDS = ("epochs", "fine_tuning", "batch_size", "learning_rate", "early_stopping")
"""What is seen at first; everything else stands behind 'More'."""


class TrainingPlan(Chapter):
    """How the network is trained."""

    epochs: int = Field(
        20,
        ge=1,
        le=1000,
        title=N_("Epochs"),
        description=N_("How often every training picture is seen."),
    )
    fine_tuning: int = Field(
        5,
        ge=0,
        le=1000,
        title=N_("Epochs of fine-tuning"),
        description=N_(
            "Afterwards a pretrained base's top blocks learn too, at a hundredth of the rate; "
            "0 leaves them frozen."
        ),
    )
    batch_size: int = Field(
        16,
        ge=1,
        le=1024,
        title=N_("Batch size"),
        description=N_("How many pictures are looked at before the weights are changed."),
    )
    learning_rate: float = Field(
        0.001,
        gt=0,
        le=1,
        title=N_("Learning rate"),
        description=N_("How far the weights are changed at each step."),
        json_schema_extra={"decimals": 6},
    )
    early_stopping: int = Field(
        0,
        ge=0,
        le=1000,
        title=N_("Early stopping"),
        description=N_(
            "A stage ends after so many epochs without getting better, at its best; 0: never."
        ),
        json_schema_extra={"unit": N_("epochs")},
    )
    stages: tuple[Stage, ...] = Field(
        (),
        max_length=12,
        title=N_("Stages"),
        description=N_(
            "Stages of one's own, such as head:20,blocks=2:10:0.01 (what is trained, epochs, share "
            "of the rate); without any there are the usual ones."
        ),
    )
    time_limit: str = Field(
        "",
        max_length=20,
        title=N_("Be done"),
        description=N_("Stops in time: in so many minutes (15), or at a time of day (11:40)."),
    )
    optimizer: Optimizer = Field(
        "adam",
        title=N_("Optimiser"),
        description=N_("The rule by which gradients change the weights."),
        json_schema_extra={
            "titles": {
                "adam": "Adam",
                "adamw": "AdamW",
                "sgd": "SGD",
                "rmsprop": "RMSprop",
                "nadam": "Nadam",
                "lion": "Lion",
                "adagrad": "Adagrad",
                "adadelta": "Adadelta",
            }
        },
    )
    momentum: float = Field(
        0.9,
        ge=0,
        le=0.999,
        title=N_("Momentum"),
        description=N_("How much of SGD's last step goes on in the next."),
    )
    nesterov: bool = Field(
        False,
        title=N_("Nesterov"),
        description=N_("SGD looks ahead before each step."),
    )
    loss: Loss = Field(
        "automatic",
        title=N_("Loss"),
        description=N_(
            "What the training makes smaller; automatic takes what fits the output. Curves show it "
            "without label smoothing, class weights and penalties."
        ),
        json_schema_extra={
            "titles": {
                "automatic": N_("Automatic"),
                "sparse_categorical_crossentropy": N_("Sparse categorical cross-entropy"),
                "categorical_crossentropy": N_("Categorical cross-entropy"),
                "binary_crossentropy": N_("Binary cross-entropy"),
                "mean_squared_error": N_("Mean squared error"),
                "focal": N_("Focal loss"),
            }
        },
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title=N_("Label smoothing"),
        description=N_("Share of certainty that is taken from the right class and spread."),
        json_schema_extra={"step": 0.05},
    )
    schedule: Schedule = Field(
        "constant",
        title=N_("Rate over time"),
        description=N_("How the learning rate goes down within a stage."),
        json_schema_extra={
            "titles": {
                "constant": N_("Constant rate"),
                "step": N_("Steps"),
                "exponential": N_("Exponential"),
                "cosine": N_("Cosine with warm-up"),
                "plateau": N_("On plateau"),
            }
        },
    )
    step_epochs: int = Field(
        5,
        ge=1,
        le=1000,
        title=N_("Step after"),
        description=N_("With 'steps', the rate goes down every so many epochs."),
        json_schema_extra={"unit": N_("epochs")},
    )
    decay: float = Field(
        0.5,
        gt=0,
        le=0.999,
        title=N_("Factor"),
        description=N_("By what the rate is multiplied at a step or on a plateau."),
        json_schema_extra={"step": 0.05},
    )
    epoch_decay: float = Field(
        0.9,
        gt=0,
        le=0.999,
        title=N_("Factor of each epoch"),
        description=N_("With 'exponential', the rate is multiplied by it from epoch to epoch."),
        json_schema_extra={"step": 0.05},
    )
    warm_up: int = Field(
        1,
        ge=0,
        le=100,
        title=N_("Warm-up"),
        description=N_("With 'cosine', the rate grows to its full height over so many epochs."),
        json_schema_extra={"unit": N_("epochs")},
    )
    plateau_patience: int = Field(
        3,
        ge=1,
        le=100,
        title=N_("Patience of the plateau"),
        description=N_("'On plateau' waits so many epochs without a lower validation loss."),
        json_schema_extra={"unit": N_("epochs")},
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Weight decay"),
        description=N_(
            "Share of each weight that every step takes away, times the rate. 0: none; AdamW then "
            "takes 0.004."
        ),
        json_schema_extra={"decimals": 6},
    )
    l1: float = Field(
        0.0,
        ge=0,
        le=1,
        title="L1",
        description=N_("Adds so much times the sum of the trained weights' sizes to the loss."),
        json_schema_extra={"decimals": 6},
    )
    l2: float = Field(
        0.0,
        ge=0,
        le=1,
        title="L2",
        description=N_("Adds so much times the sum of the trained weights' squares to the loss."),
        json_schema_extra={"decimals": 6},
    )
    balance: Balance = Field(
        "none",
        title=N_("Uneven classes"),
        description=N_("Lets rare classes count as much as frequent ones."),
        json_schema_extra={
            "titles": {
                "none": N_("As they are"),
                "weights": N_("Class weights"),
                "sampling": N_("Balanced sampling"),
            }
        },
    )
    average_weights: float = Field(
        0.0,
        ge=0,
        le=0.9999,
        title=N_("Moving average of weights"),
        description=N_(
            "The model that is kept is an average over the last steps, such as 0.99; 0: off."
        ),
    )
    top_k: int = Field(
        0,
        ge=0,
        le=100,
        title=N_("Top-k accuracy"),
        description=N_("Also measures how often the right class is among the first k; 0: not."),
    )
    macro_f1: bool = Field(
        False,
        title=N_("Macro F1"),
        description=N_("Also measures F1, the mean over all classes."),
    )
    auc: bool = Field(
        False,
        title=N_("AUC"),
        description=N_("Also measures the area under the ROC curve, the mean over all classes."),
    )
    seed: int = Field(
        1,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed"),
        description=N_("Where the random numbers of the training begin."),
    )
