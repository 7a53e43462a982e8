"""Where things stand on this computer: resources, settings, caches."""

import os
import tempfile
from functools import cache
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def resources_folder() -> Path:
    """Icons, style, translations: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def packaged_weights_folder() -> Path:
    """Where an installer may put weight files; the folder need not exist."""
    return resources_folder() / "weights"


def settings_folder() -> Path:
    """The folder of the program's own settings (``CNNSTUDIO_CONFIG`` overrides it)."""
    chosen = os.environ.get("CNNSTUDIO_CONFIG")
    return Path(chosen) if chosen else Path(platformdirs.user_config_dir("cnnstudio", False))


def cache_folder() -> Path:
    """A writable folder for what can be made again (``CNNSTUDIO_CACHE`` overrides it)."""
    chosen = os.environ.get("CNNSTUDIO_CACHE")
    folder = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("cnnstudio", False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    # Of this person alone: others on the same computer may not write into it.
    user = os.getuid() if hasattr(os, "getuid") else ""
    folder = Path(tempfile.gettempdir()) / f"cnnstudio-cache{user}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def documents_folder() -> Path:
    """Where new projects live (``CNNSTUDIO_PROJECTS`` overrides it)."""
    chosen = os.environ.get("CNNSTUDIO_PROJECTS")
    return Path(chosen) if chosen else Path(platformdirs.user_documents_dir()) / "CNN Studio"
