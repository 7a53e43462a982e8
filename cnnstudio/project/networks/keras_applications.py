"""The networks of ``keras.applications``: pretrained on ImageNet."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, WeightFiles
from cnnstudio.project.words import N_

_KERAS_STORE = "https://storage.googleapis.com/tensorflow/keras-applications/"
_VGG16_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"

KERAS_APPLICATIONS: tuple[NetworkRow, ...] = (
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
            folder_address=_KERAS_STORE + "mobilenet_v2/",
            sizes=(224, 192, 160, 128, 96),
            megabytes=9.4,
        ),
        source="Sandler et al. 2018, arXiv:1801.04381",
    ),
    NetworkRow(
        key="vgg16",
        title="VGG16",
        sentence=N_(
            "Already knows 1.2 million photographs. Plain and easy to understand, but large and "
            "slow."
        ),
        family="VGG",
        built_from="application",
        builder="VGG16",
        preprocessing="caffe",
        usual_size=224,
        smallest_size=32,
        blocks=(BlockRule(r"block(\d+)_", N_("Block {0}")),),
        weights=WeightFiles(
            name=_VGG16_FILE,
            folder_address=_KERAS_STORE + "vgg16/",
            md5={
                _VGG16_FILE: "6d6bbae143d832006294945121d1f1fc",
            },
            megabytes=58.9,
        ),
        source="Simonyan, Zisserman 2014, arXiv:1409.1556",
    ),
)
