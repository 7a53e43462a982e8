"""How soon 100,000 pictures are counted and shown, how smoothly they scroll, and their memory.

``python -m tests.benchmarks.bench_gallery [--pictures N]`` makes small JPEG files in a temporary
folder (hard links to a few hundred different ones: thumbnails differ by path), reads each once so
that the disk is warm, and opens them in a window of their own. A heartbeat every 2 ms measures
how long the event loop made it wait while everything is scrolled through by page, by wheel and by
dragging the bar. Beside each long wait stands what of it was work of the window's thread, and of
the whole process: what neither explains, other programs on this machine took.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

COUNTS_SECONDS = 5.0
MOST_MS = 50.0
MOST_MB = 500.0
HEARTBEAT_MS = 2
CLASSES = 10
DIFFERENT = 400
WHEEL_NOTCHES = 1_500
DRAG_STEPS = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "CACHE", "PROJECTS"):
            os.environ[f"CNNSTUDIO_{name}"] = f"{folder}/{name.lower()}"
        if not os.environ.get("DISPLAY"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        pictures = Path(folder) / "pictures"
        make_pictures(pictures, options.pictures)
        measure(pictures)


def make_pictures(folder: Path, count: int) -> None:
    """Small photographs-to-be: coloured noise, each a file of its own by name."""
    import numpy as np
    from PIL import Image

    chance = np.random.default_rng(1)
    first: list[Path] = []
    for number in range(count):
        place = folder / f"class {number % CLASSES}" / f"picture {number:06d}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        if number < DIFFERENT:
            coarse = chance.integers(0, 255, (6, 8, 3), dtype=np.uint8)
            Image.fromarray(coarse).resize((160, 120)).save(place, quality=85)
            first.append(place)
        else:
            place.hardlink_to(first[number % DIFFERENT])
        if number % 997 == 0:
            place.read_bytes()


def measure(folder: Path) -> None:
    """Scan, show, scroll, and print the figures."""
    import psutil
    from PySide6.QtWidgets import QApplication

    from cnnstudio.images.arrangement import arrange
    from cnnstudio.images.scan import scan_folders
    from cnnstudio.project.picture_edits import PictureEdits
    from cnnstudio.project.pictures import PicturesPlan
    from cnnstudio.ui.theme import Theme
    from cnnstudio.ui.widgets.gallery import Gallery
    from cnnstudio.ui.widgets.gallery_items import gallery_items
    from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

    app = QApplication([])
    app.setStyle("Fusion")
    theme = Theme("light")
    theme.apply()
    process = psutil.Process()
    print(f"memory before: {process.memory_info().rss / 1e6:.0f} MB")
    loader = ThumbnailLoader()
    gallery = Gallery(loader, theme)
    gallery.resize(1040, 760)
    gallery.show()
    pause(300)

    scan_folders([str(folder)])  # a warm disk
    found: list[object] = []
    steps: dict[str, float] = {}

    def work() -> None:
        began = time.monotonic()
        scan = scan_folders([str(folder)])
        steps["scan"] = time.monotonic() - began
        found.append(arrange(scan, PicturesPlan(), PictureEdits()))
        steps["arrange"] = time.monotonic() - began - steps["scan"]

    began = time.monotonic()
    thread = threading.Thread(target=work)
    thread.start()
    while not found:
        pause(5)
    thread.join()
    arrangement = found[0]
    shown_from = time.monotonic()
    items = gallery_items(arrangement, None, PictureEdits())  # type: ignore[arg-type]
    steps["values"] = time.monotonic() - shown_from
    colors = {f"class {number}": "#0072B2" for number in range(CLASSES)}
    gallery.show_items(items, colors)
    gallery.view.viewport().repaint()
    seconds = time.monotonic() - began
    steps["show"] = time.monotonic() - shown_from - steps["values"]
    parts = ", ".join(f"{name} {took:.2f} s" for name, took in steps.items())
    print(f"counts on screen after {seconds:.2f} s (limit {COUNTS_SECONDS:.0f} s): {parts}")
    print(f"shown: {gallery.tools.count.text()}")
    pause(1500)
    for name, actions in (
        ("page", pages(gallery)),
        ("wheel", notches(gallery)),
        ("drag", drags(gallery)),
    ):
        waits = Heartbeat().during(actions)
        usual = waits[int(len(waits) * 0.01)][0]
        longest = ", ".join(
            f"{waited:.0f} ms ({own:.0f} in the window's thread, {whole:.0f} in all threads)"
            for waited, own, whole in waits[:4]
        )
        most_own = max(own for _, own, _ in waits)
        print(
            f"scrolled by {name}: longest wait {waits[0][0]:.1f} ms (limit {MOST_MS:.0f}), "
            f"99 % within {usual:.1f} ms, most own work at a time {most_own:.1f} ms"
        )
        print(f"    {longest}")
    used = process.memory_info().rss / 1e6
    most = max(used, peak_mb())
    print(f"memory of the window: {used:.0f} MB, most {most:.0f} MB (limit {MOST_MB:.0f} MB)")
    loader.close()
    sys.stdout.flush()
    os._exit(0)


def pages(gallery: object) -> Iterator[None]:
    """Through all of it with the page key."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    view = gallery.view  # type: ignore[attr-defined]
    view.setFocus()
    view.setCurrentIndex(view.pictures.index(0))
    last = len(view.pictures.items) - 1
    while view.currentIndex().row() < last:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier)
            QApplication.postEvent(view, key)
        yield


