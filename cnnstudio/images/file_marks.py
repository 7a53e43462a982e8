"""What a picture file's own marks say: the memory a decoder will take, and where the file ends."""

import io
import os
import struct
from typing import BinaryIO, Literal

from PIL import ImageFile, JpegImagePlugin

from cnnstudio.images.formats import PictureFormat

_WEBP_DECODER_BYTES = 12  # a pixel: two canvases of four bytes, and the frame that is handed out
_MAC_ICON_BYTES = 24  # a pixel: of JPEG 2000 as much as its decoder takes
_TEXTURE_JPEG_BYTES = 18  # a pixel: the picture, converted, its bytes, and those of the texture
_ICON_FRAME_BYTES = 12  # a pixel: the frame, its mask, and both joined
_HEIC_QUARTER_COLOURS, _HEIC_EIGHT_BITS = 5, 6.5
_AVIF_QUARTER_COLOURS = 5.5
_AVIF_HEAD = 2**16


def declared_costs(file: BinaryIO, prefix: bytes) -> list[tuple[int, int, int]]:
    """Width, height and bytes to be taken, of formats whose decoder takes them when opened."""
    if prefix[:4] == b"RIFF" and prefix[8:12] == b"WEBP":
        width, height = _webp_size(prefix)
        return [(width, height, width * height * _WEBP_DECODER_BYTES)]
    if prefix[:4] == b"\0\0\1\0":
        return [
            (width, height, width * height * _ICON_FRAME_BYTES)
            for width, height in _icon_frame_sizes(file, prefix)
        ]
    if prefix[:4] == b"icns":
        return [
            (width, height, width * height * _MAC_ICON_BYTES)
            for width, height in _mac_icon_sizes(file)
        ]
    if prefix[:8] == b"BLP1\0\0\0\0":
        return [_texture_jpeg_cost(file)]
    return []


