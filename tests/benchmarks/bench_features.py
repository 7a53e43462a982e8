"""What computing frozen layers once saves: seconds and accuracy, beside running them every time.

Trains MobileNetV2 1.0 at 224 px with a frozen base on ``catdog/train``, without augmentation and
with prepared variants, once with kept features and once straight through, and prints seconds,
validation accuracy and, for the features, what a second training takes that finds them. Data and
weights are found in ``../shared`` or where ``CNNSTUDIO_TEST_DATA`` and ``CNNSTUDIO_WEIGHTS`` say.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SHARED = Path(__file__).resolve().parents[3] / "shared"
PREPARED = (
    "augmentation.mode=prepared",
    "augmentation.variants=3",
    "augmentation.rotation=15",
    "augmentation.zoom=0.1",
    "augmentation.horizontal_flip=true",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--size", type=int, default=224)
    chosen = parser.parse_args()
    os.environ.setdefault("CNNSTUDIO_WEIGHTS", str(SHARED / "weights"))
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", SHARED / "data")) / "catdog" / "train"
    settings = [
        "network.base=mobilenet_v2",
        f"pictures.size={chosen.size}",
        f"training.epochs={chosen.epochs}",
        "training.fine_tuning=0",
    ]
    print(f"{'augmentation':14}{'frozen layers':18}{'seconds':>9}{'processor':>11}{'accuracy':>10}")
    for title, more in (("none", ()), ("3 prepared", PREPARED)):
        with tempfile.TemporaryDirectory() as text:
            os.environ |= {"CNNSTUDIO_CONFIG": text, "CNNSTUDIO_CACHE": f"{text}/cache"}
            for way in ("once", "once, kept", "in every epoch"):
                run(Path(text), data, [*settings, *more], title, way)


def run(folder: Path, data: Path, settings: list[str], title: str, way: str) -> None:
    from cnnstudio.engine import train as training
    from cnnstudio.engine.computed_once import Straight, compute_once
    from cnnstudio.project.fields import apply_settings
    from cnnstudio.project.project import Project
    from cnnstudio.protocol import Event, StageStarted, Train
    from cnnstudio.worker.runs import begin_run

    def straight(*arguments: Any) -> Straight:
        return Straight("not_kept")

    training.compute_once = straight if way == "in every epoch" else compute_once  # type: ignore
    project = apply_settings(Project(), settings)
    pictures = project.pictures.model_copy(update={"folders": (str(data),)})
    begun = begin_run(project.replacing(pictures=pictures), folder / "runs")
    told: list[StageStarted] = []

    def hear(event: Event) -> None:
        if isinstance(event, StageStarted):
            told.append(event)

    began, worked = time.monotonic(), time.process_time()
    ended = training.train(Train(str(begun.path)), hear, lambda: False)
    assert ended.outcome == "finished", ended.details
    seconds, processor = time.monotonic() - began, time.process_time() - worked
    print(
        f"{title:14}{way:18}{seconds:7.1f} s{processor:9.1f} s{ended.validation_accuracy:10.1%}"
        f"   ({told[0].seconds_once:.1f} s for {told[0].computed_once} layers once)",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
