"""The file around a model: Keras' zip (``.keras``) or HDF5 (``.h5``), as parsed text and bytes."""

import contextlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import h5py

from cnnstudio.engine.own_models.hdf5 import MOST_BYTES, opened, text_of, too_large
from cnnstudio.engine.own_models.other_formats import problem_of_bytes, problem_of_zip
from cnnstudio.project.problems import Problem, ProblemError

CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
CLASS_NAMES = "class_names.json"

_MOST_CONFIG_BYTES = 16 * 1024**2
_MOST_NOTES_BYTES = 1024**2
_MOST_MEMBERS = 10_000
_BOMB_FLOOR_BYTES = 4 * 1024**2
_MOST_EXPANSION = 200
_HEAD_BYTES = 512


@dataclass(frozen=True)
class Container:
    """``config`` describes the layers, in the words of the Keras that wrote it; ``class_names`` is
    CNN Studio's own member, as it stands there."""

    path: Path
    form: Literal["zip", "hdf5"]
    config: dict[str, Any]
    keras_version: str
    class_names: bytes | None = None

    @contextlib.contextmanager
    def weights(self) -> Iterator[h5py.File]:
        """The file of numbers, safe to read from.

        Raises:
            ProblemError: ``model_damaged``, ``model_reaches_outside``, ``model_too_large``.
        """
        if self.form == "hdf5":
            with opened(self.path, str(self.path)) as file:
                yield file
            return
        with _zip_errors(self.path), zipfile.ZipFile(self.path) as archive:
            content = io.BytesIO(_read(archive, WEIGHTS, self.path, MOST_BYTES))
        with opened(content, str(self.path)) as file:
            yield file


def open_container(path: Path) -> Container:
    """Find out what is at ``path`` and read its description; no numbers yet.

    Raises:
        ProblemError: ``model_missing`` or ``model_damaged``, what else it is where that can be
            told, or one of HDF5's.
    """
    if not os.path.isfile(path):  # noqa: PTH113 (raises nothing, whatever the path)
        saved = os.path.isfile(path / "saved_model.pb")  # noqa: PTH113
        raise ProblemError(
            Problem("model_is_saved_model", file=str(path))
            if saved
            else Problem("model_missing", file=str(path))
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if h5py.is_hdf5(path):
            return _open_hdf5(path)
        if zipfile.is_zipfile(path):
            return _open_zip(path)
    except OSError as error:
        raise ProblemError(Problem("model_damaged", file=str(path))) from error
    raise ProblemError(problem_of_bytes(path, head))


def _open_hdf5(path: Path) -> Container:
    with opened(path, str(path)) as file:
        text = text_of(file, "model_config")
        if text is None:
            kind = "layer_names" in file.attrs or "layers" in file or "model_weights" in file
            raise ProblemError(
                Problem("model_only_weights", file=str(path))
                if kind
                else Problem("model_damaged", file=str(path))
            )
        version = text_of(file, "keras_version") or ""
    return Container(path, "hdf5", _parsed(text, path), version)


def _open_zip(path: Path) -> Container:
    with _zip_errors(path), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) > _MOST_MEMBERS:
            raise ValueError("More members than any model has")
        if CONFIG not in names or len(set(names)) != len(names):
            raise ProblemError(problem_of_zip(path, names))
        if WEIGHTS not in names:
            raise ProblemError(Problem("model_damaged", file=str(path)))
        config = _read(archive, CONFIG, path, _MOST_CONFIG_BYTES)
        metadata = _read(archive, METADATA, path, _MOST_NOTES_BYTES) if METADATA in names else b""
        own = _read(archive, CLASS_NAMES, path, _MOST_NOTES_BYTES) if CLASS_NAMES in names else None
    version = ""
    with contextlib.suppress(ValueError, AttributeError):
        version = str(json.loads(metadata).get("keras_version", ""))
    return Container(path, "zip", _parsed(config, path), version, own)


@contextlib.contextmanager
def _zip_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ProblemError(Problem("model_damaged", file=str(path))) from error


def _read(archive: zipfile.ZipFile, name: str, path: Path, most: int) -> bytes:
    """One member, unless it says or turns out to be larger than can be."""
    info = archive.getinfo(name)
    size = info.file_size
    is_bomb = size > _BOMB_FLOOR_BYTES and size > _MOST_EXPANSION * info.compress_size
    if size > most or is_bomb:
        raise ProblemError(too_large(str(path), size))
    return archive.read(info)


def _parsed(text: str | bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemError(Problem("model_damaged", file=str(path))) from error
    if not isinstance(found, dict) or not isinstance(found.get("class_name"), str):
        raise ProblemError(Problem("model_damaged", file=str(path)))
    return found
