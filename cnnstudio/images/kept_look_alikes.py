"""Look-alikes, remembered between starts: comparing very many pictures takes far longer than this.

A set of pictures is known again by all that finding look-alikes depends on: contents, sizes, times
and names, but not the folder that all of them lie in. Another picture makes it another set. What
is damaged or cannot be written only costs time.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import PIL
from numpy.typing import NDArray

from cnnstudio.images.facts import FACTS_VERSION, LOOK_SIDE, PictureFacts
from cnnstudio.images.kept_files import kept_file, make_room
from cnnstudio.images.look_alikes import LookAlikes, Looks, Pair, find_among
from cnnstudio.images.read import READER_VERSION
from cnnstudio.project.places import cache_folder

LOOK_ALIKES_VERSION = 1
"""To be raised whenever others would be found among the same pictures: they are found again."""

KEPT_BYTES_AT_MOST = 50 * 10**6
FEWEST_KEPT = 500
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
    if len(facts) < FEWEST_KEPT:
        return find_among(facts, looks, should_stop)
    readable = sorted((each for each in facts if each.digest), key=lambda each: each.path)
    file = _file_for(readable)
    kept = _read(file, readable) if file is not None else None
    if kept is None:
        kept = find_among(facts, looks, should_stop)
        if file is not None:
            _keep(file, readable, kept)
    return kept


def _file_for(readable: Sequence[PictureFacts]) -> Path | None:
    """Where the look-alikes of this set are or would be; None without a place to keep them."""
    ends = [each.path for each in (*readable[:1], *readable[-1:])]
    start = os.path.commonprefix(ends).rfind(os.sep) + 1  # noqa: RUF071 (it is cut at a folder)
    key = hashlib.blake2b(_VERSION.encode(), digest_size=_DIGEST_BYTES)
    for each in readable:
        text = f"\0{each.path[start:]}\0{each.width}\0{each.height}\0{each.taken}\0"
        key.update(text.encode("utf-8", "surrogatepass") + each.digest)
    with contextlib.suppress(OSError):
        return cache_folder() / "look-alikes" / f"{key.hexdigest()}.pairs"
    return None


def _read(file: Path, readable: Sequence[PictureFacts]) -> LookAlikes | None:
    """What stands in the file, or None if there is no whole one."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, packed = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if not packed or digest != _digest_of(packed):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # used now, so it is not the next to be removed
    num_same, num_near, *places = np.frombuffer(packed, "<i4").tolist()
    paths = [each.path for each in readable]
    pairs = [
        (paths[one], paths[other]) for one, other in zip(places[::2], places[1::2], strict=True)
    ]
    same, near, mirrored = (
        pairs[:num_same],
        pairs[num_same : num_same + num_near],
        pairs[num_same + num_near :],
    )
    digests = {each.path: each.digest.hex() for each in readable}
    return LookAlikes(tuple(same), tuple(near), frozenset(mirrored), digests)


def _keep(file: Path, readable: Sequence[PictureFacts], found: LookAlikes) -> None:
    """The pictures' places among all, in pairs: the same ones, the near ones, the mirrored."""
    place_of = {each.path: place for place, each in enumerate(readable)}

    def places(pairs: Sequence[Pair]) -> NDArray[np.int32]:
        flat = [place_of[path] for pair in pairs for path in pair]
        return np.array(flat, "<i4")

    counts = np.array([len(found.same), len(found.near)], "<i4")
    pairs = (places(each) for each in (found.same, found.near, sorted(found.mirrored)))
    packed = np.concatenate([counts, *pairs]).tobytes()
    with contextlib.suppress(OSError):  # a full disk only makes the next time slower
        file.parent.mkdir(parents=True, exist_ok=True)
        make_room(file.parent, len(packed), KEPT_BYTES_AT_MOST)
        with kept_file(file) as beside:
            beside.write_bytes(_digest_of(packed) + packed)


def _digest_of(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=_DIGEST_BYTES).digest()
