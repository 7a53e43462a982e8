"""The one reader: every picture that is shown, checked, trained on or asked about comes from here.

The first frame, upright by EXIF, RGB with 8 bits a colour. What becomes of every kind of picture is
written down once, in :data:`PICTURE_RULES`, in the words that people read:

- Transparent parts lie over :data:`BACKGROUND`, which also fills the border of ``pad``.
- Grey (8 bits) and black and white (1 bit) get the same value for red, green and blue.
- Palettes, CMYK, YCbCr, HSV and Lab become RGB as Pillow does it. Colour profiles are not applied.
- 16 bits grey are scaled (0 to 65535 becomes 0 to 255), never clipped. Where a TIFF says that it
  uses fewer (BitsPerSample, or MaxSampleValue rounded up to whole bits), those are scaled.
- 32-bit grey (whole numbers or floats; anything that is not a finite number counts as 0): values
  within 0 to 255 stay as they are, those within 0 to 65535 are scaled like 16 bits; otherwise the
  lowest value becomes 0 and the highest 255. Floats within 0 to 1 are multiplied by 255.
- Arrays follow the rule for 32-bit grey, with one range for all of their pictures.
- Shrinking averages over all pixels (by whole steps, then bilinear, antialiased), so nothing
  flickers or aliases. The last step of a JPEG, less than a halving, averages four samples a pixel:
  thin lines come out less even, which photographs do not have, in half of the time.
"""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnstudio.images.decode import SHRINK_IN_STEPS, loaded_picture
from cnnstudio.images.formats import PICTURE_SUFFIXES
from cnnstudio.images.numbers import eight_bits, with_bits
from cnnstudio.project.pictures import Fit
from cnnstudio.project.words import N_

__all__ = [
    "BACKGROUND",
    "PICTURE_RULES",
    "PICTURE_SUFFIXES",
    "READER_VERSION",
    "as_rgb",
    "open_upright",
    "read_picture",
]

READER_VERSION = 2
"""To be raised whenever a picture would come out differently: what was kept is made again."""

BACKGROUND = (255, 255, 255)

PICTURE_RULES: tuple[tuple[str, str], ...] = (
    (
        N_("Turned by the camera"),
        N_("The note of the camera (EXIF) about which side is up is followed."),
    ),
    (N_("Animations and pages"), N_("The first one is the picture.")),
    (N_("Transparent parts"), N_("They lie over white.")),
    (
        N_("Grey, black and white"),
        N_("Red, green and blue get the same value, so every network can be used."),
    ),
    (N_("Palette"), N_("Every number becomes the colour that the palette gives it.")),
    (
        N_("CMYK, YCbCr, HSV and Lab"),
        N_("They are converted to red, green and blue. Colour profiles are not applied."),
    ),
    (
        N_("16 bits a pixel"),
        N_(
            "The whole range is scaled to 0 to 255; fewer bits if the file says that it uses fewer."
        ),
    ),
    (
        N_("32 bits and floats"),
        N_(
            "Values within 0 to 255 stay. Floats within 0 to 1 are multiplied by 255, values up to "
            "65535 scaled like 16 bits, and of any others the lowest becomes 0, the highest 255."
        ),
    ),
    (
        N_("Arrays (NPZ, IDX)"),
        N_("As 32 bits and floats, with one range for all pictures of an array."),
    ),
    (
        N_("Shrinking"),
        N_("All pixels are averaged, so that fine patterns neither flicker nor vanish."),
    ),
)
"""What becomes of every kind of picture: titles and sentences, marked for translation."""

_BITS_TAG, _HIGHEST_TAG, _SIGNED_HIGHEST_TAG = 258, 281, 341
_PHOTOGRAPHS = ("JPEG", "MPO")

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
        return np.array(shrunk_upright(image, (size, size), box))


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
        return shrunk_upright(image, wanted, (0, 0, width, height))


def shrunk_upright(image: Image.Image, size: tuple[int, int], box: _Box) -> Image.Image:
    """``box`` of the picture as RGB of ``size``; turned only then, when there is little to turn."""
    orientation = _orientation(image)
    plain = _resizable(image)
    if image.format in _PHOTOGRAPHS and _is_less_than_halved(box, size):
        twice = plain.resize((2 * size[0], 2 * size[1]), Image.Resampling.NEAREST, box)
        small = _over_background(twice.reduce(2))
    else:
        bilinear = plain.resize(size, Image.Resampling.BILINEAR, box, SHRINK_IN_STEPS)
        small = _over_background(bilinear)
    return small.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else small


def _is_less_than_halved(box: _Box, size: tuple[int, int]) -> bool:
    """What is left to shrink of most JPEGs, which are decoded at a half, quarter or eighth."""
    across, down = (box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]
    return 1 <= across < 2 and 1 <= down < 2


def as_rgb(image: Image.Image) -> Image.Image:
    """A loaded picture by the rules at the top of this module, as large as it is, not turned."""
    return _over_background(_resizable(image))


def _over_background(image: Image.Image) -> Image.Image:
    """L, RGB or RGBa as RGB."""
    if image.mode == "RGBa":
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, BACKGROUND)
        ground.paste(image.convert("RGB"), mask=image.getchannel("A"))
        return ground
    return image if image.mode == "RGB" else image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    if image.format == "JPEG" and not image.info.keys() & {"exif", "xmp"}:
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # a damaged note about the camera does not spoil the picture
        return 1


def _resizable(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be averaged: L, RGB, or RGBa (alpha multiplied in)."""
    if image.mode.startswith("I;16"):
        return _from_sixteen_bits(image)
    if image.mode in ("I", "F"):
        scaled = (0.0, 65535.0) if (image.mode, image.format) == ("I", "PPM") else (None, None)
        return Image.fromarray(eight_bits(np.asarray(image), *scaled))
    if image.has_transparency_data:
        whole = image if image.mode == "RGBA" else image.convert("RGBA")
        return whole.convert("RGBa")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _from_sixteen_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    grey = with_bits(values, _bits_used(image))
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = BACKGROUND[0]
    return Image.fromarray(grey)


def _bits_used(image: Image.Image) -> int:
    """Of 16; fewer where a TIFF says so, as those of microscopes and cameras do (10 to 14)."""
    tags = getattr(image, "tag_v2", None)
    if not tags:
        return 16
    bits = _number(tags.get(_BITS_TAG))
    if bits == 16:
        highest = _number(tags.get(_HIGHEST_TAG, tags.get(_SIGNED_HIGHEST_TAG)))
        bits = int(highest).bit_length() if 0 < highest <= 65535 else 16
    return int(max(8, min(bits, 16))) if bits else 16


def _number(said: object) -> float:
    """The first number of a tag, 0 where there is none."""
    first = said[0] if isinstance(said, tuple) and said else said
    return float(first) if isinstance(first, int | float) else 0.0
