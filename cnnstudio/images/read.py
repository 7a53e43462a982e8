"""The one reader: every picture that is shown, checked, trained on or asked about comes from here.

The first frame, upright by EXIF, RGB with 8 bits a colour:

- Transparent parts lie over :data:`BACKGROUND`, which also fills the border of ``pad``.
- 16 bits grey are scaled (0 to 65535 becomes 0 to 255), never clipped.
- 32-bit grey (whole numbers or floats; anything that is not a finite number counts as 0): values
  within 0 to 255 stay as they are, those within 0 to 65535 are scaled like 16 bits; otherwise the
  lowest value becomes 0 and the highest 255. Floats within 0 to 1 are multiplied by 255.
- CMYK, YCbCr, Lab and palettes become RGB as Pillow does it. Colour profiles are not applied.
- Shrinking averages over all pixels (bicubic, antialiased), so nothing flickers or aliases.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnstudio.images.decode import SHRINK_IN_STEPS, loaded_picture
from cnnstudio.project.pictures import Fit

READER_VERSION = 1
"""To be raised whenever a picture would come out differently: what was kept is made again."""

BACKGROUND = (255, 255, 255)

PICTURE_SUFFIXES: frozenset[str] = frozenset(
    {*(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".gif", ".bmp", ".dib")}
    | {*(".webp", ".tif", ".tiff", ".ico", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".jp2")}
    | {".j2k", ".avif"}
)
"""Names that end so are taken for pictures (lower case, with the dot)."""

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_Box = tuple[float, float, float, float]


def read_picture(path: str | Path, size: int, fit: Fit) -> NDArray[np.uint8]:
    """A picture as a square: shape (size, size, 3), RGB.

    Raises:
        ProblemError: file_missing, file_unreadable, file_empty, not_a_picture, truncated,
            damaged, too_large.
    """
    name = os.fspath(path)
    if fit == "pad":
        image = open_upright(name, size, enlarge=True)
        square = Image.new("RGB", (size, size), BACKGROUND)
        square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
        return np.array(square)
    with loaded_picture(name, shortest_side=size) as (image, (width, height)):
        box: _Box = (0, 0, width, height)
        if fit == "crop":
            side = min(width, height)
            left, top = (width - side) / 2, (height - side) / 2
            box = (left, top, left + side, top + side)
        return np.array(_shrunk_upright(image, (size, size), box))


def open_upright(path: str | Path, longest_side: int, enlarge: bool = False) -> Image.Image:
    """A picture with its own proportions, ``longest_side`` pixels long or less if it is smaller.

    With ``enlarge`` a smaller one is made larger. Raises as :func:`read_picture` does.
    """
    name = os.fspath(path)
    with loaded_picture(name, longest_side=longest_side) as (image, (width, height)):
        scale = longest_side / max(width, height)
        if not enlarge:
            scale = min(1.0, scale)
        wanted = max(1, round(width * scale)), max(1, round(height * scale))
        return _shrunk_upright(image, wanted, (0, 0, width, height))


def _shrunk_upright(image: Image.Image, size: tuple[int, int], box: _Box) -> Image.Image:
    """``box`` of the picture as RGB of ``size``; turned only then, when there is little to turn."""
    orientation = _orientation(image)
    plain = _resizable(image)
    small = plain.resize(size, Image.Resampling.BICUBIC, box, SHRINK_IN_STEPS)
    if small.mode == "RGBa":
        small = small.convert("RGBA")
        ground = Image.new("RGB", size, BACKGROUND)
        ground.paste(small.convert("RGB"), mask=small.getchannel("A"))
        small = ground
    small = small.convert("RGB")
    return small.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else small


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # a damaged note about the camera does not spoil the picture
        return 1


def _resizable(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be averaged: L, RGB, or RGBa (alpha multiplied in)."""
    if image.mode.startswith("I;16"):
        return _from_sixteen_bits(image)
    if image.mode in ("I", "F"):
        return Image.fromarray(_eight_bits(np.asarray(image), image.format == "PPM"))
    if image.has_transparency_data:
        whole = image if image.mode == "RGBA" else image.convert("RGBA")
        return whole.convert("RGBa")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _from_sixteen_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    grey = (values >> 8).astype(np.uint8)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = BACKGROUND[0]
    return Image.fromarray(grey)


def _eight_bits(values: NDArray[np.generic], is_sixteen_bits: bool) -> NDArray[np.uint8]:
    """32-bit values as 8 bits by the rule at the top of this module."""
    is_float = values.dtype.kind == "f"
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if is_sixteen_bits or (low >= 0 and 255 < high <= 65535):
        numbers *= 255 / 65535
    elif is_float and low >= 0 and high <= 1:
        numbers *= 255
    elif low < 0 or high > 255:
        numbers = (numbers - low) * (255 / ((high - low) or 1))
    return np.rint(numbers).clip(0, 255).astype(np.uint8)
