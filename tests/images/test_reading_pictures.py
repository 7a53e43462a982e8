"""The one reader: upright, RGB, over white, scaled and not clipped."""

import contextlib
import gc
import os
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from picture_files import BLUE, GREEN, RED, WHITE, quarters, saved, smooth_noise
from PIL import Image, ImageCms, TiffImagePlugin

from cnnstudio.images.archives import array_picture_path
from cnnstudio.images.read import (
    PICTURE_RULES,
    PICTURE_SUFFIXES,
    as_rgb,
    open_upright,
    read_picture,
)
from cnnstudio.project.problems import Problem, ProblemError

# What the manifest's files hold that can be shown, and the kind of each that cannot.
BROKEN_KINDS = {
    "badwidth.bmp": "too_large",
    "decompression_bomb.gif": "too_large",
    "l2rgb_read.bmp": "truncated",
    "reallybig.bmp": "too_large",
    "badbitcount.bmp": "damaged",
    "broken.png": "truncated",
    "broken_data_stream.png": "truncated",
    "shortfile.bmp": "truncated",
    "truncated_end_chunk.png": "truncated",
    "truncated_image.png": "truncated",
    "truncated_jpeg.jpg": "truncated",
    "ultrahdr.jpg": "truncated",
    "unknown_compression_method.png": "damaged",
    "zero_width.gif": "damaged",
}


def middle_of_each_quarter(pixels: np.ndarray) -> list[tuple[int, ...]]:
    size = len(pixels)
    low, high = size // 4, size - size // 4 - 1
    return [tuple(pixels[y, x]) for y in (low, high) for x in (low, high)]


def almost(pixels: np.ndarray, colour: tuple[int, int, int], by: int = 3) -> bool:
    return bool((np.abs(pixels.astype(int) - colour) <= by).all())


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("shape", [(64, 48), (48, 64), (1, 900), (900, 1), (1, 1), (333, 37)])
def test_any_shape_becomes_a_square(tmp_path: Path, shape: tuple[int, int], fit: str) -> None:
    path = saved(smooth_noise(*shape), tmp_path / "a.png")
    pixels = read_picture(path, 40, fit)
    assert pixels.shape == (40, 40, 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.writeable


def test_crop_takes_the_middle(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 100), RED)
    image.paste(GREEN, (100, 0, 200, 100))
    assert almost(read_picture(saved(image, tmp_path / "a.png"), 50, "crop")[:, 2:-2], GREEN)


def test_pad_keeps_everything_over_white(tmp_path: Path) -> None:
    pixels = read_picture(saved(Image.new("RGB", (200, 100), RED), tmp_path / "a.png"), 80, "pad")
    assert almost(pixels[20:60], RED)
    assert almost(pixels[:20], WHITE)
    assert almost(pixels[60:], WHITE)


def test_stretch_keeps_everything_and_fills(tmp_path: Path) -> None:
    pixels = read_picture(saved(quarters(200, 50), tmp_path / "a.png"), 64, "stretch")
    assert middle_of_each_quarter(pixels) == [RED, GREEN, BLUE, WHITE]


def test_shrinking_averages_instead_of_picking(tmp_path: Path) -> None:
    stripes = np.zeros((512, 512, 3), np.uint8)
    stripes[:, ::2] = 255
    path = saved(Image.fromarray(stripes), tmp_path / "a.png")
    assert almost(read_picture(path, 32, "crop"), (128, 128, 128), by=4)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_a_turned_picture_comes_out_as_the_upright_one(
    tmp_path: Path, orientation: int, suffix: str, fit: str
) -> None:
    upright = quarters(80, 50)
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # PIL's numbers of the inverse turns
    turned = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 100} if suffix in ("jpg", "webp") else {}
    path = saved(turned, tmp_path / f"a.{suffix}", exif=exif, **options)
    expected = read_picture(saved(upright, tmp_path / "upright.png"), 48, fit).astype(int)
    difference = np.abs(read_picture(path, 48, fit) - expected)
    assert difference.mean() < 4
    assert middle_of_each_quarter(expected)[3] == WHITE


