"""The table of networks, read by the window, the commands and the engine.

The rows stand by family in ``project/networks/``. A network of ``keras.applications`` is a row and
nothing else; one from scratch is a row with its list of layers.
"""

import difflib
import re

from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.network import OWN_LAYERS, NetworkPlan
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.networks.classics import CLASSICS
from cnnstudio.project.networks.keras_applications import KERAS_APPLICATIONS
from cnnstudio.project.networks.own import OWN
from cnnstudio.project.pictures import PicturesPlan

NETWORKS: tuple[NetworkRow, ...] = (*CLASSICS, *KERAS_APPLICATIONS, *OWN)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_BY_NAME = {_plain(name): row for row in NETWORKS for name in (row.title, row.key)}


def find_network(name: str) -> NetworkRow | None:
    """The row called ``name``, whether as key or title, in any spelling of case and hyphens."""
    return _BY_NAME.get(_plain(name))


def nearest_network(name: str) -> NetworkRow:
    """The row whose key is most like ``name``; of equally near ones the first of the table, which
    is the smaller of a family."""
    asked = difflib.SequenceMatcher(b=name.lower())

    def likeness(row: NetworkRow) -> float:
        asked.set_seq1(row.key)
        return asked.ratio()

    return max(NETWORKS, key=likeness)


def network_row(plan: NetworkPlan) -> NetworkRow:
    """The row of the plan's base.

    Raises:
        KeyError: if there is none; ``checks.problems_of`` reports that beforehand.
    """
    row = find_network(plan.base)
    if row is None:
        raise KeyError(plan.base)
    return row


def sees_grey(plan: NetworkPlan) -> bool:
    """Whether the plan's base is given brightness alone, of one channel, instead of RGB.

    A model file says itself what it takes.

    Raises:
        KeyError: if there is no such base.
    """
    row = network_row(plan)
    colours = row.colours if plan.colours == "automatic" else plan.colours
    return colours == "grey" and row.built_from != "own_model"


def layers_of(plan: NetworkPlan) -> LayerList:
    """The list of layers that the plan's base is made of; none where it is made otherwise.

    Raises:
        KeyError: if there is no such base.
    """
    row = network_row(plan)
    if row.built_from == "own_layers":
        return plan.layers
    variant = row.variant(plan.variant)
    return variant.layers if variant is not None else ()


def choose_base(
    network: NetworkPlan, pictures: PicturesPlan, row: NetworkRow, variant: str = ""
) -> tuple[NetworkPlan, PicturesPlan]:
    """Both chapters with ``row`` as base: ticks forgotten, width fitting, pictures of its size.

    A network from scratch brings the head that it was made with; under a pretrained one the head
    stays that was chosen, unless it came with the network before.
    """
    chosen = row.variant(variant)
    before = find_network(network.base)
    head = chosen.head if chosen is not None else row.head
    comes_with_head = bool(row.variants) or (before is not None and bool(before.variants))
    update: dict[str, object] = {
        "base": row.key,
        "variant": variant,
        "width": network.width if network.width in row.widths else 1.0,
        "colours": "automatic",
    }
    if comes_with_head:
        update |= {"pooling": head.pooling, "dense": head.dense, "dropout": head.dropout}
    return (
        network.without_freezing().model_copy(update=update | {"weights": "imagenet"}),
        pictures.model_copy(update={"size": row.usual_size}),
    )


def with_own_layers(network: NetworkPlan, layers: LayerList) -> NetworkPlan:
    """``network`` with ``layers`` as its base, all trained; its head and colours stay."""
    return network.without_freezing().model_copy(
        update={
            "base": OWN_LAYERS,
            "variant": "",
            "width": 1.0,
            "layers": layers,
            "colours": "grey" if sees_grey(network) else "automatic",
        }
    )
