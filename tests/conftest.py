"""Fixtures that all rooms share."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

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
