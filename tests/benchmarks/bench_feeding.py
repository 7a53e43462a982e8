"""How fast pictures reach the training: ``python -m tests.benchmarks.bench_feeding``.

First pass: 5,000 photographs (``catdog/train`` over and over, each with bytes of its own) decoded
at 160 px, kept and iterated once in batches; beside it ``image_dataset_from_directory`` of Keras,
with prefetching, iterated once. Later passes: iterated again. Memory: 50,000 small pictures, in a
process of their own, whose highest use of memory is told. Files are warm for all. ``--part speed``
or ``--part memory`` does one of both, ``--count`` with so many pictures.
"""

import argparse
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image

_HERE = Path(__file__).resolve()
SIZE, BATCH = 160, 32
MOST_GIGABYTES = 1.5


def with_own_bytes(photograph: bytes, number: int) -> bytes:
    """The same JPEG with a comment of its own."""
    note = f"{number:08d}".encode()
    return photograph[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(note)) + note + photograph[2:]


def write_photographs(folder: Path, count: int) -> None:
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", _HERE.parents[3] / "shared" / "data"))
    found = sorted((data / "catdog" / "train").rglob("*.jpg"))
    contents = [(file.parent.name, file.read_bytes()) for file in found]
    for number in range(count):
        label, content = contents[number % len(contents)]
        (folder / label).mkdir(exist_ok=True)
        (folder / label / f"{number:05d}.jpg").write_bytes(with_own_bytes(content, number))


def write_small_pictures(folder: Path, count: int) -> None:
    picture = folder / "small.jpg"
    Image.effect_noise((72, 64), 60).convert("RGB").save(picture)
    content = picture.read_bytes()
    picture.unlink()
    for number in range(count):
        label = "cat" if number % 2 else "dog"
        (folder / label).mkdir(exist_ok=True)
        (folder / label / f"{number:05d}.jpg").write_bytes(with_own_bytes(content, number))


def seconds(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    count = work()
    taken = time.perf_counter() - began
    return taken if count else float("nan")


def our_pass(folder: Path, seed: int = 1) -> int:
    import numpy as np

    from cnnstudio.engine.inputs import training_batches
    from cnnstudio.engine.parts import Part
    from cnnstudio.images.store import prepare_pictures
    from cnnstudio.project.augmentation import AugmentationPlan

    paths = [str(path) for path in sorted(folder.rglob("*.jpg"))]
    prepared = prepare_pictures(paths, SIZE, "crop")
    assert not prepared.problems
    labels = np.array([Path(path).parent.name == "cat" for path in paths], np.int64)
    part = Part(prepared.pixels, np.arange(len(paths)), labels, tuple(paths))
    batches = training_batches(part, BATCH, AugmentationPlan(), seed)
    return sum(len(answers) for _, answers in batches)


def keras_pass(folder: Path) -> int:
    import keras
    import tensorflow as tf

    batches = keras.utils.image_dataset_from_directory(
        folder, image_size=(SIZE, SIZE), batch_size=BATCH, crop_to_aspect_ratio=True, verbose=False
    )
    return sum(len(answers) for _, answers in batches.prefetch(tf.data.AUTOTUNE))


def measure_speed(count: int) -> None:
    """Prints the seconds of a pass each way, and the ratios."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["CNNSTUDIO_CACHE"] = str(Path(place, "cache"))
        warm, folder = Path(place, "warm"), Path(place, "photographs")
        for each, number in ((warm, 64), (folder, count)):
            each.mkdir()
            write_photographs(each, number)
        our_pass(warm)
        keras_pass(warm)
        theirs = seconds(lambda: keras_pass(folder))
        first = seconds(lambda: our_pass(folder))
        again = seconds(lambda: keras_pass(folder))
        later = [seconds(partial(our_pass, folder, seed)) for seed in (2, 3)]
        theirs = min(theirs, again)
        print(f"{count} photographs at {SIZE} px, batches of {BATCH}")
        print(f"Keras, every pass   {theirs:7.2f} s {count / theirs:8.0f} pictures a second")
        print(f"first pass          {first:7.2f} s {count / first:8.0f}   {theirs / first:.2f} x")
        best = min(later)
        print(f"later passes        {best:7.2f} s {count / best:8.0f}   {theirs / best:.2f} x")


def measure_memory(count: int) -> None:
    """Run by a child: prints its highest use of memory."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["CNNSTUDIO_CACHE"] = str(Path(place, "cache"))
        folder = Path(place, "small")
        folder.mkdir()
        write_small_pictures(folder, count)
        taken = [seconds(partial(our_pass, folder, seed)) for seed in (1, 2)]
    unit = 1 if sys.platform == "darwin" else 1024
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 10**9
    print(f"{count} small pictures: first pass {taken[0]:.1f} s, second {taken[1]:.1f} s,", end=" ")
    print(f"at most {highest:.2f} GB of memory (allowed: {MOST_GIGABYTES})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("speed", "memory", "memory-child"))
    parser.add_argument("--count", type=int, default=0)
    chosen = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if chosen.part == "memory-child":
        measure_memory(chosen.count)
        return
    if chosen.part in (None, "speed"):
        measure_speed(chosen.count or 5000)
    if chosen.part in (None, "memory"):
        command = [sys.executable, "-m", "tests.benchmarks.bench_feeding", "--part", "memory-child"]
        subprocess.run([*command, "--count", str(chosen.count or 50_000)], check=True)


if __name__ == "__main__":
    main()
