"""The program's own settings."""

import os
from pathlib import Path

import pytest

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.places import settings_folder
from cnnstudio.project.settings import (
    MOST_RECENT,
    Settings,
    load_augmentation_presets,
    load_settings,
    save_augmentation_presets,
    save_settings,
)


def written(content: bytes) -> None:
    settings_folder().mkdir(parents=True, exist_ok=True)
    (settings_folder() / "settings.json").write_bytes(content)


def test_at_first_there_are_the_defaults() -> None:
    assert load_settings() == Settings()


def test_settings_come_back() -> None:
    settings = Settings(
        theme="dark",
        language="ko",
        weights_folders=("/무게 🐶", os.fsdecode(b"/caf\xe9")),
        recent_projects=("/a", "/b"),
    )
    save_settings(settings)
    assert load_settings() == settings


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"3", b"[" * 100_000])
def test_damaged_settings_are_the_defaults(content: bytes) -> None:
    written(content)
    assert load_settings() == Settings()


def test_one_damaged_setting_costs_only_itself() -> None:
    written(b'{"theme": "pink", "language": "ko", "weights_folders": ["/w"], "model_copy": 1}')
    assert load_settings() == Settings(language="ko", weights_folders=("/w",))


def test_settings_of_another_version_are_passed_over() -> None:
    written(b'{"theme": "dark", "of next year": true}')
    assert load_settings() == Settings(theme="dark")


def test_settings_that_cannot_be_written_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("CNNSTUDIO_CONFIG", str(tmp_path / "a file" / "config"))
    with pytest.raises(OSError):
        save_settings(Settings())


def test_the_latest_project_comes_first_and_only_once(tmp_path: Path) -> None:
    settings = Settings()
    for name in ("a", "b", "a"):
        settings = settings.with_recent(tmp_path / name)
    assert settings.recent_projects == (str(tmp_path / "a"), str(tmp_path / "b"))


def test_only_the_latest_projects_are_remembered(tmp_path: Path) -> None:
    settings = Settings()
    for number in range(MOST_RECENT + 3):
        settings = settings.with_recent(tmp_path / str(number))
    assert len(settings.recent_projects) == MOST_RECENT
    assert settings.recent_projects[0] == str(tmp_path / str(MOST_RECENT + 2))


# Own presets


def test_own_presets_come_back_in_their_order() -> None:
    assert load_augmentation_presets() == {}
    presets = {"b 🐶 강하게": AugmentationPlan(hue=0.2), "a": AugmentationPlan(rotation=5)}
    save_augmentation_presets(presets)
    assert list(load_augmentation_presets().items()) == list(presets.items())
    save_settings(Settings(theme="dark"))
    assert load_augmentation_presets() == presets


@pytest.mark.parametrize("content", ["", "[]", "3", "{", '{"": {}}', '{"a": {"hue": 7}}'])
def test_damaged_presets_are_left_out(content: str) -> None:
    settings_folder().mkdir(parents=True, exist_ok=True)
    (settings_folder() / "augmentation-presets.json").write_text(content)
    assert load_augmentation_presets() == {}


def test_one_damaged_preset_costs_only_itself() -> None:
    settings_folder().mkdir(parents=True, exist_ok=True)
    file = settings_folder() / "augmentation-presets.json"
    file.write_text('{"a": {"hue": 7}, "b": {"hue": 0.5}, "c": 3}')
    assert load_augmentation_presets() == {"b": AugmentationPlan(hue=0.5)}
