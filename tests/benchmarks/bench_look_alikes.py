"""How fast look-alikes are found among very many: ``python -m tests.benchmarks.bench_look_alikes``.

The small grey pictures of ``catdog`` and of mixtures of them with noise as coarse as nature's, all
different, with copies planted among them that are darker, grainy and moved by a few per cent. The
limit is 10 seconds for 100,000. ``--pictures N`` takes another number.
"""

import argparse
import hashlib
import os
import resource
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnstudio.images.facts import LOOK_SIDE, PictureFacts, look_into
from cnnstudio.images.look_alikes import find_look_alikes
from cnnstudio.images.scan import scan_folders
from cnnstudio.images.threads import cores

_HERE = Path(__file__).resolve()
_WIDE = LOOK_SIDE + 2
_SOME = 2000


def wide_looks(photographs: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Pictures a little larger than looks, so that they can be moved."""
    chance = np.random.default_rng(1)
    down, right = np.fft.fftfreq(_WIDE)[:, None], np.fft.rfftfreq(_WIDE)[None]
    fading = 1 / (down**2 + right**2 + 0.002) ** 0.65
    found = np.empty((count, _WIDE, _WIDE), np.float32)
    for start in range(0, count, _SOME):
        rows = min(_SOME, count - start)
        noise = np.fft.rfft2(chance.standard_normal((rows, _WIDE, _WIDE))) * fading
        nature = np.fft.irfft2(noise, s=(_WIDE, _WIDE))
        nature /= nature.std(axis=(1, 2), keepdims=True)
        base = photographs[chance.integers(0, len(photographs), rows)]
        base = np.pad(base, ((0, 0), (1, 1), (1, 1)), mode="edge")
        found[start : start + rows] = (base - 128) * 0.5 + nature * 45 + 128
    return found


def facts_of(name: str, look: NDArray[np.float32]) -> PictureFacts:
    pixels = look.clip(0, 255).astype(np.uint8).tobytes()
    digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
    return PictureFacts(name, None, 400, 300, "JPEG", "RGB", 1, digest, pixels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=100_000)
    count = parser.parse_args().pictures
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", _HERE.parents[3] / "shared" / "data"))
    scan = scan_folders([str(data / "catdog")])
    real = [np.frombuffer(look_into(each.path).look, np.uint8) for each in scan.pictures]
    photographs = np.stack(real).reshape(-1, LOOK_SIDE, LOOK_SIDE).astype(np.float32)
    planted = count // 100
    wide = wide_looks(photographs, count - planted)
    facts = [facts_of(f"/a/{row:06}.x", look[1:-1, 1:-1]) for row, look in enumerate(wide)]
    chance = np.random.default_rng(2)
    for row in range(planted):
        top, left = chance.integers(0, 3, 2)
        copy = wide[row, top : top + LOOK_SIDE, left : left + LOOK_SIDE] * 0.85
        copy += chance.normal(0, 3, copy.shape).astype(np.float32)
        facts.append(facts_of(f"/b/{row:06}.y", copy))
    del wide
    print(f"{len(facts)} pictures, {planted} of them copies, {cores()} cores")
    began, computed = time.perf_counter(), time.process_time()
    found = find_look_alikes(facts)
    seconds, computed = time.perf_counter() - began, time.process_time() - computed
    right = {(f"/a/{row:06}.x", f"/b/{row:06}.y") for row in range(planted)}
    print(
        f"found {len(right & set(found.near))} of {planted}; others: {len(set(found.near) - right)}"
    )
    print(f"{seconds:.2f} s, {computed:.2f} s of computing (limit 10 s)")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
