"""MobileNet: networks made for telephones."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_

_V3_SOURCE = "keras.applications.MobileNetV3 (documentation)"


def _v3(
    size: str, sentence: str, md5: dict[str, str], megabytes: float, published: Published
) -> NetworkRow:
    return NetworkRow(
        key=f"mobilenet_v3_{size}",
        title=f"MobileNetV3{size.title()}",
        sentence=sentence,
        family="MobileNet",
        built_from="application",
        builder=f"MobileNetV3{size.title()}",
        preprocessing="none",
        usual_size=224,
        smallest_size=32,
        # The activations between are only numbered; each goes with the layer before it.
        blocks=(
            BlockRule(r"conv(?:_bn)?$", N_("Stem")),
            BlockRule(r"expanded_conv_(\d+)_", N_("Block {0}")),
            BlockRule(r"expanded_conv_", N_("Block 0")),
            BlockRule(r"conv_1(?:_bn)?$", N_("Last convolution")),
        ),
        widths=(0.75, 1.0),
        weights=WeightFiles(
            name=f"weights_mobilenet_v3_{size}_224_{{width}}_float_no_top_v2.h5",
            folder_address=KERAS_STORE + "mobilenet_v3/",
            md5={
                f"weights_mobilenet_v3_{size}_224_{width}_float_no_top_v2.h5": each
                for width, each in md5.items()
            },
            megabytes=megabytes,
        ),
        published=published,
        source="Howard et al. 2019, arXiv:1905.02244",
        year=2019,
    )


MOBILENET = (
    NetworkRow(
        key="mobilenet_v2",
        title="MobileNetV2",
        sentence=N_(
            "Already knows 1.2 million photographs. Small and fast: the best start for photos."
        ),
        family="MobileNet",
        built_from="application",
        builder="MobileNetV2",
        preprocessing="minus_one_to_one",
        usual_size=224,
        smallest_size=32,
        blocks=(
            BlockRule(r"(?:Conv1|bn_Conv1)", N_("Stem")),
            BlockRule(r"expanded_conv_", N_("Block 0")),
            BlockRule(r"block_(\d+)_", N_("Block {0}")),
            BlockRule(r"(?:Conv_1|out_relu)", N_("Last convolution")),
        ),
        widths=(0.35, 0.5, 0.75, 1.0, 1.3, 1.4),
        weights=WeightFiles(
            name="mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{width}_{size}_no_top.h5",
            folder_address=KERAS_STORE + "mobilenet_v2/",
            sizes=(224, 192, 160, 128, 96),
            megabytes=9.4,
        ),
        published=Published(3_538_984, KERAS_PAGE, 14, 105, 0.713, 0.901),
        source="Sandler et al. 2018, arXiv:1801.04381",
        year=2018,
    ),
    NetworkRow(
        key="mobilenet",
        title="MobileNet",
        sentence=N_("The first network made for telephones: simple, small and quick."),
        family="MobileNet",
        built_from="application",
        builder="MobileNet",
        preprocessing="minus_one_to_one",
        usual_size=224,
        smallest_size=32,
        blocks=(
            BlockRule(r"conv1", N_("Stem")),
            BlockRule(r"conv_(?:pad|dw|pw)_(\d+)", N_("Block {0}")),
        ),
        widths=(0.25, 0.5, 0.75, 1.0),
        weights=WeightFiles(
            name="mobilenet_{width}_{size}_tf_no_top.h5",
            folder_address=KERAS_STORE + "mobilenet/",
            sizes=(224, 192, 160, 128),
            megabytes=17.2,
            width_names={0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"},
        ),
        published=Published(4_253_864, KERAS_PAGE, 16, 55, 0.704, 0.895),
        source="Howard et al. 2017, arXiv:1704.04861",
        year=2017,
    ),
    _v3(
        "small",
        N_("The smallest of all: for a slow computer, or for a telephone later."),
        {
            "0.75": "ebdb5cc8e0b497cd13a7c275d475c819",
            "1.0": "d3e8ec802a04aa4fc771ee12a9a9b836",
        },
        4.3,
        Published(2_554_968, _V3_SOURCE, top_1=0.681),
    ),
    _v3(
        "large",
        N_("As quick as MobileNetV2 and more often right; a computer helped to invent it."),
        {
            "0.75": "40af19a13ebea4e2ee0c676887f69a2e",
            "1.0": "07fb09a5933dd0c8eaafa16978110389",
        },
        12.7,
        Published(5_507_432, _V3_SOURCE, top_1=0.756),
    ),
)
