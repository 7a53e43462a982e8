"""What a file says of itself: size before shrinking, format, mode, frames, time of exposure."""

import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from picture_files import GREEN, RED, packed, quarters, saved, smooth_noise
from PIL import Image, TiffImagePlugin

from cnnstudio.images import file_head
from cnnstudio.images.archives import array_picture_path
from cnnstudio.images.decode import loaded_picture, opened_picture
from cnnstudio.images.file_head import FRAMES_AT_MOST, FileHead


def head_of(path: Path | str, longest_side: int = 0) -> FileHead:
    with opened_picture(str(path), longest_side=longest_side) as (image, extent, head):
        assert image.size
        assert extent[0] > 0
        return head


def test_the_size_is_that_of_the_file_although_it_is_decoded_smaller(tmp_path: Path) -> None:
    path = saved(smooth_noise(1600, 1200), tmp_path / "a.jpg")
    with opened_picture(str(path), longest_side=100) as (image, _, head):
        assert image.width <= 400
        assert (head.width, head.height, head.format, head.mode) == (1600, 1200, "JPEG", "RGB")


def test_the_mode_is_that_of_the_file(tmp_path: Path) -> None:
    assert head_of(saved(quarters().convert("CMYK"), tmp_path / "a.jpg")).mode == "CMYK"
    assert head_of(saved(quarters().convert("LA"), tmp_path / "a.png")).mode == "LA"


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tif", "avif"])
@pytest.mark.parametrize("count", [1, 3])
def test_frames_are_counted(tmp_path: Path, suffix: str, count: int) -> None:
    frames = [quarters(30 + number, 30).resize((30, 30)) for number in range(count)]
    frames = [frame.rotate(20 * number) for number, frame in enumerate(frames)]
    path = tmp_path / f"a.{suffix}"
    saved(frames[0], path, save_all=True, append_images=frames[1:])
    assert head_of(path).frames == count


def test_a_long_animation_is_not_counted_to_its_end(tmp_path: Path) -> None:
    frames = [Image.new("L", (8, 8), number) for number in range(130)]
    path = saved(frames[0], tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert head_of(path).frames == FRAMES_AT_MOST


def test_counting_does_not_read_a_large_animation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_head, "_BYTES_LOOKED_THROUGH", 20_000)
    frames = [smooth_noise(200, 200, seed) for seed in range(10)]
    path = saved(frames[0], tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert 1 <= head_of(path).frames < 5


def test_a_damaged_second_frame_does_not_spoil_the_first(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, GREEN)]
    content = packed(frames[0], "GIF", save_all=True, append_images=frames[1:])
    path = tmp_path / "a.gif"
    path.write_bytes(content[:-30])
    assert head_of(path).frames in (1, 2)


def test_what_a_camera_stores_beside_a_photograph_is_no_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.mpo"
    saved(quarters(), path, save_all=True, append_images=[quarters(20, 20)])
    head = head_of(path)
    assert (head.format, head.frames) == ("MPO", 1)


def test_a_smaller_copy_in_a_tiff_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    page, copy = quarters(), quarters(8, 8)
    copy.encoderinfo = {"tiffinfo": {254: 1}}
    saved(page, path, save_all=True, append_images=[copy])
    with Image.open(path) as image:
        assert image.n_frames == 2
    assert head_of(path).frames == 1


def exif(taken: str, part: str = "") -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = 1
    notes[0x8769] = {0x9003: taken} | ({0x9291: part} if part else {})
    return notes


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_the_time_of_exposure_is_told(tmp_path: Path, suffix: str) -> None:
    notes = exif("2024:05:06 07:08:09", "25")
    path = saved(quarters(), tmp_path / f"a.{suffix}", exif=notes)
    expected = time.mktime(time.strptime("2024-05-06", "%Y-%m-%d"))
    assert head_of(path).taken % 86400 == 7 * 3600 + 8 * 60 + 9.25
    assert abs(head_of(path).taken - expected) < 2 * 86400


def test_the_time_of_exposure_in_a_tiff_is_told(tmp_path: Path) -> None:
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[0x8769] = {0x9003: "1970:01:02 00:00:01"}
    path = saved(quarters(), tmp_path / "a.tif", tiffinfo=directory)
    assert head_of(path).taken == 86401


@pytest.mark.parametrize("taken", ["", "yesterday", "0000:00:00 00:00:00", "2024:13:45 99:00:00"])
def test_no_time_is_zero(tmp_path: Path, taken: str) -> None:
    assert head_of(saved(quarters(), tmp_path / "a.jpg", exif=exif(taken))).taken == 0
    assert head_of(saved(quarters(), tmp_path / "b.jpg")).taken == 0


def test_a_file_in_an_archive_has_a_head_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.png", packed(quarters(50, 40), "PNG"))
    head = head_of(tmp_path / "a.zip" / "a.png")
    assert (head.width, head.height, head.format) == (50, 40, "PNG")


def test_a_picture_of_an_array_has_a_head_too(tmp_path: Path) -> None:
    archive = tmp_path / "a.npz"
    np.savez(archive, x=np.zeros((3, 20, 30), np.uint8))
    assert head_of(array_picture_path(str(archive), "x", 1)) == FileHead(30, 20, "NPZ", "L", 1, 0)


def test_without_the_head_the_picture_is_the_same(tmp_path: Path) -> None:
    path = saved(smooth_noise(900, 600), tmp_path / "a.jpg", exif=exif("2024:05:06 07:08:09"))
    with opened_picture(str(path), shortest_side=64) as (image, extent, _):
        pixels = np.asarray(image)
    with loaded_picture(str(path), shortest_side=64) as (image, same_extent):
        assert (np.asarray(image) == pixels).all()
        assert same_extent == extent
