"""Fixtures that all rooms share."""

import os
from collections.abc import Callable, Generator
from pathlib import Path

import hypothesis
import pytest

from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.engine_process import EngineProcess, Target

hypothesis.settings.register_profile("patient", deadline=None, max_examples=60)
hypothesis.settings.load_profile("patient")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

try:
    import PySide6.QtTest
    import PySide6.QtWidgets  # noqa: F401 (whether it loads is the question)

    _WHY_NO_QT = ""
except ImportError as error:
    _WHY_NO_QT = str(error)

UseEngine = Callable[[Target], None]

_CHECKOUT = Path(__file__).resolve().parent.parent


def _real_folder(variable: str, name: str) -> Path:
    chosen = os.environ.get(variable)
    folder = Path(chosen) if chosen else _CHECKOUT.parent / "shared" / name
    if not folder.is_dir():
        pytest.skip(f"needs the {name} folder ({variable} names it)")
    return folder


@pytest.fixture(autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and caches of a test stay in the test; it speaks English."""
    monkeypatch.setenv("CNNSTUDIO_CONFIG", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("CNNSTUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("CNNSTUDIO_LANGUAGE", "en")


@pytest.fixture
def test_data() -> Path:
    """Real photographs and awkward files; the test is skipped where they are absent."""
    return _real_folder("CNNSTUDIO_TEST_DATA", "data")


@pytest.fixture
def real_weights() -> Path:
    """Real ImageNet weights; the test is skipped where they are absent."""
    return _real_folder("CNNSTUDIO_WEIGHTS", "weights")


@pytest.fixture
def use_engine(monkeypatch: pytest.MonkeyPatch) -> UseEngine:
    """Lets commands start engines with the given target."""

    def use(target: Target) -> None:
        monkeypatch.setattr(
            "cnnstudio.cli.engine.EngineKeeper", lambda: EngineKeeper(lambda: EngineProcess(target))
        )

    return use


class _WithoutQt:
    """Skips what needs Qt; 'packaging/start.py test' leaves pytest-qt out then."""

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Skip what cannot be collected for this one reason; every other failure stays one."""
        report = yield
        if report.failed and _WHY_NO_QT in str(report.longrepr):
            report.outcome = "skipped"
            report.longrepr = (str(collector.path), 1, f"Qt cannot be loaded: {_WHY_NO_QT}")
        return report

    @pytest.fixture
    def qtbot(self) -> None:
        """In place of pytest-qt's."""
        pytest.skip(f"Qt cannot be loaded: {_WHY_NO_QT}")


def pytest_configure(config: pytest.Config) -> None:
    """Take the tests that need Qt out where it cannot be loaded."""
    if _WHY_NO_QT:
        # A plugin, because hooks of a conftest are not asked about folders with one of their own.
        config.pluginmanager.register(_WithoutQt())
