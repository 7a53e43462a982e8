"""Chapter 'augmentation': the seven classic settings."""

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_


class AugmentationPlan(Chapter):
    """How far training pictures are moved at random, freshly in every epoch. 0 is off."""

    rotation: float = Field(
        0.0,
        ge=0,
        le=360,
        title=N_("Rotation"),
        description=N_("Turned by up to this angle, to either side."),
        json_schema_extra={"unit": N_("degrees"), "step": 5},
    )
    width_shift: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Width shift"),
        description=N_("Moved left or right by up to this part of the width."),
        json_schema_extra={"step": 0.05},
    )
    height_shift: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Height shift"),
        description=N_("Moved up or down by up to this part of the height."),
        json_schema_extra={"step": 0.05},
    )
    shear: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Shear"),
        description=N_("Slanted by up to this part of the side."),
        json_schema_extra={"step": 0.05},
    )
    zoom: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title=N_("Zoom"),
        description=N_("Enlarged or reduced by up to this part."),
        json_schema_extra={"step": 0.05},
    )
    horizontal_flip: bool = Field(
        False,
        title=N_("Horizontal flip"),
        description=N_("Half of the pictures are mirrored left to right."),
    )
    vertical_flip: bool = Field(
        False,
        title=N_("Vertical flip"),
        description=N_("Half of the pictures are mirrored top to bottom."),
    )

    @property
    def is_off(self) -> bool:
        """Whether every picture stays as it is."""
        return self == AugmentationPlan()


PRESETS: dict[str, tuple[str, AugmentationPlan]] = {
    "off": (N_("Off"), AugmentationPlan()),
    "light": (
        N_("Gentle"),
        AugmentationPlan(
            rotation=10, width_shift=0.05, height_shift=0.05, zoom=0.1, horizontal_flip=True
        ),
    ),
    "strong": (
        N_("Strong"),
        AugmentationPlan(
            rotation=30,
            width_shift=0.1,
            height_shift=0.1,
            shear=0.2,
            zoom=0.2,
            horizontal_flip=True,
        ),
    ),
    "course": (
        N_("Course"),
        AugmentationPlan(
            rotation=360,
            width_shift=0.1,
            height_shift=0.1,
            shear=0.5,
            zoom=0.3,
            horizontal_flip=True,
            vertical_flip=True,
        ),
    ),
}


def preset_of(plan: AugmentationPlan) -> str | None:
    """The key of the preset that ``plan`` equals, if any."""
    return next((key for key, (_, preset) in PRESETS.items() if preset == plan), None)
