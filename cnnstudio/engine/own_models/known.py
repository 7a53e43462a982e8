"""Which network of ``keras.applications`` a model is: by its name, or by those of its layers."""

import re
from collections.abc import Sequence
from functools import cache

import keras

from cnnstudio.engine.networks.weightless import without_weights
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS

_LEAST_SHARE = 0.8
_LEAST_LAYERS = 5


def known_network(models: Sequence[str], layers: Sequence[str]) -> NetworkRow | None:
    """The network whose name one of the ``models`` has, else whose ``layers`` these are.

    Teachable Machine calls its MobileNet 'model1', but leaves the names of the layers.
    """
    rows = [row for row in NETWORKS if row.built_from == "application"]
    named = [row for row in rows if any(_is_called(name, row.builder) for name in models)]
    if named:
        return max(named, key=lambda row: len(row.builder))
    if len(layers) < _LEAST_LAYERS:
        return None
    names = {name.replace("/", "_") for name in layers}
    families: dict[str, NetworkRow] = {}
    for row in rows:
        known = sum(row.rule_of(name) is not None for name in names) / len(names)
        if known >= _LEAST_SHARE:
            families.setdefault(row.family, row)
    shares = {row.key: _share(names, row.builder) for row in families.values()}
    found = max(families.values(), key=lambda row: shares[row.key], default=None)
    return found if found is not None and shares[found.key] >= _LEAST_SHARE else None


def _is_called(name: str, builder: str) -> bool:
    """``mobilenetv2_0.35_96`` is MobileNetV2; ``resnet50_from_scratch`` is somebody's own."""
    whole, begin = _plain(name), _plain(builder)
    rest = whole.removeprefix(begin)
    return whole != rest and (not rest or rest.isdigit())


def _share(names: set[str], builder: str) -> float:
    """How many of ``names`` are layers of the network that Keras builds."""
    theirs = _layer_names(builder)
    return len(names & theirs) / len(names)


@cache
def _layer_names(builder: str) -> frozenset[str]:
    with without_weights():
        model = getattr(keras.applications, builder)(include_top=False, weights=None)
    return frozenset(layer.name.replace("/", "_") for layer in model.layers)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
