"""Files that are no pictures, are cut off, or claim to be huge: each has a name, none does harm."""

import errno
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture_files import (
    huge_gif,
    huge_jpeg,
    huge_png,
    huge_tiff,
    huge_webp,
    icon_around,
    packed,
    quarters,
    saved,
    smooth_noise,
)

from cnnstudio.images import decode
from cnnstudio.images.read import PICTURE_SUFFIXES, read_picture
from cnnstudio.project.problems import Problem, ProblemError

WAYS_TO_SAVE = {
    "jpg": {"kind": "JPEG"},
    "jpeg": {"kind": "JPEG", "progressive": True},
    "png": {"kind": "PNG"},
    "gif": {"kind": "GIF"},
    "bmp": {"kind": "BMP"},
    "dib": {"kind": "DIB"},
    "webp": {"kind": "WEBP"},
    "tif": {"kind": "TIFF"},
    "tiff": {"kind": "TIFF", "compression": "tiff_lzw"},
    "ico": {"kind": "ICO"},
    "ppm": {"kind": "PPM"},
    "tga": {"kind": "TGA", "compression": "tga_rle"},
    "jp2": {"kind": "JPEG2000"},
    "avif": {"kind": "AVIF"},
}


def problem_of(path: Path | str) -> Problem:
    with pytest.raises(ProblemError) as raised:
        read_picture(path, 32, "crop")
    return raised.value.problem


def is_read_or_named(path: Path) -> bool:
    try:
        return read_picture(path, 16, "crop").shape == (16, 16, 3)
    except ProblemError as error:
        return error.problem.file == str(path)


def kind_of(path: Path | str) -> str:
    return problem_of(path).kind


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "고양이 🐱.jpg"
    problem = problem_of(path)
    assert (problem.kind, problem.file) == ("file_missing", str(path))
    assert problem.message == "고양이 🐱.jpg is not there any more."
    assert kind_of(tmp_path / "no folder" / "a.jpg") == "file_missing"
    assert kind_of(str(tmp_path / "a\0b.jpg")) == "file_missing"


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.touch()
    assert kind_of(path) == "file_empty"


@pytest.mark.parametrize("text", ["hello", "<html><body>Not found</body></html>", "P", "\n", "BM"])
def test_a_text_called_jpg_is_not_a_picture(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_text(text)
    assert kind_of(path) in ("not_a_picture", "damaged", "truncated")
    if text[0] not in "PB":
        assert kind_of(path) == "not_a_picture"


def test_a_folder_called_jpg_is_not_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.mkdir()
    assert kind_of(path) == "not_a_picture"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes as files")
def test_a_pipe_called_jpg_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    os.mkfifo(path)
    assert kind_of(path) == "not_a_picture"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EACCES, "file_unreadable"),
        (errno.EPERM, "file_unreadable"),
        (errno.EIO, "file_missing"),
        (errno.ENODEV, "file_missing"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: str
) -> None:
    path = saved(quarters(), tmp_path / "a.jpg")

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(decode, "open", refuse, raising=False)
    assert kind_of(path) == kind


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = saved(quarters(), tmp_path / "a.jpg")
    path.chmod(0)
    assert kind_of(path) == "file_unreadable"


@pytest.mark.parametrize("suffix", WAYS_TO_SAVE)
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, suffix: str) -> None:
    options = dict(WAYS_TO_SAVE[suffix])
    content = packed(smooth_noise(), str(options.pop("kind")), **options)
    path = tmp_path / f"a.{suffix}"
    assert path.suffix in PICTURE_SUFFIXES
    path.write_bytes(content)
    assert read_picture(path, 32, "crop").shape == (32, 32, 3)
    for share in (0.05, 0.2, 0.5, 0.8, 0.95):
        path.write_bytes(content[: int(len(content) * share)])
        assert kind_of(path) == "truncated", share


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    suffix=st.sampled_from(sorted(WAYS_TO_SAVE)),
    seed=st.integers(0, 10**6),
    changes=st.integers(1, 30),
)
def test_a_file_with_wrong_bytes_is_read_or_named(
    tmp_path: Path, suffix: str, seed: int, changes: int
) -> None:
    options = dict(WAYS_TO_SAVE[suffix])
    content = bytearray(packed(smooth_noise(60, 40), str(options.pop("kind")), **options))
    chance = random.Random(seed)
    for _ in range(changes):
        content[chance.randrange(min(len(content), 400))] = chance.randrange(256)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    assert is_read_or_named(path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_named(tmp_path: Path, content: bytes) -> None:
    for suffix in ("jpg", "tga"):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(content)
        assert is_read_or_named(path)


BOMBS = {
    "wide.png": huge_png(60_000, 60_000),
    "progressive.jpg": huge_jpeg(60_000, 60_000, progressive=True),
    "canvas.webp": huge_webp(16_000, 16_000),
    "screen.gif": huge_gif(65_535, 65_535),
    "icon.ico": icon_around(huge_png(25_000, 25_000)),
    "many.tif": huge_tiff(100_000, 100_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_claims_too_much_is_refused_with_its_size(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name])
    problem = problem_of(path)
    assert problem.kind == "too_large"
    assert int(problem.values["width"]) > 10_000


_MEASURE = """
import json, resource, sys
from pathlib import Path
from cnnstudio.images.read import read_picture
from cnnstudio.project.problems import ProblemError
def peak():
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
before, answers = peak(), {}
for path in sys.argv[1:]:
    try:
        answers[path] = list(read_picture(path, 64, "crop").shape)
    except ProblemError as error:
        answers[path] = error.problem.kind
print(json.dumps({"answers": answers, "taken": peak() - before}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the system's count of memory")
def test_no_file_takes_more_memory_than_allowed(tmp_path: Path, test_data: Path) -> None:
    paths = [*(test_data / "messy" / "bombs_and_huge").iterdir()]
    for name, content in BOMBS.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    baseline = tmp_path / "baseline.jpg"
    baseline.write_bytes(huge_jpeg(64_000, 64_000, progressive=False)[:-2])
    largest = saved(quarters(11_000, 11_000), tmp_path / "largest.png", compress_level=1)
    paths += [baseline, largest]
    large = saved(quarters(9000, 9000), tmp_path / "large.png", compress_level=1)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(large, "large.png")
        archive.writestr("zeros.png", bytes(30 * 2**20))
        archive.writestr("bomb.png", BOMBS["wide.png"])
    content = bytearray((tmp_path / "a.zip").read_bytes())
    said = content.rindex((30 * 2**20).to_bytes(4, "little"))
    content[said : said + 4] = (2**30).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(content)
    packed_paths = [tmp_path / "a.zip" / name for name in ("large.png", "zeros.png", "bomb.png")]
    array = tmp_path / "a.npz"
    np.savez_compressed(array, x=np.zeros((1, 5000, 5000), np.uint8))
    paths += [*packed_paths, array / "x" / "00000"]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *map(str, paths)], capture_output=True, text=True
    )
    told = json.loads(done.stdout)
    assert told["answers"][str(largest)] == [64, 64, 3]
    assert told["answers"][str(baseline)] == "truncated"
    answers = [told["answers"][str(path)] for path in packed_paths]
    assert answers == [[64, 64, 3], "archive_too_large", "too_large"]
    assert told["answers"][str(array / "x" / "00000")] == "too_large"
    assert 200 * 2**20 < told["taken"] < 560 * 2**20