def notches(gallery: object) -> Iterator[None]:
    """Upwards with the wheel."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    viewport = gallery.view.viewport()  # type: ignore[attr-defined]
    at = QPointF(300, 300)
    for _ in range(WHEEL_NOTCHES):
        turned = QWheelEvent(
            at,
            viewport.mapToGlobal(at),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.postEvent(viewport, turned)
        yield


def drags(gallery: object) -> Iterator[None]:
    """From one end to the other and back, as the mouse drags the bar."""
    bar = gallery.view.verticalScrollBar()  # type: ignore[attr-defined]
    for step in range(DRAG_STEPS):
        bar.setSliderPosition(round(bar.maximum() * abs(1 - 2 * step / DRAG_STEPS)))
        yield


class Heartbeat:
    """Beats every 2 ms and notes how long it had to wait."""

    def during(self, actions: Iterator[None]) -> list[tuple[float, float, float]]:
        """Do one action every 8 ms; the waits and the work in them, the longest first."""
        from PySide6.QtCore import QElapsedTimer, Qt, QTimer

        waits: list[tuple[float, float, float]] = []
        worked = [time.thread_time(), time.process_time()]
        clock, heart, hand = QElapsedTimer(), QTimer(), QTimer()
        heart.setTimerType(Qt.TimerType.PreciseTimer)
        hand.setTimerType(Qt.TimerType.PreciseTimer)
        done: list[bool] = []

        def beat() -> None:
            own, whole = time.thread_time(), time.process_time()
            waited = max(0.0, clock.nsecsElapsed() / 1e6 - HEARTBEAT_MS)
            waits.append((waited, (own - worked[0]) * 1000, (whole - worked[1]) * 1000))
            worked[:] = own, whole
            clock.restart()

        def act() -> None:
            if next(actions, done) is done:
                done.append(True)
                hand.stop()

        heart.timeout.connect(beat)
        hand.timeout.connect(act)
        clock.start()
        heart.start(HEARTBEAT_MS)
        hand.start(8)
        while not done:
            pause(100)
        pause(500)
        heart.stop()
        return sorted(waits, reverse=True)


def peak_mb() -> float:
    """The most memory that this process has had; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def pause(milliseconds: int) -> None:
    """Let the window live for a while (``QTest.qWait`` would hold up all other threads)."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
