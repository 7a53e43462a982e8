"""VGG: nothing but 3 × 3 convolutions and pooling."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_


def _vgg(
    layers: int, sentence: str, md5: str, megabytes: float, published: Published
) -> NetworkRow:
    file = f"vgg{layers}_weights_tf_dim_ordering_tf_kernels_notop.h5"
    return NetworkRow(
        key=f"vgg{layers}",
        title=f"VGG{layers}",
        sentence=sentence,
        family="VGG",
        built_from="application",
        builder=f"VGG{layers}",
        preprocessing="caffe",
        usual_size=224,
        smallest_size=32,
        blocks=(BlockRule(r"block(\d+)_", N_("Block {0}")),),
        weights=WeightFiles(
            name=file,
            folder_address=f"{KERAS_STORE}vgg{layers}/",
            md5={file: md5},
            megabytes=megabytes,
        ),
        published=published,
        source="Simonyan, Zisserman 2014, arXiv:1409.1556",
        year=2014,
    )


VGG = (
    _vgg(
        16,
        N_(
            "Already knows 1.2 million photographs. Plain and easy to understand, but large and "
            "slow."
        ),
        "6d6bbae143d832006294945121d1f1fc",
        58.9,
        Published(138_357_544, KERAS_PAGE, 528, 16, 0.713, 0.901),
    ),
    _vgg(
        19,
        N_("VGG16 with three more layers: a little slower, and hardly better."),
        "253f8cb515780f3b799900260a226db6",
        80.1,
        Published(143_667_240, KERAS_PAGE, 549, 19, 0.713, 0.900),
    ),
)
