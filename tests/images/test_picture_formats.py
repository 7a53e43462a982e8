"""Every format of the table: read, told by its mark, cut off, scrambled, and bounded in memory."""

import io
import json
import os
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rare_files
from picture_files import BLUE, GREEN, RED, WHITE, huge_png, packed, quarters
from PIL import Image, JpegImagePlugin

from cnnstudio.images import formats
from cnnstudio.images.decode import opened_picture
from cnnstudio.images.folder_walk import UNSUPPORTED_SUFFIXES
from cnnstudio.images.formats import FORMATS, PICTURE_SUFFIXES
from cnnstudio.images.read import read_picture
from cnnstudio.project.problems import ProblemError

IN_COLOUR = [RED, GREEN, BLUE, WHITE]
IN_GREY = [(value,) * 3 for value in (87, 121, 69, 255)]

Maker = Callable[[Image.Image], bytes]


def heif(image: Image.Image) -> bytes:
    """By its library; where that is not installed, HEIC files cannot be read either."""
    library = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    library.from_pillow(image).save(stream, quality=95, chroma=444)
    return stream.getvalue()


def by_pillow(kind: str, mode: str = "RGB", **options: object) -> Maker:
    return lambda image: packed(image.convert(mode), kind, **options)


def of_few_colours(kind: str) -> Maker:
    return lambda image: packed(image.quantize(8), kind)


# Name of the format, ending, how a file of it is made, and what shows in its quarters.
FILES: list[tuple[str, str, Maker, list[tuple[int, ...]]]] = [
    ("JPEG", "jpg", by_pillow("JPEG", quality=98, subsampling=0), IN_COLOUR),
    ("PNG", "png", by_pillow("PNG"), IN_COLOUR),
    ("GIF", "gif", by_pillow("GIF"), IN_COLOUR),
    ("BMP", "bmp", by_pillow("BMP"), IN_COLOUR),
    ("DIB", "dib", by_pillow("DIB"), IN_COLOUR),
    ("WEBP", "webp", by_pillow("WEBP", lossless=True), IN_COLOUR),
    ("TIFF", "tif", by_pillow("TIFF"), IN_COLOUR),
    ("ICO", "ico", by_pillow("ICO", sizes=[(48, 48)]), IN_COLOUR),
    ("PPM", "ppm", by_pillow("PPM"), IN_COLOUR),
    ("JPEG2000", "jp2", by_pillow("JPEG2000"), IN_COLOUR),
    ("HEIF", "heic", heif, IN_COLOUR),
    ("AVIF", "avif", by_pillow("AVIF", quality=95, subsampling="4:4:4"), IN_COLOUR),
    ("BLP", "blp", of_few_colours("BLP"), IN_COLOUR),
    ("DDS", "dds", by_pillow("DDS"), IN_COLOUR),
    ("FITS", "fits", rare_files.fits, IN_GREY),
    ("FTEX", "ftu", rare_files.texture, IN_COLOUR),
    ("ICNS", "icns", by_pillow("ICNS"), IN_COLOUR),
    ("MCIDAS", "jpg", rare_files.weather_area, IN_GREY),
    ("MSP", "msp", lambda image: packed(image.convert("1", dither=0), "MSP"), []),
    ("PIXAR", "pxr", rare_files.pixar, IN_COLOUR),
    ("PSD", "psd", rare_files.photoshop, IN_COLOUR),
    ("QOI", "qoi", by_pillow("QOI"), IN_COLOUR),
    ("SUN", "ras", rare_files.sun_raster, IN_COLOUR),
    ("XPM", "xpm", rare_files.pixel_map, IN_COLOUR),
    ("XVTHUMB", "png", rare_files.xv_thumbnail, []),
    ("DCX", "dcx", rare_files.several_pcx, IN_COLOUR),
    ("PCX", "pcx", by_pillow("PCX"), IN_COLOUR),
    ("CUR", "cur", rare_files.cursor, IN_COLOUR),
    ("FLI", "flc", rare_files.flic, IN_COLOUR),
    ("GBR", "gbr", rare_files.gimp_brush, IN_COLOUR),
    ("PCD", "pcd", rare_files.photo_cd, [(87, 87, 87)] * 4),
    ("SGI", "sgi", by_pillow("SGI"), IN_COLOUR),
    ("SPIDER", "spi", by_pillow("SPIDER", "F"), IN_GREY),
    ("XBM", "xbm", lambda image: packed(image.convert("1", dither=0), "XBM"), []),
    ("TGA", "tga", by_pillow("TGA"), IN_COLOUR),
]
IDS = [each[0] for each in FILES]


