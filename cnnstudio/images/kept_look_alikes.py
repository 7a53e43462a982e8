"""Look-alikes, remembered between starts: comparing very many pictures takes far longer than this.

A set of pictures is known again by all that finding look-alikes depends on: contents, sizes, times
and names, but not the folder that all of them lie in; and by their order. Another picture makes it
another set. What is damaged or cannot be written only costs time.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import PIL
from numpy.typing import NDArray

from cnnstudio.images.breaths import with_breaths
from cnnstudio.images.facts import FACTS_VERSION, LOOK_SIDE, PictureFacts
from cnnstudio.images.kept_files import kept_file, make_room
from cnnstudio.images.look_alikes import LookAlikes, Looks, Pair, find_among
from cnnstudio.images.read import READER_VERSION
from cnnstudio.project.places import cache_folder

LOOK_ALIKES_VERSION = 2
"""To be raised whenever others would be found among the same pictures: they are found again."""

KEPT_BYTES_AT_MOST = 50 * 10**6
FEWEST_KEPT = 200
"""Fewer pictures are compared in no time."""

_VERSION = f"{LOOK_ALIKES_VERSION} {FACTS_VERSION} {READER_VERSION} {LOOK_SIDE} {PIL.__version__}"
_DIGEST_BYTES = 16


def look_alikes_among(
    facts: Sequence[PictureFacts], looks: Looks, should_stop: Callable[[], bool] | None = None
) -> LookAlikes:
    """As :func:`~cnnstudio.images.look_alikes.find_among`, at once for a set that is known.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    kept = kept_look_alikes(facts)
    if kept is None:
        kept = find_among(facts, looks, should_stop)
        _keep(facts, kept)
    return kept


def kept_look_alikes(facts: Sequence[PictureFacts]) -> LookAlikes | None:
    """The look-alikes of a set that is known, in the same order, from an earlier time."""
    file = _file_for(facts)
    if file is None:
        return None
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, packed = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if not packed or digest != _digest_of(packed):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # used now, so it is not the next to be removed
    num_same, num_near, *rows = np.frombuffer(packed, "<i4").tolist()
    paths = [each.path for each in facts]
    ends = with_breaths(zip(rows[::2], rows[1::2], strict=True))
    pairs = [(paths[one], paths[other]) for one, other in ends]
    return LookAlikes(
        tuple(pairs[:num_same]),
        tuple(pairs[num_same : num_same + num_near]),
        frozenset(pairs[num_same + num_near :]),
        {each.path: each.digest.hex() for each in with_breaths(facts) if each.digest},
    )


def _file_for(facts: Sequence[PictureFacts]) -> Path | None:
    """Where the look-alikes of this set are or would be; None if they are not to be kept."""
    if len(facts) < FEWEST_KEPT:
        return None
    above = os.path.commonprefix([each.path for each in facts])  # noqa: RUF071 (cut at a folder)
    start = above.rfind(os.sep) + 1
    key = hashlib.blake2b(_VERSION.encode(), digest_size=_DIGEST_BYTES)
    for each in with_breaths(facts):
        text = f"\0{each.path[start:]}\0{each.width}\0{each.height}\0{each.taken}\0"
        key.update(text.encode("utf-8", "surrogatepass") + each.digest)
    with contextlib.suppress(OSError):
        return cache_folder() / "look-alikes" / f"{key.hexdigest()}.pairs"
    return None


def _keep(facts: Sequence[PictureFacts], found: LookAlikes) -> None:
    """The rows of the pictures, in pairs: the same ones, the near ones, the mirrored."""
    file = _file_for(facts)
    if file is None:
        return
    row_of = {each.path: row for row, each in enumerate(facts)}

    def rows(pairs: Iterable[Pair]) -> NDArray[np.int32]:
        return np.array([row_of[path] for pair in pairs for path in pair], "<i4")

    counts = np.array([len(found.same), len(found.near)], "<i4")
    pairs = (rows(each) for each in (found.same, found.near, found.mirrored))
    packed = np.concatenate([counts, *pairs]).tobytes()
    with contextlib.suppress(OSError):  # a full disk only makes the next time slower
        file.parent.mkdir(parents=True, exist_ok=True)
        make_room(file.parent, len(packed), KEPT_BYTES_AT_MOST)
        with kept_file(file) as beside:
            beside.write_bytes(_digest_of(packed) + packed)


def _digest_of(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=_DIGEST_BYTES).digest()