def jpeg_coefficient_bytes(image: ImageFile.ImageFile, file: BinaryIO) -> int:
    """What libjpeg keeps beside the pixels, to be called before drafting.

    A progressive JPEG, or one with a scan for each colour, is kept whole as 16-bit coefficients,
    however small it is decoded; any other is decoded a few rows at a time. ``file`` must stand
    where opening the picture left it, behind the head of the first scan.
    """
    layers = getattr(image, "layer", [])
    if image.format not in ("JPEG", "MPO") or not layers:
        return 0
    end = file.tell()
    length = 6 + 2 * len(layers)
    file.seek(max(0, end - length))
    head = file.read(3)
    file.seek(end)
    one_scan = head == struct.pack(">HB", length, len(layers))
    if one_scan and not image.info.get("progressive"):
        return 0
    width, height = image.size
    widest, highest = (max(1, *(layer[side] for layer in layers)) for side in (1, 2))
    return sum(
        2 * (width * layer[1] // widest + 16) * (height * layer[2] // highest + 16)
        for layer in layers
    )


def decoder_cost(image: ImageFile.ImageFile, known: PictureFormat, file: BinaryIO) -> float:
    """Bytes a pixel that the decoder takes beside the loaded picture.

    Less than the format's most where the file says that it is as cameras write it: 8 bits, and a
    quarter as many colours as pixels. Measured: loading such an AVIF takes 9.3 bytes a pixel, four
    of them for the picture itself; a HEIC 8.1, with all colours 9.9, of 10 bits and all 15.9.
    """
    if known.name == "HEIF":
        bits = image.info.get("bit_depth", 16)
        if image.info.get("chroma") == 420 and bits <= 10:
            return _HEIC_QUARTER_COLOURS
        return _HEIC_EIGHT_BITS if bits <= 8 else known.pixel_cost
    if known.name == "AVIF" and _is_plain_avif(file):
        return _AVIF_QUARTER_COLOURS
    return known.pixel_cost


def _is_plain_avif(file: BinaryIO) -> bool:
    """Whether all streams in it have 8 bits and a quarter of the colours, and are not tiles."""
    place = file.tell()
    file.seek(0)
    head = file.read(_AVIF_HEAD)
    file.seek(place)
    streams = head.split(b"av1C")[1:]
    return (
        bool(streams)
        and b"grid" not in head
        and all(len(each) > 2 and each[2] & 0b0110_1100 == 0b0000_1100 for each in streams)
    )


def is_cut_off(file: BinaryIO, known: str) -> bool:
    """Whether a file that could not be decoded says itself that its end is missing."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    beginning = file.read(16)
    file.seek(max(0, size - 4096))
    ending = file.read()
    match known:
        case "PNG":
            return b"IEND" not in ending
        case "JPEG" | "JPEG2000":
            return b"\xff\xd9" not in ending
        case "WEBP":
            return int.from_bytes(beginning[4:8], "little") + 8 > size
        case "BMP":
            return int.from_bytes(beginning[2:6], "little") > size
        case "TIFF":
            order: Literal["little", "big"] = "little" if beginning[:2] == b"II" else "big"
            return int.from_bytes(beginning[4:8], order) >= size
        case "AVIF" | "HEIF":
            return _last_box_end(file, size) > size
    return False


def _last_box_end(file: BinaryIO, size: int) -> int:
    """Where the last of the boxes that such a file consists of should end."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        length = int.from_bytes(file.read(4), "big")
        if length < 8:  # 0: up to the end; 1: longer than any picture here
            return size
        position += length
    return position


def _webp_size(prefix: bytes) -> tuple[int, int]:
    kind = prefix[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(prefix[24:27], "little") + 1
        height = int.from_bytes(prefix[27:30], "little") + 1
        return width, height
    if kind == b"VP8L":
        bits = int.from_bytes(prefix[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = int.from_bytes(prefix[26:28], "little"), int.from_bytes(prefix[28:30], "little")
    return width & 0x3FFF, height & 0x3FFF


def _icon_frame_sizes(file: BinaryIO, prefix: bytes) -> list[tuple[int, int]]:
    """An icon's own list says at most 256; the frames inside may say anything."""
    count = int.from_bytes(prefix[4:6], "little")
    file.seek(6)
    entries = file.read(16 * count)
    sizes = []
    for start in range(0, len(entries) - 15, 16):
        file.seek(int.from_bytes(entries[start + 12 : start + 16], "little"))
        head = file.read(24)
        if head[:8] == b"\x89PNG\r\n\x1a\n" and len(head) == 24:
            sizes.append(struct.unpack(">II", head[16:24]))
        elif len(head) >= 12:
            width, height = struct.unpack("<ii", head[4:12])
            sizes.append((abs(width), abs(height)))
    return sizes


def _mac_icon_sizes(file: BinaryIO) -> list[tuple[int, int]]:
    """Of the PNG and JPEG 2000 files in a macOS icon, which say their size themselves."""
    end = file.seek(0, os.SEEK_END)
    sizes: list[tuple[int, int]] = []
    position = 8
    while position + 8 <= end and len(sizes) < 100:
        file.seek(position)
        head = file.read(8 + 256)
        content = head[8:]
        if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
            sizes.append(struct.unpack(">II", content[16:24]))
        elif content[:4] == b"\xff\x4f\xff\x51" and len(content) >= 16:
            sizes.append(struct.unpack(">II", content[8:16]))
        elif 0 <= (place := content.find(b"ihdr")) <= len(content) - 12:
            height, width = struct.unpack(">II", content[place + 4 : place + 12])
            sizes.append((width, height))
        position += max(8, int.from_bytes(head[4:8], "big"))
    return sizes


def _texture_jpeg_cost(file: BinaryIO) -> tuple[int, int, int]:
    """Of the JPEG in a BLP texture; its first bytes stand apart, shared by all its sizes."""
    file.seek(28)
    offset = int.from_bytes(file.read(4), "little")
    file.seek(28 + 64)
    length = int.from_bytes(file.read(4), "little")
    file.seek(28 + 128)
    begin = file.read(int.from_bytes(file.read(4), "little"))
    file.seek(offset)
    content = io.BytesIO(begin + file.read(length))
    image = JpegImagePlugin.JpegImageFile(content)
    width, height = image.size
    taken = width * height * _TEXTURE_JPEG_BYTES + 4 * len(content.getvalue())
    return width, height, taken + jpeg_coefficient_bytes(image, content)
