"""The program's own settings: what belongs to this computer and not to one project."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.chapter import read_what_can_be
from cnnstudio.project.files import read_json, write_json_atomically
from cnnstudio.project.places import settings_folder

MOST_RECENT = 8


class Settings(BaseModel):
    """Frozen like a plan; unknown keys of other versions are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: Literal["system", "light", "dark"] = "system"
    language: str = ""
    weights_folders: tuple[str, ...] = ()
    weights_mirror: str = ""
    """An address or a folder that weights are fetched from; empty: where Keras has them."""
    weights_downloads: str = ""
    """The folder that weights are fetched into; empty: Keras' own cache."""
    recent_projects: tuple[str, ...] = ()

    def with_recent(self, project_folder: Path) -> "Settings":
        """With ``project_folder`` as the latest of the recent projects."""
        path = str(project_folder)
        recent = (path, *(each for each in self.recent_projects if each != path))
        return self.model_copy(update={"recent_projects": recent[:MOST_RECENT]})


def load_settings() -> Settings:
    """The settings as saved; the default of each that is absent or damaged."""
    try:
        content = read_json(settings_folder() / "settings.json")
    except (OSError, ValueError):
        return Settings()
    settings, _ = read_what_can_be(Settings, content)
    return settings


def save_settings(settings: Settings) -> None:
    """Keep ``settings`` for the next start.

    Raises:
        OSError: if they cannot be written.
    """
    settings_folder().mkdir(parents=True, exist_ok=True)
    write_json_atomically(settings_folder() / "settings.json", settings.model_dump(mode="json"))


def load_augmentation_presets() -> dict[str, AugmentationPlan]:
    """The person's own presets by name; those that are damaged are left out."""
    try:
        content = read_json(_presets_file())
    except (OSError, ValueError):
        return {}
    found = {}
    for name, plan in content.items() if isinstance(content, dict) else ():
        read, is_right = read_what_can_be(AugmentationPlan, plan)
        if is_right and name.strip():
            found[name] = read
    return found


def save_augmentation_presets(presets: Mapping[str, AugmentationPlan]) -> None:
    """Keep the person's own presets on this computer, for all projects.

    They have a file of their own, because every window keeps the other settings in memory and
    writes them as it knows them.

    Raises:
        OSError: if they cannot be written.
    """
    settings_folder().mkdir(parents=True, exist_ok=True)
    content = {name: plan.model_dump(mode="json") for name, plan in presets.items()}
    write_json_atomically(_presets_file(), content)


def _presets_file() -> Path:
    return settings_folder() / "augmentation-presets.json"
