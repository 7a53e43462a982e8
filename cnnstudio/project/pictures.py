"""Chapter 'pictures': which folders, how large, and which part is kept back."""

from typing import Literal

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_

Part = Literal["training", "validation", "test"]
Fit = Literal["crop", "pad", "stretch"]


class PicturesPlan(Chapter):
    """What the pictures are and how they are read. The folders are never written to."""

    folders: tuple[str, ...] = Field(
        (),
        title=N_("Folders"),
        description=N_(
            "Folders whose sub-folders are the classes; also ZIP files, lists of pictures (CSV), "
            "and arrays (IDX, NPZ). They are never changed."
        ),
    )
    labels_in_names: tuple[str, ...] = Field(
        (),
        title=N_("Classes from file names"),
        description=N_("Those of the folders whose pictures say their class: cat.12.jpg is a cat."),
    )
    size: int = Field(
        96,
        ge=16,
        le=1024,
        title=N_("Size"),
        description=N_("Side of the square that every picture is scaled to."),
        json_schema_extra={"unit": N_("px"), "step": 16},
    )
    fit: Fit = Field(
        "crop",
        title=N_("Fit"),
        description=N_("How a picture that is not square becomes square."),
        json_schema_extra={
            "titles": {
                "crop": N_("Crop the middle"),
                "pad": N_("Add a border"),
                "stretch": N_("Stretch"),
            }
        },
    )
    validation_share: float = Field(
        0.2,
        ge=0.05,
        le=0.5,
        title=N_("Validation"),
        description=N_("Share of the pictures that is not learned from, but watched each epoch."),
        json_schema_extra={"step": 0.05, "unit": "share"},
    )
    test_share: float = Field(
        0.0,
        ge=0.0,
        le=0.4,
        title=N_("Test"),
        description=N_("Share of the pictures kept back for one honest test at the end."),
        json_schema_extra={"step": 0.05, "unit": "share"},
    )
    seed: int = Field(
        1,
        ge=0,
        le=2**31 - 1,
        title=N_("Seed"),
        description=N_("The same seed splits the same pictures in the same way."),
    )

    def for_reading(self) -> "PicturesPlan":
        """Only what a single picture is read by: size and fit."""
        return PicturesPlan(size=self.size, fit=self.fit)
