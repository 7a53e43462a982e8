"""Arrays as sources of pictures: IDX files as MNIST came in, and NPZ files as Keras has them."""

import os
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cnnstudio.images.archives import (
    ArrayShape,
    array_picture_path,
    arrays_in,
    file_state,
    is_archive,
    open_array,
)
from cnnstudio.images.array_labels import (
    LABELS_AT_MOST,
    LabelsError,
    labels_from,
    read_idx_labels,
    read_label_names,
)
from cnnstudio.images.found_pictures import FoundPicture, natural_key
from cnnstudio.images.list_columns import PART_WORDS
from cnnstudio.images.sources import SourceContent
from cnnstudio.project.pictures import Part
from cnnstudio.project.problems import Problem, ProblemError

PICTURES_AT_MOST = 2_000_000

_IDX_PICTURES = re.compile(
    r"(?P<front>.*?)(?P<word>images?)(?P<back>.*?)[-.]idx[34]-ubyte(?P<gz>\.gz)?", re.IGNORECASE
)
_IDX_LABELS = re.compile(
    r"(?P<front>.*?)(?P<word>labels?)(?P<back>.*?)[-.]idx[12]-ubyte(?P<gz>\.gz)?", re.IGNORECASE
)
_NAME_WORDS = re.compile(r"arr_\d|[xy](?=train|test|val|dev)|[A-Z]?[a-z]+\d*k?|[A-Z]+")
_PICTURE_WORDS = frozenset(
    {"x", "images", "image", "imgs", "img", "data", "pictures", "features", "inputs", "arr_0"}
)
_LABEL_WORDS = frozenset(
    {*("y", "labels", "label", "targets", "target", "classes", "class", "category", "arr_1")}
)
_NAMES_OF_CLASSES = frozenset({"classnames", "labelnames", "names", "categories", "targetnames"})
_FILES_OF_NAMES = ("labels.txt", "label_names.txt", "class_names.txt", "classes.txt", "names.txt")


@dataclass(frozen=True)
class _Labelled:
    """An array of pictures and the classes that belong to it."""

    archive: str
    name: str
    shape: ArrayShape
    labels: list[str]
    part: Part | None


# IDX


def idx_source(path: str, files: Iterable[str]) -> SourceContent:
    """The pictures in IDX files, with the classes in the label files beside them.

    ``path`` is what was chosen: one of the files, or the folder they lie in. The same file packed
    and unpacked counts once.
    """
    content = SourceContent(path, "idx")
    chosen: dict[tuple[str, str], str] = {}
    for file in sorted(files, key=lambda name: (name.lower().endswith(".gz"), natural_key(name))):
        chosen.setdefault((os.path.dirname(file), _idx_key(file)), file)  # noqa: PTH120
    try:
        _check_one_set(path, list(chosen.values()))
    except ProblemError as error:
        content.problems.append(error.problem)
        return content
    for file in sorted(chosen.values(), key=natural_key):
        try:
            labelled = _labelled_idx(file)
        except ProblemError as error:
            problem = error.problem
            about = problem.file or file  # of the two, it may be the one with the classes
            content.problems.append(
                Problem(problem.kind, "pictures.folders", about, problem.values)
            )
            continue
        content.pictures += _pictures_of(labelled)
    return content


