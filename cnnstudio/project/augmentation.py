"""Chapter 'augmentation': how training pictures are changed at random."""

from functools import cache
from typing import Any, Literal

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_

FillMode = Literal["nearest", "constant", "reflect", "wrap"]
Mode = Literal["fresh", "prepared"]
Group = Literal["moves", "edges", "colours", "covers", "mode"]

GROUPS: dict[Group, str] = {
    "moves": N_("Moves"),
    "edges": N_("Edges"),
    "colours": N_("Colours"),
    "covers": N_("Cover and mix"),
    "mode": N_("When"),
}
"""The titles of the groups that the settings are shown in, in their order."""

MIXING = ("mixup", "cutmix")
"""Settings that mix pictures of one batch, and their labels with them."""

_MODE = ("mode", "variants")


def _extra(group: Group, shown: Any = None, **more: Any) -> dict[str, Any]:
    """``shown`` is the value that a small picture of the setting's effect is made with."""
    return {"group": group, "shown": shown, **more}


class AugmentationPlan(Chapter):
    """How training pictures are changed at random. At 0, a setting leaves every picture as it is.

    Pictures are RGB 0 to 255 all along; validation and test pictures are never changed.
    """

    rotation: float = Field(
        0.0,
        ge=0,
        le=360,
        title=N_("Rotation"),
        description=N_("Turned by up to this angle, to either side."),
        json_schema_extra=_extra("moves", 60, unit=N_("degrees"), step=5),
    )
    width_shift: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Width shift"),
        description=N_("Moved left or right by up to this part of the width."),
        json_schema_extra=_extra("moves", 0.3, step=0.05),
    )
    height_shift: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Height shift"),
        description=N_("Moved up or down by up to this part of the height."),
        json_schema_extra=_extra("moves", 0.3, step=0.05),
    )
    shear: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Shear"),
        description=N_("Slanted by up to this part of the side."),
        json_schema_extra=_extra("moves", 0.5, step=0.05),
    )
    zoom: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title=N_("Zoom"),
        description=N_("Enlarged or reduced by up to this part."),
        json_schema_extra=_extra("moves", 0.5, step=0.05),
    )
    horizontal_flip: bool = Field(
        False,
        title=N_("Horizontal flip"),
        description=N_("Half of the pictures are mirrored left to right."),
        json_schema_extra=_extra("moves", True),
    )
    vertical_flip: bool = Field(
        False,
        title=N_("Vertical flip"),
        description=N_("Half of the pictures are mirrored top to bottom."),
        json_schema_extra=_extra("moves", True),
    )
    crop: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title=N_("Random crop"),
        description=N_("Up to this part of each side is cut away at a random place."),
        json_schema_extra=_extra("edges", 0.5, step=0.05),
    )
    fill_mode: FillMode = Field(
        "nearest",
        title=N_("Fill mode"),
        description=N_("What stands where a move leaves a gap."),
        json_schema_extra=_extra(
            "edges",
            titles={
                "nearest": N_("Stretch the edge"),
                "constant": N_("Black"),
                "reflect": N_("Mirror"),
                "wrap": N_("Repeat"),
            },
        ),
    )
    brightness: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Brightness"),
        description=N_("Made lighter or darker by up to this part of the full range."),
        json_schema_extra=_extra("colours", 0.5, step=0.05),
    )
    contrast: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Contrast"),
        description=N_("Light and dark are pulled apart or together by up to this part."),
        json_schema_extra=_extra("colours", 0.9, step=0.05),
    )
    saturation: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Saturation"),
        description=N_("Colours are made stronger or paler, up to grey at 1."),
        json_schema_extra=_extra("colours", 0.9, step=0.05),
    )
    hue: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Hue"),
        description=N_("Colours move round the colour wheel, at 1 up to their opposites."),
        json_schema_extra=_extra("colours", 0.7, step=0.05),
    )
    grey: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Grey"),
        description=N_("This share of the pictures loses its colours."),
        json_schema_extra=_extra("colours", 1, step=0.05, unit="share"),
    )
    blur: float = Field(
        0.0,
        ge=0,
        le=0.1,
        title=N_("Blur"),
        description=N_("Blurred by up to this part of the side."),
        json_schema_extra=_extra("colours", 0.05, step=0.005),
    )
    noise: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title=N_("Noise"),
        description=N_(
            "Grain as in photographs taken in the dark, up to this part of the full range."
        ),
        json_schema_extra=_extra("colours", 0.25, step=0.01),
    )
    erasing: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("Erasing"),
        description=N_("This share of the pictures is covered in part by a grey patch."),
        json_schema_extra=_extra("covers", 1, step=0.05, unit="share"),
    )
    rand_augment: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("RandAugment"),
        description=N_(
            "Two of eleven moves and colour changes, drawn for each picture, up to this strength."
        ),
        json_schema_extra=_extra("covers", 0.4, step=0.05),
    )
    mixup: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("MixUp"),
        description=N_(
            "Two pictures shine through each other, and their labels are mixed alike. Higher is "
            "more even."
        ),
        json_schema_extra=_extra("covers", 1, step=0.05),
    )
    cutmix: float = Field(
        0.0,
        ge=0,
        le=1,
        title=N_("CutMix"),
        description=N_(
            "A piece of another picture is put in, and its label with it. Higher is more even."
        ),
        json_schema_extra=_extra("covers", 1, step=0.05),
    )
    mode: Mode = Field(
        "fresh",
        title=N_("Variants"),
        description=N_(
            "Whether pictures change anew in every epoch, or a few variants of each are made once."
        ),
        json_schema_extra=_extra(
            "mode", titles={"fresh": N_("Fresh in every epoch"), "prepared": N_("Prepared once")}
        ),
    )
    variants: int = Field(
        3,
        ge=1,
        le=10,
        title=N_("Variants a picture"),
        description=N_(
            "How many are made beside the picture itself; each epoch takes the next one in turn."
        ),
        json_schema_extra=_extra("mode", step=1),
    )

    @property
    def is_off(self) -> bool:
        """Whether every picture stays as it is."""
        return not any(getattr(self, name) for name in effects())

    @property
    def mixes(self) -> bool:
        """Whether pictures, and with them labels, are mixed."""
        return any(getattr(self, name) for name in MIXING)

    @property
    def is_prepared(self) -> bool:
        """Whether variants are made once: where only mixing is on, there is nothing to prepare."""
        return self.mode == "prepared" and not self.alone().is_off

    def prepared_bytes(self, pictures: int, size: int) -> int:
        """What the pictures (``size`` × ``size``, RGB) and their prepared variants take on disk."""
        return (self.variants + 1) * pictures * size * size * 3

    def alone(self) -> "AugmentationPlan":
        """What is done to each picture alone, without mixing."""
        return self.model_copy(update=dict.fromkeys(MIXING, 0.0))

    def taking(self, preset: "AugmentationPlan") -> "AugmentationPlan":
        """``preset`` with this plan's way of making variants, which no preset decides."""
        return preset.model_copy(update={name: getattr(self, name) for name in _MODE})

    def only(self, name: str) -> "AugmentationPlan":
        """The setting ``name`` alone, as strong as its small picture shows it."""
        shown = _extra_of(name)["shown"]
        return AugmentationPlan.model_validate({name: shown, "fill_mode": self.fill_mode})


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
    """The key of the preset that ``plan`` equals, if any; when variants are made does not count."""
    if plan.is_off:
        return "off"
    return next((key for key, (_, preset) in PRESETS.items() if plan.taking(preset) == plan), None)


def fields_of(group: Group) -> tuple[str, ...]:
    """The names of the settings in ``group``, in their order."""
    return tuple(
        name for name in AugmentationPlan.model_fields if _extra_of(name)["group"] == group
    )


@cache
def effects() -> tuple[str, ...]:
    """The names of the settings that change pictures."""
    return tuple(
        name for name in AugmentationPlan.model_fields if _extra_of(name)["shown"] is not None
    )


def _extra_of(name: str) -> dict[str, Any]:
    extra = AugmentationPlan.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return extra