def test_the_examples_turned_by_exif_show_the_same_picture(test_data: Path) -> None:
    folder = test_data / "messy" / "exif_examples"
    for name in ("Landscape", "Portrait"):
        turned = [read_picture(folder / f"{name}_{number}.jpg", 96, "pad") for number in (3, 6, 8)]
        for other in turned[1:]:
            assert np.abs(turned[0].astype(int) - other).mean() < 2
        upright = open_upright(folder / f"{name}_6.jpg", 120)
        assert (upright.width > upright.height) == (name == "Landscape")


def test_a_damaged_exif_note_does_not_spoil_the_picture(tmp_path: Path) -> None:
    note = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 30
    path = saved(quarters(), tmp_path / "a.jpg", exif=note, quality=95)
    assert almost(read_picture(path, 32, "stretch")[4:12, 4:12], RED, by=8)


def test_transparent_parts_lie_over_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((220, 30, 30, 255), (0, 0, 30, 60))
    image.paste((0, 0, 0, 128), (30, 0, 60, 30))
    pixels = read_picture(saved(image, tmp_path / "a.png"), 60, "crop")
    assert almost(pixels[:, :28], RED)
    assert almost(pixels[:28, 32:], (127, 127, 127))
    assert almost(pixels[32:, 32:], WHITE)


def test_hidden_colours_do_not_bleed_at_the_border_of_a_shape(tmp_path: Path) -> None:
    image = Image.new("RGBA", (400, 400), (0, 255, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 201, 400))
    pixels = read_picture(saved(image, tmp_path / "a.png"), 40, "crop")
    assert almost(pixels, WHITE, by=1)


@pytest.mark.parametrize("mode", ["P", "LA", "L", "RGB", "I;16"])
def test_every_way_to_say_transparent_means_white(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    match mode:
        case "P":
            image = Image.new("P", (20, 20), 1)
            image.putpalette([0, 0, 0, 10, 200, 10])
            saved(image, path, transparency=1)
        case "LA":
            saved(Image.new("LA", (20, 20), (0, 0)), path)
        case "L":
            saved(Image.new("L", (20, 20), 7), path, transparency=7)
        case "RGB":
            saved(Image.new("RGB", (20, 20), (1, 2, 3)), path, transparency=(1, 2, 3))
        case "I;16":
            saved(Image.fromarray(np.full((20, 20), 513, np.uint16)), path, transparency=513)
    assert almost(read_picture(path, 20, "crop"), WHITE, by=0)


def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))
    for name in ("a.png", "a.tif", "a.pgm"):
        path = saved(Image.fromarray(ramp), tmp_path / name)
        row = read_picture(path, 64, "crop")[32, :, 0].astype(int)
        assert np.abs(row - np.linspace(0, 255, 64)).max() <= 2, name


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.linspace(0, 1, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.linspace(0, 200, 64, dtype=np.float32), np.linspace(0, 200, 64)),
        (np.linspace(0, 40000, 64, dtype=np.float32), np.linspace(0, 155.6, 64)),
        (np.linspace(-8, 8, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.linspace(0, 1e9, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.arange(64, dtype=np.int32), np.arange(64)),
        (np.arange(64, dtype=np.int32) * 1000, np.arange(64) * 1000 / 257),
        (np.arange(64, dtype=np.int32) * 30_000_000, np.linspace(0, 255, 64)),
        (np.arange(64, dtype=np.int32) - 32, np.linspace(0, 255, 64)),
        (np.full(64, 5.5, np.float32), np.full(64, 5.5)),
        (np.full(64, -3, np.int32), np.zeros(64)),
    ],
)
def test_thirty_two_bits_follow_the_written_rule(
    tmp_path: Path, values: np.ndarray, expected: np.ndarray
) -> None:
    path = saved(Image.fromarray(np.tile(values, (64, 1))), tmp_path / "a.tif")
    row = read_picture(path, 64, "crop")[32, :, 1].astype(float)
    assert np.abs(row - expected).max() <= 2


def test_what_is_not_a_number_counts_as_zero(tmp_path: Path) -> None:
    values = np.full((16, 16), np.nan, np.float32)
    values[:, 8:] = 1
    values[0, 0] = np.inf
    pixels = read_picture(saved(Image.fromarray(values), tmp_path / "a.tif"), 16, "crop")
    assert almost(pixels[:, :6], (0, 0, 0), by=12)
    assert almost(pixels[:, 10:], WHITE, by=12)


