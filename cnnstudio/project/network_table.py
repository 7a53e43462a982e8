"""The table of networks: one row each, read by the window, the commands and the engine.

A new network of ``keras.applications`` is a new row here and nothing else; one built by ourselves
also needs a builder under ``engine/networks``.
"""

import re
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.words import N_

Preprocessing = Literal["minus_one_to_one", "caffe"]

VALUES_WANTED: dict[Preprocessing, str] = {
    "minus_one_to_one": N_(
        "{network} wants values from −1 to 1. CNN Studio does that inside the model, so the "
        "exported model takes plain pixels from 0 to 255."
    ),
    "caffe": N_(
        "{network} wants blue, green and red, each less the mean of ImageNet. CNN Studio does "
        "that inside the model, so the exported model takes plain pixels from 0 to 255."
    ),
}
"""What a network wants of the pixels, in words."""

_KERAS_STORE = "https://storage.googleapis.com/tensorflow/keras-applications/"


@dataclass(frozen=True)
class WeightFiles:
    """The files of ImageNet weights without top, as Keras itself names them in its cache.

    ``name`` has ``{width}`` and ``{size}`` where the file depends on them; ``sizes`` are the input
    sizes for which there is a file (any of them serves any size), the usual one first.
    """

    name: str
    folder_address: str
    sizes: tuple[int, ...] = ()
    md5: str | None = None
    megabytes: float = 0.0

    def names(self, width: float, size: int) -> list[str]:
        """File names that would serve, the one that Keras would ask for first."""
        sizes = sorted(self.sizes, key=lambda each: each != size) or [0]
        return [self.name.format(width=float(width), size=each) for each in sizes]


@dataclass(frozen=True)
class BlockRule:
    """Layers whose name matches ``pattern`` form the block ``title`` ({0}: first group)."""

    pattern: str
    title: str


@dataclass(frozen=True)
class NetworkRow:
    """What is known of a network without building it."""

    key: str
    title: str
    sentence: str
    builder: str
    """``keras.applications`` name for a pretrained base, else our builder's name."""
    preprocessing: Preprocessing
    usual_size: int
    smallest_size: int
    blocks: tuple[BlockRule, ...]
    widths: tuple[float, ...] = (1.0,)
    weights: WeightFiles | None = None
    source: str = ""

    @property
    def is_pretrained(self) -> bool:
        """Whether Keras has ImageNet weights for it."""
        return self.weights is not None

    def block_of(self, layer_name: str) -> tuple[str, str]:
        """Marked title of the block that ``layer_name`` belongs to, and the value in it."""
        for rule in self.blocks:
            if found := re.match(rule.pattern, layer_name):
                return rule.title, (found.group(1) if found.groups() else "")
        return "", ""


NETWORKS: tuple[NetworkRow, ...] = (
    NetworkRow(
        key="small_cnn",
        title="Small CNN",
        sentence=N_(
            "Learns from nothing but your pictures. Quick, and enough for simple shapes, digits "
            "and drawings."
        ),
        builder="small_cnn",
        preprocessing="minus_one_to_one",
        usual_size=96,
        smallest_size=16,
        blocks=(BlockRule(r"block(\d+)_", N_("Block {0}")),),
    ),
    NetworkRow(
        key="mobilenet_v2",
        title="MobileNetV2",
        sentence=N_(
            "Already knows 1.2 million photographs. Small and fast: the best start for photos."
        ),
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
        builder="VGG16",
        preprocessing="caffe",
        usual_size=224,
        smallest_size=32,
        blocks=(BlockRule(r"block(\d+)_", N_("Block {0}")),),
        weights=WeightFiles(
            name="vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
            folder_address=_KERAS_STORE + "vgg16/",
            md5="6d6bbae143d832006294945121d1f1fc",
            megabytes=58.9,
        ),
        source="Simonyan, Zisserman 2014, arXiv:1409.1556",
    ),
)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def find_network(name: str) -> NetworkRow | None:
    """The row called ``name``, whether as key or title, in any spelling of case and hyphens."""
    wanted = _plain(name)
    return next((row for row in NETWORKS if wanted in (_plain(row.key), _plain(row.title))), None)


def network_row(plan: NetworkPlan) -> NetworkRow:
    """The row of the plan's base.

    Raises:
        KeyError: if there is none; ``checks.problems_of`` reports that beforehand.
    """
    row = find_network(plan.base)
    if row is None:
        raise KeyError(plan.base)
    return row


def choose_base(
    network: NetworkPlan, pictures: PicturesPlan, row: NetworkRow
) -> tuple[NetworkPlan, PicturesPlan]:
    """Both chapters with ``row`` as base: ticks forgotten, width fitting, pictures of its size."""
    width = network.width if network.width in row.widths else 1.0
    return (
        network.model_copy(
            update={"base": row.key, "width": width, "trained_layers": None, "train_last": 0}
        ),
        pictures.model_copy(update={"size": row.usual_size}),
    )
