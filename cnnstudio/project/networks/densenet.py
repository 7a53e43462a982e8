"""DenseNet: every layer sees what all layers before it found."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_


def _densenet(
    layers: int, sentence: str, md5: str, megabytes: float, published: Published
) -> NetworkRow:
    file = f"densenet{layers}_weights_tf_dim_ordering_tf_kernels_notop.h5"
    return NetworkRow(
        key=f"densenet{layers}",
        title=f"DenseNet{layers}",
        sentence=sentence,
        family="DenseNet",
        built_from="application",
        builder=f"DenseNet{layers}",
        preprocessing="torch",
        usual_size=224,
        smallest_size=32,
        blocks=(
            BlockRule(r"(?:conv1_|pool1$|zero_padding2d)", N_("Stem")),
            BlockRule(r"conv(?P<stage>\d)_block(\d+)_", N_("Block {0}"), N_("Stage {0}")),
            BlockRule(r"pool(?P<stage>\d)_", N_("Transition"), N_("Stage {0}")),
            BlockRule(r"(?:bn|relu)$", N_("Last normalisation")),
        ),
        weights=WeightFiles(
            name=file,
            folder_address=KERAS_STORE + "densenet/",
            md5={file: md5},
            megabytes=megabytes,
        ),
        published=published,
        source="Huang et al. 2016, arXiv:1608.06993",
        year=2016,
    )


DENSENET = (
    _densenet(
        121,
        N_("Every layer sees what all layers before it found, so few numbers go a long way."),
        "30ee3e1110167f948a6b9946edeeb738",
        29.1,
        Published(8_062_504, KERAS_PAGE, 33, 242, 0.750, 0.923),
    ),
    _densenet(
        169,
        N_("DenseNet121 with more layers: a little better, and a little slower."),
        "b8c4d4c20dd625c148057b9ff1c1176b",
        51.9,
        Published(14_307_880, KERAS_PAGE, 57, 338, 0.762, 0.932),
    ),
    _densenet(
        201,
        N_("The largest DenseNet: over 200 layers, and still smaller than ResNet50."),
        "c13680b51ded0fb44dff2d8f86ac8bb1",
        74.8,
        Published(20_242_984, KERAS_PAGE, 80, 402, 0.773, 0.936),
    ),
)
