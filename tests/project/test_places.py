"""Where things stand on this computer."""

from pathlib import Path

import pytest

from cnnstudio.project import places


def test_resources_are_there() -> None:
    assert (places.resources_folder() / "translations" / "cnnstudio.pot").is_file()


def test_the_settings_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNSTUDIO_CONFIG", str(tmp_path / "설정"))
    assert places.settings_folder() == tmp_path / "설정"


def test_the_cache_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNSTUDIO_CACHE", str(tmp_path / "a" / "b"))
    assert places.cache_folder() == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()


def test_a_cache_that_cannot_be_made_stands_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("CNNSTUDIO_CACHE", str(tmp_path / "a file" / "cache"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
    folder = places.cache_folder()
    assert folder.parent == tmp_path / "temporary"
    assert folder.is_dir()


def test_a_cache_that_cannot_be_written_stands_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNSTUDIO_CACHE", str(tmp_path))
    monkeypatch.setattr("os.access", lambda path, mode: False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
    assert places.cache_folder().parent == tmp_path / "temporary"
