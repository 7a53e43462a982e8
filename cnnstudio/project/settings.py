"""The program's own settings: what belongs to this computer and not to one project."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.places import settings_folder

MOST_RECENT = 8


class Settings(BaseModel):
    """Frozen like a plan; unknown keys of other versions are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: Literal["system", "light", "dark"] = "system"
    language: str = ""
    weights_folders: tuple[str, ...] = ()
    recent_projects: tuple[str, ...] = ()

    def with_recent(self, project_folder: Path) -> "Settings":
        """With ``project_folder`` as the latest of the recent projects."""
        path = str(project_folder)
        recent = (path, *(each for each in self.recent_projects if each != path))
        return self.model_copy(update={"recent_projects": recent[:MOST_RECENT]})


def load_settings() -> Settings:
    """The settings as saved; the defaults where the file is absent or damaged."""
    try:
        return Settings.model_validate_json((settings_folder() / "settings.json").read_bytes())
    except (OSError, ValidationError):
        return Settings()


def save_settings(settings: Settings) -> None:
    """Keep ``settings`` for the next start.

    Raises:
        OSError: if they cannot be written.
    """
    settings_folder().mkdir(parents=True, exist_ok=True)
    write_text_atomically(settings_folder() / "settings.json", settings.model_dump_json(indent=1))
