"""Pictures of every page: ``python packaging/make_pictures.py [FOLDER] [--theme light|dark]``.

Opens the real window (offscreen where there is no display), trains on the sample pictures with
the real engine, and saves a PNG of each page. Without FOLDER only the README's picture is made:
``packaging/pictures/window.png``.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--language", default="en")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--epochs", type=int, default=12)
    options = parser.parse_args()
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as place:
        for name in ("CONFIG", "CACHE", "PROJECTS"):
            os.environ[f"CNNSTUDIO_{name}"] = f"{place}/{name.lower()}"
        _Photographer(options).work()


class _Photographer:
    """Goes through the pages as a person would."""

    def __init__(self, options: argparse.Namespace) -> None:
        from PySide6.QtWidgets import QApplication

        from cnnstudio.project.words import say, use_language
        from cnnstudio.ui.app import Program

        use_language(options.language)
        self._app = QApplication([])
        self._app.setStyle("Fusion")
        self._options = options
        self._program = Program()
        self._program.theme.choose(options.theme)
        self._program.open(None, say("Cats and dogs"))
        assert self._program.studio is not None
        self._studio = self._program.studio
        width, height = (int(side) for side in options.size.split("x"))
        self._studio.window.resize(width, height)

    def work(self) -> None:
        """Take all pictures, then close the program."""
        studio, window = self._studio, self._studio.window
        only_readme = self._options.folder is None
        self._take("images-empty")
        self._program.warm_up()
        studio.bring_samples()
        self._wait(lambda: studio.pictures.report is not None)
        self._take("images", 2000)
        if not only_readme:
            self._show("augment")
            window.page("augment").presets["strong"].click()
            self._wait(lambda: window.page("augment").wall.has_images)
            self._take("augment", 1500)
            studio.session.undo()
            self._show("network")
            network = window.page("network")
            network.choose_network("mobilenet_v2")
            self._wait(lambda: studio.network.facts is not None)
            network.layers.bar.count.setValue(30)
            tree = network.layers.tree
            tree.expand(tree.layers.index(tree.layers.rowCount() - 4, 0))
            tree.scrollToBottom()
            self._take("network", 500)
            studio.session.undo()
            studio.session.undo()
            self._show("train")
            self._take("train-ready")
            train = window.page("train")
            train.settings.open_group("schedule")
            train.side.ensureWidgetVisible(train.settings.rate)
            self._take("train-more", 300)
            train.side.verticalScrollBar().setValue(train.side.verticalScrollBar().maximum())
            self._take("train-stages", 300)
            train.settings.more.click()
        training = studio.session.project.training
        studio.session.change_chapter(
            "training", training.model_copy(update={"epochs": self._options.epochs})
        )
        self._show("train")
        studio.start_training()
        if not only_readme:
            self._take("train-preparing", 100)
        wanted = self._options.epochs * 2 // 3
        self._wait(lambda: len(studio.training.live.history) >= wanted)
        self._take("train", 200)
        if only_readme:
            pictures = HERE / "pictures"
            pictures.mkdir(exist_ok=True)
            window.grab().save(str(pictures / "window.png"))
            studio.training.stop()
            self._wait(lambda: studio.training.phase == "ended")
        else:
            self._rest()
        self._program.close()

    def _rest(self) -> None:
        studio, window = self._studio, self._studio.window
        studio.training.pause()
        self._wait(lambda: studio.training.phase in ("paused", "ended"))
        self._take("train-paused")
        studio.training.go_on()
        self._wait(lambda: studio.training.phase == "ended")
        self._take("train-ended", 500)
        self._show("results")
        self._take("results", 1000)
        self._show("try")
        page = window.page("try")
        page.ask_about([p.path for p in studio.pictures.listing.of_part("validation")[::9]])
        self._wait(lambda: bool(page.answer.text()))
        self._take("try", 1000)
        self._show("export")
        self._take("export")

    def _show(self, key: str) -> None:
        self._studio.window.show_page(key)

    def _take(self, name: str, after_ms: int = 200) -> None:
        pause(after_ms)
        folder = self._options.folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{name}-{self._options.theme}.png"
            self._studio.window.grab().save(str(file))
            print(file)

    def _wait(self, condition: Callable[[], bool], seconds: float = 180.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError
            pause(50)


def pause(milliseconds: int) -> None:
    """Let the window live for a while (``QTest.qWait`` would hold up all other threads)."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
