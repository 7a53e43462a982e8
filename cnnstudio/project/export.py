"""Chapter 'export': which model is handed over."""

from typing import Literal

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.words import N_


class ExportPlan(Chapter):
    """What the exported file holds."""

    model: Literal["best", "last"] = Field(
        "best",
        title=N_("Model"),
        description=N_("The best epoch's model by validation accuracy, or the last one's."),
        json_schema_extra={"titles": {"best": N_("Best epoch"), "last": N_("Last epoch")}},
    )
