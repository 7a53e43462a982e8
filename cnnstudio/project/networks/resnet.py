"""ResNet: blocks that only learn what to add to their input."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_

_FOLDER = KERAS_STORE + "resnet/"

_BLOCKS = (
    BlockRule(r"(?:conv1|pool1)_", N_("Stem")),
    BlockRule(r"conv(?P<stage>\d)_block(\d+)_", N_("Block {0}"), N_("Stage {0}")),
)


def _resnet(
    layers: int, sentence: str, md5: str, megabytes: float, published: Published
) -> NetworkRow:
    file = f"resnet{layers}_weights_tf_dim_ordering_tf_kernels_notop.h5"
    return NetworkRow(
        key=f"resnet{layers}",
        title=f"ResNet{layers}",
        sentence=sentence,
        family="ResNet",
        built_from="application",
        builder=f"ResNet{layers}",
        preprocessing="caffe",
        usual_size=224,
        smallest_size=32,
        blocks=_BLOCKS,
        weights=WeightFiles(
            name=file, folder_address=_FOLDER, md5={file: md5}, megabytes=megabytes
        ),
        published=published,
        source="He et al. 2015, arXiv:1512.03385",
        year=2015,
    )


def _resnet_v2(
    layers: int, sentence: str, md5: str, megabytes: float, published: Published
) -> NetworkRow:
    file = f"resnet{layers}v2_weights_tf_dim_ordering_tf_kernels_notop.h5"
    return NetworkRow(
        key=f"resnet{layers}_v2",
        title=f"ResNet{layers}V2",
        sentence=sentence,
        family="ResNet",
        built_from="application",
        builder=f"ResNet{layers}V2",
        preprocessing="minus_one_to_one",
        usual_size=224,
        smallest_size=32,
        blocks=(*_BLOCKS, BlockRule(r"post_", N_("Last normalisation"))),
        weights=WeightFiles(
            name=file, folder_address=_FOLDER, md5={file: md5}, megabytes=megabytes
        ),
        published=published,
        source="He et al. 2016, arXiv:1603.05027",
        year=2016,
    )


RESNET = (
    _resnet(
        50,
        N_("Shortcuts let the picture skip layers, so that very deep networks can learn at all."),
        "4d473c1dd8becc155b73f8504c6f6626",
        94.8,
        Published(25_636_712, KERAS_PAGE, 98, 107, 0.749, 0.921),
    ),
    _resnet(
        101,
        N_("ResNet50 with twice as many layers: a little better, and slower."),
        "88cf7a10940856eca736dc7b7e228a21",
        171.4,
        Published(44_707_176, KERAS_PAGE, 171, 209, 0.764, 0.928),
    ),
    _resnet(
        152,
        N_("The longest ResNet: six like it won the ImageNet contest of 2015 together."),
        "ee4c566cf9a93f14d82f913c2dc6dd0c",
        234.7,
        Published(60_419_944, KERAS_PAGE, 232, 311, 0.766, 0.931),
    ),
    _resnet_v2(
        50,
        N_("ResNet50 with its steps in a better order, which makes it a little more accurate."),
        "fac2f116257151a9d068a22e544a4917",
        94.7,
        Published(25_613_800, KERAS_PAGE, 98, 103, 0.760, 0.930),
    ),
    _resnet_v2(
        101,
        N_("ResNet50V2 with twice as many layers."),
        "c0ed64b8031c3730f411d2eb4eea35b5",
        171.3,
        Published(44_675_560, KERAS_PAGE, 171, 205, 0.772, 0.938),
    ),
    _resnet_v2(
        152,
        N_("ResNet50V2 with three times as many layers: accurate, large and slow."),
        "ed17cf2e0169df9d443503ef94b23b33",
        234.5,
        Published(60_380_648, KERAS_PAGE, 232, 307, 0.780, 0.942),
    ),
)
