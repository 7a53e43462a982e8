"""The one table of picture formats: their names' endings, their marks, and what reading them takes.

All that Pillow reads by itself is in it, and HEIC by pillow-heif. Not in it: EPS and WMF (run by
other programs), PDF, HDF5, GRIB, BUFR and MPEG (Pillow knows but cannot read them), IPTC (holds
any other file), IM and IMT (have no mark, and Pillow takes them out), FPX and MIC (need olefile).
"""

from dataclasses import dataclass
from typing import Any

from PIL import Image

_HEAD = 16 * 2**20  # of formats whose head is read into Python's own objects


@dataclass(frozen=True)
class PictureFormat:
    """How one format is told, and what its decoder takes beside the pixels.

    ``pixel_cost`` is in bytes a pixel (at most: some files need less), ``file_cost`` how many times
    the file is held in memory, ``head_at_most`` how many bytes may be read before the size is known
    (0: bounded by itself).
    A format that is asked ``by_name`` has no mark, or one that other files bear by chance.
    """

    name: str
    suffixes: tuple[str, ...]
    pixel_cost: int = 0
    file_cost: int = 0
    by_name: bool = False
    head_at_most: int = 0


_COMMON = (
    PictureFormat("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo")),
    PictureFormat("PNG", (".png", ".apng")),
    PictureFormat("GIF", (".gif",), 2),
    PictureFormat("BMP", (".bmp",), 1),
    PictureFormat("DIB", (".dib",), 1),
    PictureFormat("WEBP", (".webp",), 12, 1),
    PictureFormat("TIFF", (".tif", ".tiff"), 6),
    PictureFormat("ICO", (".ico",), 8),
    PictureFormat("PPM", (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"), 8),
    PictureFormat("JPEG2000", (".jp2", ".j2k", ".jpc", ".j2c", ".jpf", ".jpx"), 16, 1),
    PictureFormat("HEIF", (".heic", ".heics", ".heif", ".heifs", ".hif"), 12, 2),
    PictureFormat("AVIF", (".avif", ".avifs"), 14, 1),
)

# Python decoders collect the pixels in an array of their own before Pillow takes them.
_RARE = (
    PictureFormat("BLP", (".blp",), 8, 6, head_at_most=_HEAD),
    PictureFormat("DDS", (".dds",), 8, 3, head_at_most=_HEAD),
    PictureFormat("FITS", (".fits", ".fit"), 4, head_at_most=_HEAD),
    PictureFormat("FTEX", (".ftc", ".ftu"), 4, 1, head_at_most=16 * _HEAD),  # it is all head
    PictureFormat("ICNS", (".icns",), 16, 1, head_at_most=_HEAD),
    PictureFormat("MCIDAS", (), 4, head_at_most=_HEAD),
    PictureFormat("MSP", (".msp",), 4, head_at_most=_HEAD),
    PictureFormat("PIXAR", (".pxr",), 4, head_at_most=_HEAD),
    PictureFormat("PSD", (".psd",), 4, head_at_most=_HEAD),
    PictureFormat("QOI", (".qoi",), 8, head_at_most=_HEAD),
    PictureFormat("SUN", (".ras",), 4, head_at_most=_HEAD),
    PictureFormat("XPM", (".xpm",), 10, 8, head_at_most=_HEAD),
    PictureFormat("XVTHUMB", (), 4, head_at_most=_HEAD),
    PictureFormat("DCX", (".dcx",), 4, head_at_most=_HEAD),
    PictureFormat("PCX", (".pcx",), 4, by_name=True, head_at_most=_HEAD),
    PictureFormat("CUR", (".cur",), 8, by_name=True, head_at_most=_HEAD),
    PictureFormat("FLI", (".fli", ".flc"), 4, 2, by_name=True, head_at_most=_HEAD),
    PictureFormat("GBR", (".gbr",), 8, by_name=True, head_at_most=_HEAD),
    PictureFormat("PCD", (".pcd",), 8, by_name=True, head_at_most=_HEAD),
    PictureFormat("SGI", (".sgi", ".rgb", ".rgba", ".bw"), 8, 1, by_name=True, head_at_most=_HEAD),
    PictureFormat("SPIDER", (".spi",), 4, by_name=True, head_at_most=_HEAD),
    PictureFormat("XBM", (".xbm",), 4, by_name=True, head_at_most=_HEAD),
    PictureFormat("TGA", (".tga", ".icb", ".vda", ".vst"), by_name=True, head_at_most=_HEAD),
)

FORMATS = (*_COMMON, *_RARE)

PICTURE_SUFFIXES: frozenset[str] = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
"""Names that end so are taken for pictures (lower case, with the dot)."""

MARK_BYTES = 64
"""How much of a file's beginning is looked at."""

_HEVC_BRANDS = {*(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")}
_AVIF_BRANDS = {b"avif", b"avis"}
_ANY_BRANDS = {b"mif1", b"mif2", b"msf1"}


def known_format(prefix: bytes, path: str) -> PictureFormat | None:
    """The format of a file that begins with ``prefix`` (:data:`MARK_BYTES`) and is called so."""
    if prefix[4:8] == b"ftyp":
        heif = _heif_or_avif(prefix)
        if heif is not None:
            return heif
    _know_all_plugins()
    name = path.lower()
    for each in FORMATS:
        accepts = Image.OPEN[each.name][1] if each.name in Image.OPEN else _nothing
        if each.by_name and not name.endswith(each.suffixes):
            continue
        if accepts is None or accepts(prefix) is True:
            return each
    return None


def reader_of(known: PictureFormat) -> Any | None:
    """What opens a file of this format: called with the file and its name. None: not installed."""
    if known.name == "HEIF":
        return _heif_reader()
    _know_all_plugins()  # this may be the first file of all, and told by its brands
    return Image.OPEN[known.name][0] if known.name in Image.OPEN else None


def _nothing(prefix: bytes) -> bool:
    """A plugin that this Pillow does not have, or HEIF, which is known by its brands."""
    return False


def _know_all_plugins() -> None:
    Image.preinit()
    if "XVTHUMB" not in Image.OPEN:  # the last that Pillow loads
        Image.init()


def _heif_or_avif(prefix: bytes) -> PictureFormat | None:
    """By the brands that a file names; Pillow takes some HEIC files for AVIF."""
    length = min(int.from_bytes(prefix[:4], "big"), len(prefix))
    brands = {prefix[8:12], *(prefix[place : place + 4] for place in range(16, length - 3, 4))}
    by_name = {each.name: each for each in _COMMON}
    if brands & _AVIF_BRANDS:
        return by_name["AVIF"]
    return by_name["HEIF"] if brands & (_HEVC_BRANDS | _ANY_BRANDS) else None


def _heif_reader() -> Any | None:
    """Loaded when the first such file is met; Python remembers both answers."""
    try:
        from pillow_heif import options
        from pillow_heif.as_plugin import HeifImageFile
    except ImportError:
        return None
    options.DECODE_THREADS = 1  # as many pictures at once as there are cores
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    return HeifImageFile
