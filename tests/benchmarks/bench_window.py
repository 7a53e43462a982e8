"""How smooth the window stays while it trains, and how soon the first point stands on the curve.

``python -m tests.benchmarks.bench_window`` trains on ``catdog/train`` (or the folder named by
``--pictures``), ``… --demo`` on the sample pictures with the plan that ``cnnstudio --demo`` uses.
A heartbeat every 2 ms measures how long the event loop made it wait. The engine is warm.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

MOST_MS = 100.0
USUAL_MS = 16.0
FIRST_POINT_SECONDS = 3.0
DEMO_SECONDS = 60.0
DEMO_ACCURACY = 0.95
HEARTBEAT_MS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--network", default="mobilenet_v2")
    parser.add_argument("--epochs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "CACHE", "PROJECTS"):
            os.environ[f"CNNSTUDIO_{name}"] = f"{folder}/{name.lower()}"
        shared = Path(__file__).resolve().parents[3] / "shared"
        os.environ.setdefault("CNNSTUDIO_WEIGHTS", str(shared / "weights"))
        if not os.environ.get("DISPLAY"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", str(shared / "data")))
        measure(options, options.pictures or data / "catdog" / "train")


def measure(options: argparse.Namespace, pictures: Path) -> None:
    """Train once in a real window and print the figures."""
    from PySide6.QtCore import QElapsedTimer, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from cnnstudio.project.network_table import choose_base, find_network
    from cnnstudio.ui.app import Program

    app = QApplication([])
    app.setStyle("Fusion")
    program = Program()
    assert program.open(None) is None
    studio = program.studio
    assert studio is not None
    pause(200)
    program.warm_up()
    if options.demo:
        from cnnstudio.images.samples import sample_pictures_folder

        pictures = sample_pictures_folder()
    else:
        row = find_network(options.network)
        assert row is not None
        project = studio.session.project
        network, plan = choose_base(project.network, project.pictures, row)
        training = project.training.model_copy(update={"epochs": options.epochs})
        studio.session.change(project.replacing(network=network, pictures=plan, training=training))
    studio.window.page("images").add_folders([str(pictures)])  # type: ignore[attr-defined]
    wait_for(lambda: studio.pictures.report is not None)
    studio.window.show_page("train")
    engine = program.keeper.take()
    wait_for(lambda: engine.is_ready)
    program.keeper.give_back(engine)
    pause(500)

    waits: list[tuple[float, float, float]] = []
    worked = [time.thread_time()]
    clock = QElapsedTimer()
    heart = QTimer()
    heart.setTimerType(Qt.TimerType.PreciseTimer)

    def beat() -> None:
        waited = max(0.0, clock.nsecsElapsed() / 1e6 - HEARTBEAT_MS)
        own = time.thread_time()
        waits.append((waited, time.monotonic() - began, (own - worked[0]) * 1000))
        worked[0] = own
        clock.restart()

    heart.timeout.connect(beat)
    first: list[float] = []
    began = time.monotonic()
    studio.training.batch_ended.connect(lambda: first or first.append(time.monotonic() - began))
    clock.start()
    heart.start(HEARTBEAT_MS)
    studio.start_training()
    wait_for(lambda: studio.training.phase == "ended", 3600)
    heart.stop()
    seconds = time.monotonic() - began
    live = studio.training.live
    best = max(facts.validation_accuracy for facts in live.history)
    waits.sort()
    usual = waits[int(len(waits) * 0.99)][0]
    print(f"pictures {pictures}, network {studio.session.project.network.base}")
    print(f"first point after {first[0]:.2f} s (limit {FIRST_POINT_SECONDS} s)")
    print(
        f"event loop: longest wait {waits[-1][0]:.1f} ms (limit {MOST_MS:.0f}), "
        f"99 % within {usual:.1f} ms (limit {USUAL_MS:.0f}), {len(waits)} beats"
    )
    longest = ", ".join(
        f"{waited:.0f} ms ({own:.0f} of them own work) at {at:.1f} s"
        for waited, at, own in waits[:-6:-1]
    )
    print(f"longest waits: {longest}")
    limits = f" (limits {DEMO_SECONDS:.0f} s, {DEMO_ACCURACY:.0%})" if options.demo else ""
    print(
        f"{len(live.history)} epochs in {seconds:.1f} s, "
        f"best validation accuracy {best:.1%}{limits}"
    )
    program.close()


def wait_for(condition: object, seconds: float = 120.0) -> None:
    """Let the window live until ``condition`` holds."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError
        pause(20)


def pause(milliseconds: int) -> None:
    """Let the window live for a while (``QTest.qWait`` would hold up all other threads)."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
