"""Inception and what came of it: several sizes of filter side by side."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_

_STEM = N_("Stem")
_BLOCK = N_("Block {0}")
_MODULE = N_("Inception module {0}")
_LAST_CONVOLUTION = N_("Last convolution")

_INCEPTION_V3_FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
_INCEPTION_RESNET_V2_FILE = "inception_resnet_v2_weights_tf_dim_ordering_tf_kernels_notop.h5"
_XCEPTION_FILE = "xception_weights_tf_dim_ordering_tf_kernels_notop.h5"

# The layers of both are only numbered, all but the last one of each block.
_INCEPTION_V3_BLOCKS = (
    BlockRule(r"max_pooling2d_1$", _STEM, closes=True),
    BlockRule(r"mixed(\d+)$", _MODULE, closes=True),
)
_A = N_("Inception-ResNet A")
_B = N_("Inception-ResNet B")
_C = N_("Inception-ResNet C")
_INCEPTION_RESNET_V2_BLOCKS = (
    BlockRule(r"max_pooling2d_1$", _STEM, closes=True),
    BlockRule(r"mixed_5b$", N_("Inception module"), closes=True),
    BlockRule(r"block35_(\d+)_ac$", _BLOCK, _A, closes=True),
    BlockRule(r"mixed_6a$", N_("Reduction A"), closes=True),
    BlockRule(r"block17_(\d+)_ac$", _BLOCK, _B, closes=True),
    BlockRule(r"mixed_7a$", N_("Reduction B"), closes=True),
    BlockRule(r"block8_(\d+)_ac$", _BLOCK, _C, closes=True),
    # The last block ends without an activation of its own.
    BlockRule(r"custom_scale_layer_39$", N_("Block 10"), _C, closes=True),
    BlockRule(r"block8_10_", N_("Block 10"), _C),
    BlockRule(r"conv_7b", _LAST_CONVOLUTION),
    BlockRule(r"block35_(\d+)_", _BLOCK, _A),
    BlockRule(r"block17_(\d+)_", _BLOCK, _B),
    BlockRule(r"block8_(\d+)_", _BLOCK, _C),
)

INCEPTION = (
    NetworkRow(
        key="inception_v3",
        title="InceptionV3",
        sentence=N_("Looks at each place through filters of several sizes at once."),
        family="Inception",
        built_from="application",
        builder="InceptionV3",
        preprocessing="minus_one_to_one",
        usual_size=299,
        smallest_size=75,
        blocks=_INCEPTION_V3_BLOCKS,
        weights=WeightFiles(
            name=_INCEPTION_V3_FILE,
            folder_address=KERAS_STORE + "inception_v3/",
            md5={_INCEPTION_V3_FILE: "bcbd6486424b2319ff4ef7d526e38f63"},
            megabytes=87.9,
        ),
        published=Published(23_851_784, KERAS_PAGE, 92, 189, 0.779, 0.937),
        source="Szegedy et al. 2015, arXiv:1512.00567",
        year=2015,
    ),
    NetworkRow(
        key="inception_resnet_v2",
        title="InceptionResNetV2",
        sentence=N_("InceptionV3's filters with ResNet's shortcuts: accurate and slow."),
        family="Inception",
        built_from="application",
        builder="InceptionResNetV2",
        preprocessing="minus_one_to_one",
        usual_size=299,
        smallest_size=75,
        blocks=_INCEPTION_RESNET_V2_BLOCKS,
        weights=WeightFiles(
            name=_INCEPTION_RESNET_V2_FILE,
            folder_address=KERAS_STORE + "inception_resnet_v2/",
            md5={_INCEPTION_RESNET_V2_FILE: "d19885ff4a710c122648d3b5c3b684e4"},
            megabytes=219.1,
        ),
        published=Published(55_873_736, KERAS_PAGE, 215, 449, 0.803, 0.953),
        source="Szegedy et al. 2016, arXiv:1602.07261",
        year=2016,
    ),
    NetworkRow(
        key="xception",
        title="Xception",
        sentence=N_("Looks at shapes first and mixes the colours afterwards, which saves work."),
        family="Inception",
        built_from="application",
        builder="Xception",
        preprocessing="minus_one_to_one",
        usual_size=299,
        smallest_size=71,
        # The shortcuts are only numbered; each goes with the layer before it.
        blocks=(
            BlockRule(r"block([1-4])_", _BLOCK, N_("Entry flow")),
            BlockRule(r"block([5-9]|1[0-2])_", _BLOCK, N_("Middle flow")),
            BlockRule(r"block(13|14)_", _BLOCK, N_("Exit flow")),
        ),
        weights=WeightFiles(
            name=_XCEPTION_FILE,
            folder_address=KERAS_STORE + "xception/",
            md5={_XCEPTION_FILE: "b0042744bf5b25fce3cb969f33bebb97"},
            megabytes=83.7,
        ),
        published=Published(22_910_480, KERAS_PAGE, 88, 81, 0.790, 0.945),
        source="Chollet 2016, arXiv:1610.02357",
        year=2016,
    ),
)
