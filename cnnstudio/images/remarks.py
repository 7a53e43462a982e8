"""What single pictures are remarkable for: broken, tiny, long and narrow, animated, misnamed."""

import os
from collections.abc import Iterable
from statistics import median_low

from cnnstudio.images.facts import PictureFacts
from cnnstudio.images.formats import FORMATS

TINY_SIDE = 32
_TINY_BESIDE = 2
"""A picture is tiny only where the typical one is at least so many times as large."""

LONGEST_ASPECT = 4.0

_FORMAT_OF_SUFFIX = {suffix: each.name for each in FORMATS for suffix in each.suffixes}
_SAME_FORMAT = {"MPO": "JPEG", "DIB": "BMP", "CUR": "ICO"}
"""Formats whose files go by the name of another one."""


def remarks_on(facts: Iterable[PictureFacts]) -> dict[str, list[str]]:
    """Kinds of findings, and full paths of the pictures they are about, in the facts' order."""
    known = list(facts)
    readable = [each for each in known if each.problem is None]
    sides = [min(each.width, each.height) for each in readable]
    typical = median_low(sides) if sides else 0
    found: dict[str, list[str]] = {}
    for each in known:
        if each.problem is not None:
            found.setdefault(each.problem.kind, []).append(each.path)
            continue
        shorter, longer = sorted((each.width, each.height))
        if shorter < TINY_SIDE and shorter * _TINY_BESIDE <= typical:
            found.setdefault("tiny", []).append(each.path)
        if longer > LONGEST_ASPECT * shorter:
            found.setdefault("extreme_aspect", []).append(each.path)
        if each.frames > 1:
            found.setdefault("animated", []).append(each.path)
        if _is_misnamed(each):
            found.setdefault("wrong_extension", []).append(each.path)
    return found


def _is_misnamed(facts: PictureFacts) -> bool:
    suffix = os.path.splitext(facts.path)[1].lower()  # noqa: PTH122 (many thousand times)
    said = _FORMAT_OF_SUFFIX.get(suffix, "")
    if not said or facts.format in ("NPZ", "IDX"):
        return False
    return _SAME_FORMAT.get(said, said) != _SAME_FORMAT.get(facts.format, facts.format)
