"""What every chapter of a plan has in common."""

from pydantic import BaseModel, ConfigDict


class Chapter(BaseModel):
    """A frozen part of the plan: compared by equality, changed by replacement.

    A field declares default, limits, title and one sentence of help; ``json_schema_extra`` adds
    ``unit`` (marked English), ``titles`` (a title for each choice) and ``step`` (of a slider).
    The window's form, ``--set``, the checks and the saved file are all made from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