def test_print_and_laboratory_colours_become_rgb(tmp_path: Path) -> None:
    printed = saved(quarters().convert("CMYK"), tmp_path / "a.jpg", quality=98)
    assert almost(read_picture(printed, 32, "stretch")[2:13, 2:13], RED, by=12)
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    to_lab = ImageCms.buildTransform(*profiles, "RGB", "LAB")
    lab = saved(ImageCms.applyTransform(quarters(), to_lab), tmp_path / "a.tif")
    assert almost(read_picture(lab, 32, "stretch")[2:13, 2:13], RED, by=12)


def test_the_first_frame_is_the_picture(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN, BLUE)]
    for suffix in ("gif", "png", "webp", "tif"):
        path = tmp_path / f"a.{suffix}"
        options = {"lossless": True} if suffix == "webp" else {}
        saved(frames[0], path, save_all=True, append_images=frames[1:], **options)
        assert almost(read_picture(path, 20, "crop"), RED), suffix


def test_an_upright_view_keeps_its_proportions_and_is_not_enlarged(tmp_path: Path) -> None:
    path = saved(quarters(400, 100), tmp_path / "a.jpg")
    assert open_upright(path, 200).size == (200, 50)
    assert open_upright(path, 4000).size == (400, 100)
    assert open_upright(path, 4000).mode == "RGB"


def test_a_large_photograph_opens_although_pillow_warns_of_it(tmp_path: Path) -> None:
    path = saved(Image.new("L", (14_000, 13_000), 90), tmp_path / "a.jpg")
    assert almost(read_picture(path, 64, "crop"), (90, 90, 90))


def test_a_png_with_a_long_text_opens(test_data: Path) -> None:
    path = test_data / "messy" / "bombs_and_huge" / "png_decompression_dos.png"
    assert read_picture(path, 8, "crop").shape == (8, 8, 3)


def test_every_messy_file_is_read_or_named(test_data: Path) -> None:
    """What the manifest calls 'ok' is read, unless its end is missing; the rest has its kind."""
    files = [
        path
        for path in sorted((test_data / "messy").rglob("*.*"))
        if path.suffix in PICTURE_SUFFIXES
    ]
    assert len(files) == 52
    refused: dict[str, Problem] = {}
    for path in files:
        try:
            assert read_picture(path, 48, "crop").shape == (48, 48, 3)
        except ProblemError as error:
            refused[str(path)] = error.problem
    assert {Path(path).name: problem.kind for path, problem in refused.items()} == BROKEN_KINDS
    for path, problem in refused.items():
        assert problem.file == path
        assert Path(path).name in problem.message
        assert problem.remedy


def test_an_overlarge_file_tells_the_size_it_claims(test_data: Path) -> None:
    with pytest.raises(ProblemError) as raised:
        read_picture(test_data / "messy" / "bombs_and_huge" / "reallybig.bmp", 8, "crop")
    assert "3000000 × 2000000" in raised.value.problem.message


def test_no_file_stays_open(test_data: Path) -> None:
    files = [*(test_data / "messy").rglob("*.*")]
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        for path in files:
            for _ in range(2):
                with contextlib.suppress(ProblemError):
                    read_picture(path, 16, "pad")
        gc.collect()
    assert [each for each in caught if issubclass(each.category, ResourceWarning)] == []


# Fewer bits than their numbers have


def microscope(path: Path, values: np.ndarray, **tags: int) -> Path:
    """A TIFF of 16 bits whose tags say what of it is used."""
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for name, value in tags.items():
        directory[{"highest": 281, "lowest": 280}[name]] = value
    return saved(Image.fromarray(values.astype(np.uint16)), path, tiffinfo=directory)


@pytest.mark.parametrize(
    ("highest", "said"), [(4095, 4095), (4095, 4000), (1023, 1023), (16383, 16383), (65535, 0)]
)
def test_what_uses_fewer_bits_and_says_so_is_not_dark(
    tmp_path: Path, highest: int, said: int
) -> None:
    values = np.tile(np.linspace(0, highest, 64), (64, 1))
    tags = {"highest": said} if said else {}
    row = read_picture(microscope(tmp_path / "a.tif", values, **tags), 64, "crop")[32, :, 0]
    assert np.abs(row.astype(int) - np.linspace(0, 255, 64)).max() <= 2


