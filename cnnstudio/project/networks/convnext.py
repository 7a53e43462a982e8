"""ConvNeXt: a ResNet rebuilt with what was learned from transformers."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_

_BLOCKS = (
    BlockRule(r"convnext_\w+_stem_", N_("Stem")),
    BlockRule(r"convnext_\w+_stage_(?P<stage>\d)_block_(\d+)_", N_("Block {0}"), N_("Stage {0}")),
    BlockRule(r"convnext_\w+_downsampling_\w+_(?P<stage>\d)$", N_("Transition"), N_("Stage {0}")),
    BlockRule(r"layer_normalization$", N_("Last normalisation")),
)


def _convnext(
    size: str, title: str, sentence: str, sha256: str, megabytes: float, published: Published
) -> NetworkRow:
    file = f"convnext_{size}_notop.h5"
    return NetworkRow(
        key=f"convnext_{size}",
        title=f"ConvNeXt{title}",
        sentence=sentence,
        family="ConvNeXt",
        built_from="application",
        builder=f"ConvNeXt{title}",
        preprocessing="none",
        usual_size=224,
        smallest_size=32,
        blocks=_BLOCKS,
        weights=WeightFiles(
            name=file,
            folder_address=KERAS_STORE + "convnext/",
            md5={file: sha256},
            megabytes=megabytes,
        ),
        published=published,
        source="Liu et al. 2022, arXiv:2201.03545",
        year=2022,
    )


CONVNEXT = (
    _convnext(
        "tiny",
        "Tiny",
        N_("A modern ResNet: about as large as ResNet50, and far more often right."),
        "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
        111.7,
        Published(28_589_128, KERAS_PAGE, 109.42, top_1=0.813),
    ),
    _convnext(
        "small",
        "Small",
        N_("ConvNeXtTiny with three times as many blocks in the middle."),
        "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab",
        198.6,
        Published(50_223_688, KERAS_PAGE, 192.29, top_1=0.823),
    ),
    _convnext(
        "base",
        "Base",
        N_("Has seen 14 million photographs, and needs a strong computer."),
        "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45",
        350.9,
        Published(88_591_464, KERAS_PAGE, 338.58, top_1=0.853),
    ),
    _convnext(
        "large",
        "Large",
        N_("Has seen 14 million photographs: one of the most accurate, and huge."),
        "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
        785.6,
        Published(197_767_336, KERAS_PAGE, 755.07, top_1=0.863),
    ),
    _convnext(
        "xlarge",
        "XLarge",
        N_("The most accurate of all, and the largest: hardly anything for a home computer."),
        "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
        1393.3,
        Published(350_196_968, KERAS_PAGE, 1310, top_1=0.867),
    ),
)