def _labelled_idx(file: str) -> _Labelled:
    shape = arrays_in(file)[""]
    _check_pictures(shape, file, "")
    labels_file = _labels_beside(file)
    if labels_file is None:
        raise _refused("array_labels_missing", file)
    try:
        values = read_idx_labels(labels_file)
        labels = labels_from(values, _names_beside(labels_file))
    except LabelsError as error:
        raise _refused("array_labels_unknown", labels_file, shape=str(error)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise _refused("archive_damaged", labels_file) from error
    _check_lengths(shape, len(labels), file)
    return _Labelled(file, "", shape, labels, _part_in(Path(file).name))


def _idx_key(file: str) -> str:
    return re.sub(r"\.gz$", "", Path(file).name.lower()).replace(".idx", "-idx")


def _labels_beside(file: str) -> str | None:
    """The label file that belongs to a picture file; an unpacked one before a packed one."""
    said = _IDX_PICTURES.fullmatch(Path(file).name)
    wanted = "" if said is None else (said["front"] + said["back"]).lower()
    fitting = []
    for name in os.listdir(Path(file).parent):  # noqa: PTH208
        found = _IDX_LABELS.fullmatch(name)
        if found is not None and (found["front"] + found["back"]).lower() == wanted:
            beside = Path(file).with_name(name)
            if beside.is_file():
                fitting.append((bool(found["gz"]), natural_key(name), str(beside)))
    return min(fitting)[2] if fitting else None


def pictures_beside(file: str) -> str | None:
    """The picture file that belongs to a label file, if ``file`` is one."""
    said = _IDX_LABELS.fullmatch(Path(file).name)
    if said is None:
        return None
    fitting = []
    for name in os.listdir(Path(file).parent):  # noqa: PTH208
        found = _IDX_PICTURES.fullmatch(name)
        key = said["front"] + said["back"]
        if found is not None and (found["front"] + found["back"]).lower() == key.lower():
            beside = str(Path(file).with_name(name))
            if is_archive(beside):
                fitting.append((bool(found["gz"]), natural_key(name), beside))
    return min(fitting)[2] if fitting else None


def _names_beside(labels_file: str) -> list[str] | None:
    folder = Path(labels_file).parent
    said = _IDX_LABELS.fullmatch(Path(labels_file).name)
    front = said["front"] if said is not None else ""
    for part in ("train", "test", "t10k"):
        front = front.removesuffix(f"{part}-")
    mapping = f"{front.rstrip('-_.')}-mapping.txt"
    for name in (mapping, *_FILES_OF_NAMES):
        names = read_label_names(folder / name)
        if names is not None:
            return names
    return None


# NPZ


def npz_source(path: str, files: Iterable[str]) -> SourceContent:
    """The pictures in NPZ files that have arrays of classes beside them, by the arrays' names.

    ``path`` is what was chosen: one of the files, or the folder they lie in.
    """
    content = SourceContent(path, "npz")
    files = sorted(files, key=natural_key)
    try:
        _check_one_set(path, files)
    except ProblemError as error:
        content.problems.append(error.problem)
        return content
    for file in files:
        try:
            for labelled in _labelled_npz(file, content.problems):
                content.pictures += _pictures_of(labelled)
        except ProblemError as error:
            problem = error.problem
            content.problems.append(Problem(problem.kind, "pictures.folders", file, problem.values))
    return content


def _labelled_npz(file: str, problems: list[Problem]) -> list[_Labelled]:
    shapes = arrays_in(file)
    pictures = {key: name for name in shapes if (key := _role(name, _PICTURE_WORDS)) is not None}
    labels = {key: name for name in shapes if (key := _role(name, _LABEL_WORDS)) is not None}
    if not pictures:
        shown = ", ".join(sorted(shapes, key=natural_key)[:8])
        raise _refused("array_names_unknown", file, names=shown or "-")
    names = _names_inside(file, shapes)
    found = []
    for key, name in sorted(pictures.items()):
        try:
            _check_pictures(shapes[name], file, name)
            if key not in labels:
                raise _refused("array_labels_not_inside", file, name=name)
            label_shape = shapes[labels[key]].shape
            if len(label_shape) not in (1, 2) or _product(label_shape) > LABELS_AT_MOST:
                shown = " × ".join(map(str, label_shape)) or "1"
                raise _refused("array_labels_unknown", file, shape=shown)
            _check_lengths(shapes[name], label_shape[0], file)
            said = labels_from(open_array(file, labels[key]), names)
        except LabelsError as error:
            refused = _refused("array_labels_unknown", file, shape=str(error))
            problems.append(refused.problem)
            continue
        except ProblemError as error:
            problems.append(
                Problem(error.problem.kind, "pictures.folders", file, error.problem.values)
            )
            continue
        part = _part_in(name) or _part_in(Path(file).stem)
        found.append(_Labelled(file, name, shapes[name], said, part))
    return found


def _role(name: str, words: frozenset[str]) -> str | None:
    """What is left of an array's name without the word that says its role; ``None`` without."""
    parts = [part.lower() for part in _NAME_WORDS.findall(name)]
    roles = [part for part in parts if part in words]
    if len(roles) != 1:
        return None
    parts.remove(roles[0])
    return "_".join(PART_WORDS.get(part, part) for part in parts)


def _names_inside(file: str, shapes: dict[str, ArrayShape]) -> list[str] | None:
    for name, shape in shapes.items():
        if re.sub(r"[\W_]", "", name).lower() in _NAMES_OF_CLASSES and len(shape.shape) == 1:
            try:
                values = open_array(file, name)
            except ProblemError:
                return None
            if values.dtype.kind in "US":
                return [
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in values.tolist()
                ]
    return None


# Both


def _pictures_of(labelled: _Labelled) -> list[FoundPicture]:
    state = file_state(labelled.archive)
    modified = state[1] if state is not None else 0
    size = _product(labelled.shape.shape[1:]) * _bytes_of(labelled.shape.dtype)
    front = array_picture_path(labelled.archive, labelled.name, 0).removesuffix("00000")
    part = labelled.part
    return [
        FoundPicture(f"{front}{index:05d}", label, part, size, modified)
        for index, label in enumerate(labelled.labels)
    ]


def _families(files: Iterable[str]) -> set[str]:
    """The sets that files belong to: their names without the words for the parts."""
    found = set()
    for file in files:
        words = (word.lower() for word in _NAME_WORDS.findall(Path(file).name))
        found.add("-".join(word for word in words if word not in PART_WORDS))
    return found


def _check_one_set(path: str, files: list[str]) -> None:
    """Refuse a folder of several sets: the 3 of one may be a digit and that of another a shoe."""
    if len(_families(files)) > 1:
        shown = ", ".join(Path(file).name for file in sorted(files, key=natural_key)[:4])
        raise _refused("array_several_sets", path, examples=shown)


def _check_pictures(shape: ArrayShape, file: str, name: str) -> None:
    if "O" in shape.dtype:
        raise _refused("array_objects", file)
    if not shape.pictures or shape.pictures > PICTURES_AT_MOST:
        shown = " × ".join(map(str, shape.shape)) or "1"
        values = {"name": name or Path(file).name, "shape": shown}
        raise _refused("array_not_pictures", file, **values)


def _check_lengths(shape: ArrayShape, labels: int, file: str) -> None:
    if shape.pictures != labels:
        raise _refused("array_lengths_differ", file, pictures=shape.pictures, labels=labels)


def _part_in(name: str) -> Part | None:
    said = {
        PART_WORDS[word]
        for part in _NAME_WORDS.findall(name)
        if (word := part.lower()) in PART_WORDS
    }
    return next(iter(said)) if len(said) == 1 else None


def _bytes_of(dtype: str) -> int:
    digits = re.sub(r"\D", "", dtype)
    return int(digits) if digits else 1


def _product(shape: Iterable[int]) -> int:
    result = 1
    for side in shape:
        result *= side
    return result


def _refused(kind: str, file: str, **values: str | int | float) -> ProblemError:
    return ProblemError(Problem(kind, "pictures.folders", file, values))
