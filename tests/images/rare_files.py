"""Makes small files of formats that Pillow reads but does not write, as their documents have it."""

import io
import struct

import numpy as np
from PIL import Image


def _rows(image: Image.Image, mode: str) -> bytes:
    return image.convert(mode).tobytes()


def sun_raster(image: Image.Image) -> bytes:
    """24 bits, red first."""
    head = struct.pack(">8I", 0x59A66A95, *image.size, 24, 0, 3, 0, 0)
    stride = (image.width * 24 + 15) // 16 * 2
    rows = np.asarray(image).reshape(image.height, -1)
    padded = np.pad(rows, ((0, 0), (0, stride - rows.shape[1])))
    return head + padded.astype(np.uint8).tobytes()


def photoshop(image: Image.Image, bits: int = 8) -> bytes:
    """The flattened picture alone, plane by plane."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, image.height, image.width, bits, 3)
    planes = b"".join(band.tobytes() for band in image.split())
    return head + struct.pack(">IIIH", 0, 0, 0, 0) + planes


def gimp_brush(image: Image.Image) -> bytes:
    name = b"brush\0"
    head = struct.pack(">7I", 28 + len(name), 2, *image.size, 4, 0x47494D50, 10)
    return head + name + _rows(image, "RGBA")


def cursor(image: Image.Image) -> bytes:
    """A Windows cursor of 32 bits with its empty mask."""
    pixels = np.asarray(image.convert("RGBA"))[::-1, :, [2, 1, 0, 3]].tobytes()
    mask = bytes((image.width + 31) // 32 * 4 * image.height)
    bitmap = struct.pack("<IiiHHIIiiII", 40, image.width, image.height * 2, 1, 32, *([0] * 6))
    body = bitmap + pixels + mask
    entry = struct.pack(
        "<BBBBHHII", image.width % 256, image.height % 256, 0, 0, 0, 0, len(body), 22
    )
    return struct.pack("<HHH", 0, 2, 1) + entry + body


def several_pcx(image: Image.Image) -> bytes:
    """A DCX with the same page twice."""
    stream = io.BytesIO()
    image.save(stream, "PCX")
    page = stream.getvalue()
    offsets = [4 + 4 * 3, 4 + 4 * 3 + len(page), 0]
    return struct.pack("<4I", 0x3ADE68B1, *offsets) + page * 2


def flic(image: Image.Image) -> bytes:
    """One frame without packing (chunk 16), and its palette (chunk 4)."""
    small = image.quantize(16)
    colours = (small.getpalette() or [])[:48]
    colours += [0] * (768 - len(colours))
    palette = struct.pack("<HBB", 1, 0, 0) + bytes(colours)
    chunks = [(4, palette), (16, small.tobytes())]
    body = b"".join(struct.pack("<IH", 6 + len(each), kind) + each for kind, each in chunks)
    frame = struct.pack("<IHH8x", 16 + len(body), 0xF1FA, len(chunks)) + body
    head = bytearray(128)
    struct.pack_into("<IHHHHH", head, 0, 128 + len(frame), 0xAF12, 1, *image.size, 8)
    return bytes(head) + frame


def texture(image: Image.Image) -> bytes:
    """FTEX without packing."""
    pixels = image.tobytes()
    head = b"FTEX" + struct.pack("<i2i2i2i", 1, *image.size, 1, 1, 1, 32)
    return head + struct.pack("<i", len(pixels)) + pixels


def fits(image: Image.Image, packed: bool = False) -> bytes:
    """Grey, 8 bits, the lowest row first."""
    cards = ["SIMPLE  =                    T", "BITPIX  =                    8"]
    cards += ["NAXIS   =                    2", f"NAXIS1  = {image.width:20d}"]
    cards += [f"NAXIS2  = {image.height:20d}", "END"]
    head = "".join(card.ljust(80) for card in cards).encode().ljust(2880)
    return head + np.asarray(image.convert("L"))[::-1].tobytes().ljust(2880, b"\0")


def pixar(image: Image.Image) -> bytes:
    head = bytearray(1024)
    head[:4] = b"\x80\xe8\0\0"
    struct.pack_into("<HH", head, 416, image.height, image.width)
    struct.pack_into("<HH", head, 424, 14, 2)
    return bytes(head) + image.tobytes()


def weather_area(image: Image.Image) -> bytes:
    """A McIdas area of one byte a pixel."""
    words = [0] * 65
    words[2], words[9], words[10], words[11], words[14], words[34] = (
        *(4, image.height, image.width, 1, 1, 256),
    )
    return struct.pack(">64i", *words[1:]) + _rows(image, "L")


def xv_thumbnail(image: Image.Image) -> bytes:
    grey = np.asarray(image.convert("L")) // 37  # of 3 bits red, 3 green, 2 blue
    bits = (grey << 5 | grey << 2 | grey >> 1).astype(np.uint8)
    return b"P7 332\n#END_OF_COMMENTS\n%d %d 255\n" % image.size + bits.tobytes()


def pixel_map(image: Image.Image) -> bytes:
    """An XPM with a letter for every colour."""
    small = image.quantize(8)
    colours = (small.getpalette() or [])[: 3 * 8]
    table = [tuple(colours[place : place + 3]) for place in range(0, len(colours), 3)]
    lines = [f"{image.width} {image.height} {len(table)} 1"]
    lines += [
        "{} c #{:02x}{:02x}{:02x}".format(chr(97 + number), *each)
        for number, each in enumerate(table)
    ]
    pixels = np.asarray(small)
    lines += ["".join(chr(97 + value) for value in row) for row in pixels]
    quoted = ",\n".join(f'"{line}"' for line in lines)
    return f"/* XPM */\nstatic char *picture[] = {{\n{quoted}\n}};\n".encode()


def photo_cd(image: Image.Image) -> bytes:
    """All of one grey: brightness 1.402 times as large, without colour."""
    grey = round(image.convert("L").getpixel((0, 0)) / 1.36)
    content = bytearray(96 * 2048)
    content[2048:2052] = b"PCD_"
    two_rows = bytes([grey]) * (768 * 2) + bytes([156]) * 384 + bytes([137]) * 384
    return bytes(content) + two_rows * 256
