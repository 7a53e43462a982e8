"""Rows of the networks from scratch, before anything is built."""

import pytest

from cnnstudio.project.layer_blocks import AuxiliaryClassifier
from cnnstudio.project.layer_kinds import LocalResponseNormalization
from cnnstudio.project.layer_shapes import fits, list_shapes
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import find_network
from cnnstudio.project.networks.classics import CLASSICS


def kinds_in(key: str, variant: str) -> set[type]:
    row = find_network(key)
    assert row is not None
    found = row.variant(variant)
    assert found is not None
    return {type(layer) for layer in found.layers}


@pytest.mark.parametrize("row", CLASSICS, ids=lambda row: row.key)
def test_every_variant_says_what_it_is_and_fits_at_every_size_offered(row: NetworkRow) -> None:
    assert row.built_from == "layers"
    keys = [variant.key for variant in row.variants]
    assert keys
    assert len(set(keys)) == len(keys)
    for variant in row.variants:
        assert variant.title
        assert variant.sentence.endswith(".")
        channels = 1 if row.colours == "grey" else 3
        for side in (row.smallest_size, row.usual_size):
            assert fits(list_shapes(variant.layers, (side, side, channels)))


@pytest.mark.parametrize("row", [row for row in CLASSICS if row.published], ids=lambda row: row.key)
def test_what_was_published_says_where(row: NetworkRow) -> None:
    assert row.published is not None
    assert row.published.source
    assert row.source
    assert 1998 <= row.year <= 2015


def test_named_choices_leave_out_what_they_say() -> None:
    assert LocalResponseNormalization in kinds_in("alexnet", "paper")
    for variant in ("without_normalisation", "today"):
        assert LocalResponseNormalization not in kinds_in("alexnet", variant)
    assert AuxiliaryClassifier in kinds_in("googlenet", "paper")
    assert AuxiliaryClassifier not in kinds_in("googlenet", "without_auxiliary")


def test_the_pretrained_networks_of_the_same_name_are_other_rows() -> None:
    for key in ("vgg16", "resnet50", "resnet101", "resnet152"):
        pretrained, scratch = find_network(key), find_network(f"{key}_from_scratch")
        assert pretrained is not None
        assert scratch is not None
        assert (pretrained.is_pretrained, scratch.is_pretrained) == (True, False)