def written(tmp_path: Path, suffix: str, make: Maker) -> Path:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(make(quarters(64, 64)))
    return path


def kind_of(path: Path) -> str:
    with pytest.raises(ProblemError) as raised:
        read_picture(path, 16, "crop")
    assert raised.value.problem.file == str(path)
    assert raised.value.problem.message
    return raised.value.problem.kind


def test_every_format_of_the_table_is_tried_here() -> None:
    assert sorted(IDS) == sorted(each.name for each in FORMATS)
    assert {f".{suffix}" for _, suffix, _, _ in FILES} <= PICTURE_SUFFIXES


def test_an_ending_belongs_to_one_format_and_is_not_called_unsupported() -> None:
    suffixes = [suffix for each in FORMATS for suffix in each.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in suffixes)
    assert not PICTURE_SUFFIXES & UNSUPPORTED_SUFFIXES


@pytest.mark.parametrize(("name", "suffix", "make", "expected"), FILES, ids=IDS)
def test_a_file_of_every_format_is_read(
    tmp_path: Path, name: str, suffix: str, make: Maker, expected: list[tuple[int, ...]]
) -> None:
    path = written(tmp_path, suffix, make)
    pixels = read_picture(path, 32, "stretch")
    found = [tuple(pixels[y, x].tolist()) for y in (8, 24) for x in (8, 24)]
    if expected:
        assert np.abs(np.array(found) - expected).max() <= 6
    else:
        assert found[3][0] > found[0][0], "white is lighter than red"
    with opened_picture(str(path)) as (_, _, head):
        assert head.format.upper() == ("MPO" if name == "MPO" else name)
        assert (head.width, head.height) == {"PCD": (768, 512), "ICO": (48, 48)}.get(
            name, (1024, 1024) if name == "ICNS" else (64, 64)
        )


_FIRST_OF_ALL = """
import json, os, sys
from cnnstudio.images.read import read_picture
from cnnstudio.project.problems import ProblemError
def read(path):
    try:
        read_picture(path, 16, "crop")
        return ""
    except ProblemError as error:
        return error.problem.kind
def read_beside(path):
    end, begin = os.pipe()
    child = os.fork()
    if not child:
        os.write(begin, read(path).encode())
        os._exit(0)
    os.close(begin)
    with open(end, "rb") as file:
        answer = file.read().decode()
    return answer if os.waitpid(child, 0)[1] == 0 else "crashed"
print(json.dumps({path: read_beside(path) for path in sys.argv[2:]} | {
    sys.argv[1]: read(sys.argv[1])}))
"""


def test_each_format_is_read_in_a_process_that_read_nothing_before(tmp_path: Path) -> None:
    made_by = {name: make for name, _, make, _ in FILES if name != "HEIF"}
    paths = [tmp_path / "first.avif"]
    paths[0].write_bytes(made_by["AVIF"](quarters(64, 64)))
    if hasattr(os, "fork"):  # a process for each; elsewhere that would take a minute
        for each in FORMATS:
            for suffix in each.suffixes if each.name in made_by else ():
                paths.append(tmp_path / f"a{suffix}")
                paths[-1].write_bytes(made_by[each.name](quarters(64, 64)))
    command = [sys.executable, "-c", _FIRST_OF_ALL, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert json.loads(done.stdout) == {str(path): "" for path in paths}


def test_what_the_program_lacks_is_not_called_the_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "avif", by_pillow("AVIF"))
    assert read_picture(path, 16, "crop").shape == (16, 16, 3)
    monkeypatch.delitem(Image.OPEN, "AVIF")
    assert kind_of(path) == "picture_unsupported"


@pytest.mark.parametrize(("name", "suffix", "make", "expected"), FILES, ids=IDS)
def test_a_file_cut_off_is_refused(
    tmp_path: Path, name: str, suffix: str, make: Maker, expected: list[tuple[int, ...]]
) -> None:
    content = make(quarters(64, 64))
    path = tmp_path / f"a.{suffix}"
    for share in (0.1, 0.4):
        path.write_bytes(content[: int(len(content) * share)])
        assert kind_of(path) in ("truncated", "damaged", "not_a_picture"), share


@pytest.mark.parametrize(("name", "suffix", "make", "expected"), FILES, ids=IDS)
def test_a_file_with_wrong_bytes_is_read_or_named(
    tmp_path: Path, name: str, suffix: str, make: Maker, expected: list[tuple[int, ...]]
) -> None:
    content = make(quarters(64, 64))
    path = tmp_path / f"a.{suffix}"
    for seed in range(12):
        chance = random.Random(seed)
        wrong = bytearray(content)
        for _ in range(chance.randrange(1, 20)):
            wrong[chance.randrange(4, min(len(wrong), 600))] = chance.choice((0, 1, 127, 255))
        path.write_bytes(wrong)
        try:
            assert read_picture(path, 16, "crop").shape == (16, 16, 3)
        except ProblemError as error:
            assert error.problem.file == str(path)  # noqa: PT017 (either is right)


