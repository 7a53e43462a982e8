"""What every chapter of a plan has in common."""

import contextlib
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class Chapter(BaseModel):
    """A frozen part of the plan: compared by equality, changed by replacement.

    A field declares default, limits, title and one sentence of help; ``json_schema_extra`` adds
    ``unit`` (marked English), ``titles`` (a title for each choice) and ``step`` (of a slider).
    The window's form, ``--set``, the checks and the saved file are all made from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def read_what_can_be(kind: type[Model], content: Any) -> tuple[Model, bool]:
    """A ``kind`` with every field of ``content`` that is right, and whether all of them were.

    Each field is judged alone, so that one wrong value does not cost the others.
    """
    try:
        return kind.model_validate(content), True
    except ValidationError:
        kept = {}
        for name in kind.model_fields:
            if isinstance(content, dict) and name in content:
                with contextlib.suppress(ValidationError):
                    kept[name] = getattr(kind.model_validate({name: content[name]}), name)
        return kind().model_copy(update=kept), False