def test_what_does_not_say_so_keeps_its_brightness(tmp_path: Path) -> None:
    values = np.full((16, 16), 4095)
    assert almost(read_picture(microscope(tmp_path / "a.tif", values), 16, "crop"), (15, 15, 15))
    strange = microscope(tmp_path / "b.tif", values, highest=0)
    assert almost(read_picture(strange, 16, "crop"), (15, 15, 15))


def test_a_tiff_of_twelve_packed_bits_is_scaled(tmp_path: Path) -> None:
    values = np.linspace(0, 4095, 64).astype(int)
    pairs = values.reshape(-1, 2)
    packed_row = np.stack(
        [pairs[:, 0] >> 4, (pairs[:, 0] & 15) << 4 | pairs[:, 1] >> 8, pairs[:, 1] & 255], 1
    )
    rows = packed_row.astype(np.uint8).tobytes() * 64
    tags = [(256, 64), (257, 64), (258, 12), (259, 1), (262, 1), (273, 8), (277, 1), (278, 64)]
    tags.append((279, len(rows)))
    directory = struct.pack("<H", len(tags))
    directory += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0" + struct.pack("<I", 8 + len(rows)) + rows + directory + bytes(4))
    row = read_picture(path, 64, "crop")[32, :, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 2


def test_floats_of_a_portable_float_map_stay_as_bright_as_they_are(tmp_path: Path) -> None:
    values = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (64, 1))
    path = tmp_path / "a.pfm"
    path.write_bytes(b"Pf\n64 64\n-1.0\n" + values[::-1].tobytes())
    row = read_picture(path, 64, "crop")[32, :, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 2


# The other rules


def test_grey_and_black_and_white_get_three_equal_colours(tmp_path: Path) -> None:
    grey = read_picture(saved(Image.new("L", (20, 20), 77), tmp_path / "a.png"), 20, "crop")
    assert almost(grey, (77, 77, 77), by=0)
    half = Image.new("1", (40, 20), 0)
    half.paste(1, (0, 0, 20, 20))
    for suffix in ("png", "tif", "bmp"):
        pixels = read_picture(saved(half, tmp_path / f"a.{suffix}"), 20, "stretch")
        assert almost(pixels[:, :8], WHITE, by=0)
        assert almost(pixels[:, 12:], (0, 0, 0), by=0)


def test_a_palette_gives_its_colours(tmp_path: Path) -> None:
    for suffix in ("png", "gif", "bmp", "tif"):
        pixels = read_picture(
            saved(quarters(64, 64).quantize(8), tmp_path / f"a.{suffix}"), 32, "crop"
        )
        assert middle_of_each_quarter(pixels) == [RED, GREEN, BLUE, WHITE], suffix


def test_ycbcr_and_hsv_become_rgb(tmp_path: Path) -> None:
    path = saved(quarters(64, 64).convert("YCbCr"), tmp_path / "a.tif")
    with Image.open(path) as image:
        assert image.mode == "YCbCr"
    assert almost(read_picture(path, 32, "crop")[2:13, 2:13], RED)
    assert almost(np.asarray(as_rgb(quarters(64, 64).convert("HSV")))[2:29, 2:29], RED, by=6)


def test_the_written_rules_are_whole_sentences() -> None:
    titles = [title for title, _ in PICTURE_RULES]
    assert len(set(titles)) == len(titles)
    assert all(sentence[0].isupper() and sentence.endswith(".") for _, sentence in PICTURE_RULES)


# Arrays


def array_file(folder: Path, **arrays: np.ndarray) -> str:
    np.savez(folder / "a.npz", **arrays)
    return str(folder / "a.npz")


@pytest.mark.parametrize(
    "shaped",
    [
        lambda rgb: rgb,
        lambda rgb: rgb.transpose(0, 3, 1, 2),
        lambda rgb: np.concatenate([rgb, np.full_like(rgb[..., :1], 255)], -1),
        lambda rgb: rgb.astype(np.float32) / 255,
        lambda rgb: rgb.astype(np.float64),
        lambda rgb: rgb.astype(np.int64),
        lambda rgb: rgb.astype(np.uint16) * 257,
        np.asfortranarray,
    ],
    ids=["colours last", "first", "alpha", "0 to 1", "floats", "whole", "16 bits", "fortran"],
)
def test_pictures_of_arrays_look_as_files_do(
    tmp_path: Path, shaped: Callable[[np.ndarray], np.ndarray]
) -> None:
    pictures = np.stack([np.asarray(quarters(40, 40)), np.zeros((40, 40, 3), np.uint8)])
    archive = array_file(tmp_path, x=shaped(pictures))
    first = read_picture(array_picture_path(archive, "x", 0), 40, "crop")
    assert np.abs(first.astype(int) - pictures[0]).max() <= 1
    assert not read_picture(array_picture_path(archive, "x", 1), 40, "crop").any()


@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 28, 28, 1), (3, 1, 28, 28)])
def test_grey_arrays_are_grey_pictures(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = np.arange(3 * 28 * 28).reshape(shape).astype(np.uint8)
    archive = array_file(tmp_path, x=values)
    pixels = read_picture(array_picture_path(archive, "x", 2), 28, "crop")
    assert (pixels == values.reshape(3, 28, 28)[2][:, :, None]).all()


def test_one_scale_holds_for_all_pictures_of_an_array(tmp_path: Path) -> None:
    values = np.zeros((2, 8, 8), np.float32)
    values[0], values[1] = 1, 200
    archive = array_file(tmp_path, x=values, centred=values - 100)
    assert almost(read_picture(array_picture_path(archive, "x", 0), 8, "crop"), (1, 1, 1), by=0)
    dark = read_picture(array_picture_path(archive, "centred", 0), 8, "crop")
    assert almost(dark, (0, 0, 0), by=0)
    light = read_picture(array_picture_path(archive, "centred", 1), 8, "crop")
    assert almost(light, WHITE, by=0)


def test_what_is_no_picture_in_an_array_says_so(tmp_path: Path) -> None:
    archive = array_file(tmp_path, x=np.zeros((4, 8, 8), np.uint8), y=np.arange(9))
    for place, kind in (("x/00004", "file_missing"), ("y/00001", "array_no_pictures")):
        path = f"{archive}{os.sep}{place.replace('/', os.sep)}"
        with pytest.raises(ProblemError) as raised:
            read_picture(path, 8, "crop")
        assert (raised.value.problem.kind, raised.value.problem.file) == (kind, path)
        assert raised.value.problem.message


def test_a_picture_in_a_zip_is_the_same_as_beside_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(smooth_noise(700, 400), tmp_path / "a.jpg", exif=exif)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "고양이/a.jpg")
        archive.writestr("cut.jpg", path.read_bytes()[:5000])
        archive.writestr("empty.jpg", b"")
    inside = tmp_path / "a.zip" / "고양이" / "a.jpg"
    assert (read_picture(inside, 64, "pad") == read_picture(path, 64, "pad")).all()
    for name, kind in (("cut.jpg", "truncated"), ("empty.jpg", "file_empty")):
        with pytest.raises(ProblemError) as raised:
            read_picture(tmp_path / "a.zip" / name, 8, "crop")
        assert raised.value.problem.kind == kind
        assert raised.value.problem.file == str(tmp_path / "a.zip" / name)


def test_the_first_digits_of_mnist_and_fashion_mnist_are_read(test_data: Path) -> None:
    digit = read_picture(test_data / "mnist" / "mnist.npz" / "x_train" / "00000", 28, "crop")
    assert 25 < digit.mean() < 45
    clothes = test_data / "fashion_mnist" / "t10k-images-idx3-ubyte.gz" / "00000"
    assert read_picture(clothes, 28, "crop").shape == (28, 28, 3)


def test_the_readme_tells_every_rule_as_the_reader_declares_it() -> None:
    readme = Path(__file__).resolve().parents[2] / "README.md"
    text = readme.read_text(encoding="utf-8")
    for title, sentence in PICTURE_RULES:
        assert f"| {title} | {sentence} |" in text
