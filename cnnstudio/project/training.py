"""Chapter 'training': how long, in which steps, how fast."""

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_


class TrainingPlan(Chapter):
    """How the network is trained."""

    epochs: int = Field(
        20,
        ge=1,
        le=1000,
        title=N_("Epochs"),
        description=N_("How often every training picture is seen."),
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
    seed: int = Field(
        1,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed"),
        description=N_("Where the random numbers of the training begin."),
    )