def test_a_mark_that_many_files_bear_by_chance_needs_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    for content in (b"#define NAME 1\n" * 9, b"/* a program */\n" * 9, b"\n\5" * 99):
        path.write_bytes(content)
        assert kind_of(path) == "not_a_picture"


def test_a_truevision_file_is_not_taken_for_a_cursor(tmp_path: Path) -> None:
    content = packed(quarters(64, 64), "TGA")
    assert content[:4] == b"\0\0\2\0", "the mark of a cursor"
    path = tmp_path / "a.tga"
    path.write_bytes(content)
    assert tuple(read_picture(path, 32, "stretch")[4, 4]) == RED


@pytest.mark.parametrize("brand", [b"mif1", b"heic", b"msf1"])
def test_heic_is_told_by_all_brands_it_names(tmp_path: Path, brand: bytes) -> None:
    content = bytearray(heif(quarters(64, 64)))
    assert content[4:8] == b"ftyp"
    content[8:12] = brand
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with opened_picture(str(path)) as (_, _, head):
        assert head.format == "HEIF"


def test_avif_is_told_from_heic_with_the_same_main_brand(tmp_path: Path) -> None:
    content = bytearray(packed(quarters(64, 64), "AVIF"))
    content[8:12] = b"mif1"
    path = tmp_path / "a.avif"
    path.write_bytes(content)
    with opened_picture(str(path)) as (_, _, head):
        assert head.format == "AVIF"


def test_heic_without_its_library_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "heic", heif)
    monkeypatch.setattr(formats, "_heif_reader", lambda: None)
    assert kind_of(path) == "picture_unsupported"


def test_heic_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    library = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    library.from_pillow(quarters(640, 480)).save(stream, quality=30)
    content = bytearray(stream.getvalue())
    place = content.index(b"ispe") + 8
    assert struct.unpack(">II", content[place : place + 8]) == (640, 480)
    content[place : place + 8] = struct.pack(">II", 64, 64)
    path = tmp_path / "a.heic"
    path.write_bytes(content)
    assert kind_of(path) == "damaged"


@pytest.mark.parametrize("turned", [3, 6, 8])
def test_a_turned_heic_is_shown_upright(tmp_path: Path, turned: int) -> None:
    library = pytest.importorskip("pillow_heif")
    exif = Image.Exif()
    exif[0x0112] = turned
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}
    image = quarters(96, 64).transpose(back.get(turned, Image.Transpose.ROTATE_270))
    path = tmp_path / "a.heic"
    library.from_pillow(image).save(path, quality=95, exif=exif.tobytes())
    pixels = read_picture(path, 32, "stretch")
    found = [tuple(pixels[y, x].tolist()) for y in (8, 24) for x in (8, 24)]
    assert np.abs(np.array(found) - IN_COLOUR).max() <= 8


def test_a_photoshop_file_of_sixteen_bits_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.psd"
    path.write_bytes(rare_files.photoshop(quarters(), bits=16))
    assert kind_of(path) == "picture_unsupported"


# Files that claim too much


def icns_around(content: bytes) -> bytes:
    body = b"ic10" + struct.pack(">I", 8 + len(content)) + content
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def blp_around(photograph: bytes) -> bytes:
    """A texture of 4 × 4 with a JPEG of any size in it."""
    head = b"BLP1" + struct.pack("<iIIIii", 0, 0, 4, 4, 4, 0)
    offsets = struct.pack("<32I", 28 + 128 + 4, *([0] * 15), len(photograph), *([0] * 15))
    return head + offsets + struct.pack("<I", 0) + photograph


def with_number(content: bytes, place: int, form: str, *numbers: int) -> bytes:
    return content[:place] + struct.pack(form, *numbers) + content[place + struct.calcsize(form) :]


