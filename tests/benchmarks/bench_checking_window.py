"""How smoothly the gallery scrolls while its pictures are checked, and how long the check takes.

``python -m tests.benchmarks.bench_checking_window [--pictures N]`` makes small JPEG files in a
temporary folder as ``bench_gallery`` does, lists and checks them in the background as the window
does, and scrolls through them by page, wheel and bar until the check is done. Then they are
checked once more, when everything is known.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_gallery import (
    CLASSES,
    MOST_MS,
    Heartbeat,
    drags,
    make_pictures,
    notches,
    pages,
    pause,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "CACHE", "PROJECTS"):
            os.environ[f"CNNSTUDIO_{name}"] = f"{folder}/{name.lower()}"
        if not os.environ.get("DISPLAY"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        pictures = Path(folder) / "pictures"
        make_pictures(pictures, options.pictures)
        measure(pictures)
        sys.stdout.flush()
    os._exit(0)


def measure(folder: Path) -> None:
    """Scroll while the pictures are checked for the first time, and for the second."""
    from PySide6.QtWidgets import QApplication

    from cnnstudio.images.arrangement import arrange
    from cnnstudio.project.picture_edits import PictureEdits
    from cnnstudio.project.pictures import PicturesPlan
    from cnnstudio.project.project import Project
    from cnnstudio.ui.theme import Theme
    from cnnstudio.ui.widgets.gallery import Gallery
    from cnnstudio.ui.widgets.gallery_items import gallery_items
    from cnnstudio.worker.scan_job import ScanJob
    from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

    app = QApplication([])
    app.setStyle("Fusion")
    theme = Theme("light")
    theme.apply()
    loader = ThumbnailLoader()
    gallery = Gallery(loader, theme)
    gallery.resize(1040, 760)
    gallery.show()
    pause(300)
    project = Project(pictures=PicturesPlan(folders=(str(folder),)))
    scan: Any = None
    for name in ("first check", "when known"):
        job = ScanJob(project, scan)
        scans: list[Any] = [scan] if scan is not None else []
        reports: list[Any] = []
        ended: list[float] = []
        job.scanned.connect(scans.append)
        job.failed.connect(lambda problem: print(problem.message))
        job.checked.connect(reports.append)
        job.checked.connect(lambda report, ended=ended: ended.append(time.monotonic()))
        began = time.monotonic()
        job.start()
        while not scans:
            pause(5)
        if scan is None:
            scan = scans[0]
            arrangement = arrange(scan, PicturesPlan(), PictureEdits())
            items = gallery_items(arrangement, None, PictureEdits())
            colors = {f"class {number}": "#0072B2" for number in range(CLASSES)}
            gallery.show_items(items, colors)
            began = time.monotonic()
        waits = Heartbeat().during(until(ended, chain.from_iterable(again(gallery))))
        job.wait()
        usual = waits[int(len(waits) * 0.01)][0]
        print(
            f"{name}: {len(reports[0].facts)} pictures in {ended[0] - began:.1f} s; "
            f"longest wait {waits[0][0]:.1f} ms (limit {MOST_MS:.0f}), 99 % within {usual:.1f} ms"
        )
        longest = ", ".join(
            f"{waited:.0f} ms ({own:.0f} in the window's thread, {whole:.0f} in all threads)"
            for waited, own, whole in waits[:4]
        )
        print(f"    {longest}")
    loader.close()


def until(ended: list[float], actions: Iterator[None]) -> Iterator[None]:
    """The actions, as long as nothing ended."""
    while not ended:
        yield next(actions)


def again(gallery: object) -> Iterator[Iterator[None]]:
    """Wheel, bar and pages in turn, for ever."""
    while True:
        yield notches(gallery)
        yield drags(gallery)
        yield pages(gallery)


if __name__ == "__main__":
    main()
