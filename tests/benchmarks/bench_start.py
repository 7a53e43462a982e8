"""How long until the window is painted: ``python -m tests.benchmarks.bench_start [--runs N]``.

Each run is a process of its own. The time is from just before that process is made to the end of
the window's first paint; which heavy modules were imported until
then is printed beside it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT_SECONDS = 1.0

CHILD = """
import json, os, sys, time
began = float(os.environ["BENCH_BEGAN"])
from cnnstudio.ui import main_window
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

class Watched(main_window.MainWindow):
    told = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not Watched.told:
            Watched.told = True
            QTimer.singleShot(0, self.tell)
    def tell(self):
        heavy = [m for m in ("tensorflow", "keras", "numpy") if m in sys.modules]
        print(json.dumps({"seconds": time.time() - began, "imported": heavy}), flush=True)
        QTimer.singleShot(0, QApplication.instance().quit)

from cnnstudio.ui import studio
studio.MainWindow = Watched
import cnnstudio.ui.app as app
app.AFTER_PAINT_MS = 60_000
from cnnstudio.__main__ import start
sys.exit(start([]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "CNNSTUDIO_CONFIG": f"{folder}/config",
            "CNNSTUDIO_CACHE": f"{folder}/cache",
            "CNNSTUDIO_PROJECTS": f"{folder}/projects",
        }
        if not os.environ.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        seconds = []
        for number in range(runs + 1):
            environment["BENCH_BEGAN"] = str(time.time())
            done = subprocess.run(
                [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True
            )
            if not done.stdout:
                sys.exit(done.stderr)
            told = json.loads(done.stdout.splitlines()[0])
            note = "  (cold, not counted)" if number == 0 else ""
            print(f"painted after {told['seconds']:.2f} s, imported: {told['imported']}{note}")
            if number:
                seconds.append(told["seconds"])
    middle = statistics.median(seconds)
    print(f"median {middle:.2f} s, slowest {max(seconds):.2f} s; limit {LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
