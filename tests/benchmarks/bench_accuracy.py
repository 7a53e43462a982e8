"""How often a model is right on real photographs.

Trains MobileNetV2 with a frozen base on ``catdog/train`` through the command line, width 1.0 at
224 px and width 0.35 at 160 px, evaluates the exported models on ``catdog/test``, and prints
accuracy and seconds beside the limits. Data and weights are found in ``../shared`` or where
``CNNSTUDIO_TEST_DATA`` and ``CNNSTUDIO_WEIGHTS`` say. Further ``--set`` are passed on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[3] / "shared"
RUNS = ((1.0, 224, 0.97), (0.35, 160, 0.91))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", default=[], metavar="CHAPTER.FIELD=VALUE")
    more = parser.parse_args().set
    pictures = Path(os.environ.get("CNNSTUDIO_TEST_DATA", SHARED / "data")) / "catdog"
    print(f"{'width':>6}{'px':>6}{'accuracy':>10}{'limit':>8}{'training':>10}{'pictures':>12}")
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        environment = os.environ | {"CNNSTUDIO_CONFIG": text, "CNNSTUDIO_CACHE": f"{text}/cache"}
        environment.setdefault("CNNSTUDIO_WEIGHTS", str(SHARED / "weights"))
        for width, size, limit in RUNS:
            model = folder / f"{width}.keras"
            settings = ["network.base=mobilenet_v2", f"network.width={width}"]
            settings += [f"pictures.size={size}", "training.fine_tuning=0", *more]
            chosen = [word for each in settings for word in ("--set", each)]
            train = ["train", str(pictures / "train"), *chosen, "--runs", str(folder / "runs")]
            trained = cnnstudio(environment, *train, "--export", str(model))
            asked = cnnstudio(environment, "evaluate", str(model), str(pictures / "test"))
            assert asked["count"] == sum(map(sum, asked["confusion"]))
            print(
                f"{width:6}{size:6}{asked['accuracy']:10.1%}{limit:8.0%}"
                f"{trained['seconds']:8.0f} s{asked['count']:12}",
                flush=True,
            )


def cnnstudio(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """The last line that the command prints with ``--json``."""
    command = [sys.executable, "-m", "cnnstudio", *arguments, "--json"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True)
    if answer.returncode:
        raise SystemExit(answer.stdout + answer.stderr)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
