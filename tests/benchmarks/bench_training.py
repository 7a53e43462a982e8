"""How long training takes, beside a plain Keras script: seconds, accuracy, and the ratio.

Both sides are fresh processes, from the command to the model that is written, the start of Python
and the import of TensorFlow counted; both train on all of ``catdog/train`` and watch
``catdog/test``, with the same weights, epochs and batch size. ``plain_keras.py`` is the script, and
judges both models afterwards. Processor seconds are those of all processes together; they tell more
than the clock where others use the computer too.

``--only`` takes some of the lines (frozen, second, vgg16, scratch; 'second' trains 'frozen' first,
from which it has its features), ``--epochs`` fewer epochs, with which the ratios are lower.
Data and weights are found in ``../shared`` or where ``CNNSTUDIO_TEST_DATA`` and
``CNNSTUDIO_WEIGHTS`` say.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SHARED = Path(__file__).resolve().parents[3] / "shared"
MOBILENET = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
BATCH_SIZE = 16
WITHIN_POINTS = 0.01

Name = Literal["frozen", "second", "vgg16", "scratch"]


@dataclass(frozen=True)
class Line:
    """What both sides train, and by how much ours is to be faster; ``judged`` where accuracy means
    something."""

    title: str
    network: str
    size: int
    epochs: int
    limit: float
    settings: tuple[str, ...]
    is_augmented: bool = False
    units: int = 0
    is_pretrained: bool = False
    judged: bool = True


PREPARED = (
    "augmentation.mode=prepared",
    "augmentation.variants=3",
    "augmentation.horizontal_flip=true",
    "augmentation.rotation=36",
)
FRESH = ("augmentation.horizontal_flip=true", "augmentation.rotation=36")

LINES: dict[Name, Line] = {
    "frozen": Line(
        "MobileNetV2 1.0, 224 px, frozen",
        "mobilenet_v2",
        224,
        20,
        10,
        ("training.fine_tuning=0", *PREPARED),
        is_augmented=True,
        is_pretrained=True,
    ),
    "second": Line(
        "the same, another head",
        "mobilenet_v2",
        224,
        20,
        20,
        ("training.fine_tuning=0", "network.dense=64", *PREPARED),
        is_augmented=True,
        units=64,
        is_pretrained=True,
    ),
    "vgg16": Line(
        "VGG16, 160 px, last four layers",
        "vgg16",
        160,
        20,
        3,
        ("network.weights=random", "network.train_last=4", "training.learning_rate=0.001"),
        judged=False,
    ),
    "scratch": Line(
        "Small CNN, 96 px, from scratch",
        "small_cnn",
        96,
        10,
        1,
        FRESH,
        is_augmented=True,
        judged=False,
    ),
}


@dataclass(frozen=True)
class Took:
    """Seconds by the clock and of the processors, and where the model is."""

    seconds: float
    processor: float
    model: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(LINES), default=list(LINES))
    parser.add_argument("--epochs", type=int, default=0)
    chosen = parser.parse_args()
    weights = Path(os.environ.get("CNNSTUDIO_WEIGHTS", SHARED / "weights"))
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", SHARED / "data")) / "catdog"
    print(
        f"{'':34}{'epochs':>7}{'script':>18}{'CNN Studio':>18}{'ratio':>8}{'limit':>7}"
        f"{'accuracy':>18}"
    )
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        pictures = folder / "pictures"
        # By their names, folders say which part they are.
        shutil.copytree(data / "train", pictures / "train")
        shutil.copytree(data / "test", pictures / "validation")
        side = Sides(folder, pictures, weights, chosen.epochs)
        for name in LINES:
            if name in chosen.only:
                compare(name, side, has_features="frozen" in chosen.only)


class Sides:
    """Starts both sides. Lines share a cache where the second is to find what the first kept."""

    def __init__(self, folder: Path, pictures: Path, weights: Path, epochs: int) -> None:
        self.folder = folder
        self.pictures = pictures
        self.weights = weights
        self.epochs = epochs

    def script(self, line: Line) -> Took:
        """The plain script."""
        model = self.folder / "script.keras"
        words = ["--network", line.network, "--size", line.size, "--epochs", self.of(line)]
        words += ["--train", self.pictures / "train", "--watch", self.pictures / "validation"]
        words += ["--to", model, "--units", line.units]
        words += ["--augment"] if line.is_augmented else []
        words += ["--weights", self.weights / MOBILENET] if line.is_pretrained else []
        return self._timed(["-m", "tests.benchmarks.plain_keras", *map(str, words)], model, "")

    def ours(self, line: Line, cache: str) -> Took:
        """``cnnstudio train`` with ``--export``."""
        model = self.folder / "ours.keras"
        model.unlink(missing_ok=True)
        settings = [
            f"network.base={line.network}",
            f"pictures.size={line.size}",
            f"training.epochs={self.of(line)}",
            f"training.batch_size={BATCH_SIZE}",
            *line.settings,
        ]
        words = ["-m", "cnnstudio", "train", str(self.pictures), "--json"]
        words += [word for each in settings for word in ("--set", each)]
        words += ["--runs", str(self.folder / "runs"), "--export", str(model)]
        return self._timed(words, model, cache)

    def accuracy(self, model: Path) -> float:
        """How often ``model`` is right about the pictures that nobody learned from."""
        words = ["-m", "tests.benchmarks.plain_keras", "--judge", str(model)]
        return float(self._run([*words, "--watch", str(self.pictures / "validation")], ""))

    def of(self, line: Line) -> int:
        """How many epochs."""
        return self.epochs or line.epochs

    def _timed(self, words: list[str], model: Path, cache: str) -> Took:
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        self._run(words, cache)
        seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        kept = model.with_name(f"{time.monotonic_ns()}.keras")
        model.rename(kept)
        return Took(seconds, processor, kept)

    def _run(self, words: list[str], cache: str) -> str:
        """The last line that the command prints."""
        environment = os.environ | {
            "CNNSTUDIO_CONFIG": str(self.folder),
            "CNNSTUDIO_CACHE": str(self.folder / f"cache-{cache}"),
            "CNNSTUDIO_WEIGHTS": str(self.weights),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        answer = subprocess.run(
            [sys.executable, *words], env=environment, capture_output=True, text=True
        )
        if answer.returncode:
            raise SystemExit(answer.stdout[-3000:] + answer.stderr[-3000:])
        last = answer.stdout.strip().splitlines()[-1]
        if last.startswith("{"):
            assert json.loads(last)["outcome"] == "finished", last
        return last


def compare(name: Name, side: Sides, has_features: bool) -> None:
    line = LINES[name]
    # The second run finds what the first one kept.
    cache = "frozen" if name == "second" else name
    if name == "second" and not has_features:
        side.ours(LINES["frozen"], cache)
    ours, script = side.ours(line, cache), side.script(line)
    ratio = script.seconds / ours.seconds
    told = "" if ratio >= line.limit else "  too slow"
    accuracies = ""
    if line.judged:
        theirs, own = side.accuracy(script.model), side.accuracy(ours.model)
        accuracies = f"{theirs:9.1%}{own:9.1%}"
        told += "" if own >= theirs - WITHIN_POINTS - 1e-9 else "  less accurate"
    print(
        f"{line.title:34}{side.of(line):7}"
        f"{script.seconds:8.1f} s{script.processor:6.0f} p{ours.seconds:8.1f} s"
        f"{ours.processor:6.1f} p{ratio:8.1f}{line.limit:7g}{accuracies:>18}{told}"
        f"   (by processor {script.processor / ours.processor:.1f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
