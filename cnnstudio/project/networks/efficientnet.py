"""EfficientNet and EfficientNetV2: one building plan in many sizes."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_

_BLOCKS = (
    BlockRule(r"stem_", N_("Stem")),
    BlockRule(r"block(?P<stage>\d)([a-z])_", N_("Block {0}"), N_("Stage {0}")),
    BlockRule(r"top_", N_("Last convolution")),
)


def _efficientnet(
    size: int,
    pixels: int,
    sentence: str,
    md5: str,
    megabytes: float,
    published: Published,
) -> NetworkRow:
    file = f"efficientnetb{size}_notop.h5"
    return NetworkRow(
        key=f"efficientnet_b{size}",
        title=f"EfficientNetB{size}",
        sentence=sentence,
        family="EfficientNet",
        built_from="application",
        builder=f"EfficientNetB{size}",
        preprocessing="none",
        usual_size=pixels,
        smallest_size=32,
        blocks=_BLOCKS,
        weights=WeightFiles(
            name=file,
            folder_address="https://storage.googleapis.com/keras-applications/",
            md5={file: md5},
            megabytes=megabytes,
        ),
        published=published,
        source="Tan, Le 2019, arXiv:1905.11946",
        year=2019,
    )


def _efficientnet_v2(
    size: str,
    pixels: int,
    sentence: str,
    md5: str,
    megabytes: float,
    published: Published,
) -> NetworkRow:
    file = f"efficientnetv2-{size}_notop.h5"
    return NetworkRow(
        key=f"efficientnet_v2_{size}",
        title=f"EfficientNetV2{size.upper()}",
        sentence=sentence,
        family="EfficientNet",
        built_from="application",
        builder=f"EfficientNetV2{size.upper()}",
        preprocessing="none",
        usual_size=pixels,
        smallest_size=32,
        blocks=_BLOCKS,
        weights=WeightFiles(
            name=file,
            folder_address=KERAS_STORE + "efficientnet_v2/",
            md5={file: md5},
            megabytes=megabytes,
        ),
        published=published,
        source="Tan, Le 2021, arXiv:2104.00298",
        year=2021,
    )


EFFICIENTNET = (
    _efficientnet(
        0,
        224,
        N_("Much for little: as small as a MobileNet, and more accurate than ResNet50."),
        "50bc09e76180e00e4465e1a485ddc09d",
        16.7,
        Published(5_330_571, KERAS_PAGE, 29, 132, 0.771, 0.933),
    ),
    _efficientnet(
        1,
        240,
        N_("One size up from EfficientNetB0: deeper, and for slightly larger pictures."),
        "74c4e6b3e1f6a1eea24c589628592432",
        27.0,
        Published(7_856_239, KERAS_PAGE, 31, 186, 0.791, 0.944),
    ),
    _efficientnet(
        2,
        260,
        N_("Two sizes up from EfficientNetB0: wider, and for larger pictures."),
        "111f8e2ac8aa800a7a99e3239f7bfb39",
        31.8,
        Published(9_177_569, KERAS_PAGE, 36, 186, 0.801, 0.949),
    ),
    _efficientnet(
        3,
        300,
        N_("The middle of the EfficientNets: accurate, and still of use without a graphics card."),
        "af6d107764bb5b1abb91932881670226",
        43.9,
        Published(12_320_535, KERAS_PAGE, 48, 210, 0.816, 0.957),
    ),
    _efficientnet(
        4,
        380,
        N_("Sees more detail in pictures of 380 pixels, and takes seven times as long as B0."),
        "ebc24e6d6c33eaebbd558eafbeedf1ba",
        71.7,
        Published(19_466_823, KERAS_PAGE, 75, 258, 0.829, 0.964),
    ),
    _efficientnet(
        5,
        456,
        N_("For a strong graphics card: large pictures, many layers."),
        "38879255a25d3c92d5e44e04ae6cec6f",
        115.3,
        Published(30_562_527, KERAS_PAGE, 118, 312, 0.836, 0.967),
    ),
    _efficientnet(
        6,
        528,
        N_("One size below the largest EfficientNet, and only a little less accurate."),
        "9ecce42647a20130c1f39a5d4cb75743",
        165.2,
        Published(43_265_143, KERAS_PAGE, 166, 360, 0.840, 0.968),
    ),
    _efficientnet(
        7,
        600,
        N_("The largest EfficientNet: thirty-four times as slow as B0."),
        "cbcfe4450ddf6f3ad90b1b398090fe4a",
        258.1,
        Published(66_658_687, KERAS_PAGE, 256, 438, 0.843, 0.970),
    ),
    _efficientnet_v2(
        "b0",
        224,
        N_("EfficientNetB0 made anew: it learns faster, and is right more often."),
        "893217f2bb855e2983157299931e43ff",
        24.3,
        Published(7_200_312, KERAS_PAGE, 29, top_1=0.787, top_5=0.943),
    ),
    _efficientnet_v2(
        "b1",
        240,
        N_("One size up from EfficientNetV2B0."),
        "0e80663031ca32d657f9caa404b6ec37",
        28.5,
        Published(8_212_124, KERAS_PAGE, 34, top_1=0.798, top_5=0.950),
    ),
    _efficientnet_v2(
        "b2",
        260,
        N_("Two sizes up from EfficientNetV2B0."),
        "1dfe2e7a5d45b6632553a8961ea609eb",
        35.8,
        Published(10_178_374, KERAS_PAGE, 42, top_1=0.805, top_5=0.951),
    ),
    _efficientnet_v2(
        "b3",
        300,
        N_("Accurate for its size: a good choice when MobileNetV2 is not enough."),
        "f6abf7b5849ac99a89b50dd3fd532856",
        52.6,
        Published(14_467_622, KERAS_PAGE, 59, top_1=0.820, top_5=0.958),
    ),
    _efficientnet_v2(
        "s",
        384,
        N_("Very accurate, for pictures of 384 pixels and a graphics card."),
        "af0682fb74e8c54910f2d4393339c070",
        82.4,
        Published(21_612_360, KERAS_PAGE, 88, top_1=0.839, top_5=0.967),
    ),
    _efficientnet_v2(
        "m",
        480,
        N_("More accurate still, for large pictures and a strong graphics card."),
        "1b8dc055df72dde80d614482840fe342",
        214.2,
        Published(54_431_388, KERAS_PAGE, 220, top_1=0.853, top_5=0.974),
    ),
    _efficientnet_v2(
        "l",
        480,
        N_("The largest EfficientNetV2: over a thousand layers."),
        "b0b66b5c863aef5b46e8608fe1711615",
        473.2,
        Published(119_027_848, KERAS_PAGE, 479, top_1=0.857, top_5=0.975),
    ),
)
