"""Makes the picture files that the tests of this room read: good, broken, and hostile ones."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 180, 60), (30, 60, 220), (255, 255, 255)


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green, blue and white quarters: any turn or flip shows."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def smooth_noise(width: int = 300, height: int = 200, seed: int = 1) -> Image.Image:
    """Something like a photograph: it does not shrink to nothing when packed."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 255, (20, 30, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height))


def saved(image: Image.Image, path: Path, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def packed(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def make_class(folder: Path, count: int, colour: tuple[int, int, int] = RED) -> list[Path]:
    """``count`` small pictures in ``folder``, no two of any folder the same to the byte."""
    made = []
    for number in range(1, count + 1):
        path = folder / f"picture {number}.png"
        image = Image.new("RGB", (12, 10), colour)
        mark = zlib.crc32(str(path).encode()).to_bytes(4, "big")
        image.putpixel((0, 0), (mark[0], mark[1], mark[2]))
        made.append(saved(image, path))
    return made


def link(path: Path, target: Path) -> None:
    """A link called ``path``; where the system allows none, the test is skipped."""
    try:
        path.symlink_to(target)
    except OSError as error:
        pytest.skip(f"no links here: {error}")


def png_chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + body + png_chunk(b"IEND", b"")


def huge_jpeg(width: int, height: int, progressive: bool) -> bytes:
    """A small JPEG whose head says it is huge."""
    content = bytearray(packed(quarters(), "JPEG", progressive=progressive))
    place = content.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    content[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def huge_webp(width: int, height: int) -> bytes:
    """A WebP whose canvas is huge and whose picture is small."""
    content = bytearray(packed(quarters(), "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"))
    assert content[12:16] == b"VP8X"
    content[24:27] = (width - 1).to_bytes(3, "little")
    content[27:30] = (height - 1).to_bytes(3, "little")
    return bytes(content)


def huge_gif(width: int, height: int) -> bytes:
    content = bytearray(packed(quarters(), "GIF"))
    content[6:10] = struct.pack("<HH", width, height)
    return bytes(content)


def icon_around(frame: bytes) -> bytes:
    """An icon that says its frame is 16 × 16, whatever the frame says itself."""
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(frame), 22)
    return b"\0\0\1\0\1\0" + entry + frame


def huge_tiff(width: int, height: int) -> bytes:
    content = bytearray(packed(Image.new("L", (9, 9)), "TIFF"))
    entries = int.from_bytes(content[4:8], "little")
    for number in range(int.from_bytes(content[entries : entries + 2], "little")):
        place = entries + 2 + 12 * number
        tag = int.from_bytes(content[place : place + 2], "little")
        if tag in (256, 257):
            content[place + 2 : place + 4] = b"\x04\x00"
            content[place + 8 : place + 12] = (width if tag == 256 else height).to_bytes(
                4, "little"
            )
    return bytes(content)