def claiming(name: str, side: int) -> bytes:
    make = next(each[2] for each in FILES if each[0] == name)
    content = make(quarters(64, 64))
    match name:
        case "QOI":
            return with_number(content, 4, ">II", side, side)
        case "DDS":
            return with_number(content, 12, "<II", side, side)
        case "PSD":
            return with_number(content, 14, ">II", side, side)
        case "SUN":
            return with_number(content, 4, ">II", side, side)
        case "GBR":
            return with_number(content, 8, ">II", side, side)
        case "XPM":
            return content.replace(b"64 64", f"{side} {side}".encode())
        case "FITS":
            return content.replace(b"                  64", f"{side:20d}".encode())
        case "SGI" | "FLI" | "MSP":
            place, form = {"SGI": (6, ">HH"), "FLI": (8, "<HH"), "MSP": (4, "<HH")}[name]
            return with_number(content, place, form, *[min(side, 65_535)] * 2)
        case "HEIF":
            place = content.index(b"ispe") + 8
            return with_number(content, place, ">II", side, side)
        case "ICNS":
            return icns_around(huge_png(side, side))
        case "BLP":
            photograph = bytearray(packed(quarters(), "JPEG"))
            place = photograph.index(b"\xff\xc0")
            photograph[place + 5 : place + 9] = struct.pack(">HH", side, side)
            return blp_around(bytes(photograph))
    raise AssertionError(name)


CLAIMING = [
    *("QOI", "DDS", "PSD", "SUN", "GBR", "XPM", "FITS", "SGI", "FLI", "HEIF", "ICNS", "BLP")
]


@pytest.mark.parametrize("name", CLAIMING)
def test_a_file_that_claims_too_much_is_refused(tmp_path: Path, name: str) -> None:
    suffix = next(each[1] for each in FILES if each[0] == name)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(claiming(name, 60_000))
    assert kind_of(path) == "too_large"


def saying_its_size(content: bytes, width: int, height: int) -> bytes:
    """A HEIC or AVIF whose boxes say that it is so large."""
    box = content.index(b"ispe") + 8
    size = content[box : box + 8]
    assert size == struct.pack(">II", 64, 64)
    return content.replace(size, struct.pack(">II", width, height))


def test_a_photograph_of_fifty_megapixels_is_not_too_large(tmp_path: Path) -> None:
    image = quarters(64, 64)
    avif = saying_its_size(packed(image, "AVIF", subsampling="4:2:0"), 8064, 6048)
    (tmp_path / "phone.avif").write_bytes(avif)
    assert read_picture(tmp_path / "phone.avif", 16, "crop").shape == (16, 16, 3)
    library = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    library.from_pillow(image).save(stream, quality=60, chroma=420)
    (tmp_path / "phone.heic").write_bytes(saying_its_size(stream.getvalue(), 8160, 6120))
    # What is inside is smaller: it is the decoder that says no, once it was let begin.
    assert kind_of(tmp_path / "phone.heic") == "damaged"


def test_what_takes_more_a_pixel_is_refused_at_that_size(tmp_path: Path) -> None:
    image = quarters(64, 64)
    see_through = image.copy()
    see_through.putalpha(200)
    for content in (packed(image, "AVIF", subsampling="4:4:4"), packed(see_through, "AVIF")):
        avif = saying_its_size(content, 8064, 6048)
        (tmp_path / "a.avif").write_bytes(avif)
        assert kind_of(tmp_path / "a.avif") == "too_large"
    path = tmp_path / "a.heic"
    path.write_bytes(saying_its_size(heif(image), 8160, 6120))
    assert kind_of(path) == "too_large"


_TAKEN = """
import sys
from pathlib import Path
from cnnstudio.images.read import read_picture
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
read_picture(sys.argv[1], 16, "crop")
before = peak()
read_picture(sys.argv[2], 16, "crop")
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs the system's count of memory")
def test_an_avif_takes_as_much_a_pixel_as_the_limit_is_reckoned_with(tmp_path: Path) -> None:
    small, large = tmp_path / "small.avif", tmp_path / "large.avif"
    quarters(64, 64).save(small)
    quarters(3000, 2000).save(large, quality=60, speed=10, subsampling="4:2:0")
    command = [sys.executable, "-c", _TAKEN, str(small), str(large)]
    taken = int(subprocess.run(command, capture_output=True, text=True).stdout)
    assert 7 < taken / (3000 * 2000) < 9.5 + 1


def test_a_texture_with_a_photograph_in_it_is_read(tmp_path: Path) -> None:
    photograph = packed(quarters(4, 4), "JPEG", quality=98, subsampling=0)
    assert JpegImagePlugin.JpegImageFile(io.BytesIO(photograph)).size == (4, 4)
    path = tmp_path / "a.blp"
    path.write_bytes(blp_around(photograph))
    assert read_picture(path, 16, "crop").shape == (16, 16, 3)


def test_a_head_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    card = b"COMMENT = " + b"x" * 70
    path = tmp_path / "a.fits"
    path.write_bytes(b"SIMPLE  =                    T".ljust(80) + card * 250_000)
    assert kind_of(path) in ("damaged", "truncated")
