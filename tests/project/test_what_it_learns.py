"""What layers learn to see, and which blocks form a stage."""

import itertools

import pytest

from cnnstudio.project.layer_stages import with_stages
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.what_it_learns import (
    PHRASES,
    head_phrase,
    levels,
    phrases_where_they_change,
)
from tests.sample_networks import pretrained_facts


def _plain(*sides: int) -> NetworkFacts:
    layers = [LayerFacts("picture", "InputLayer", (sides[0], sides[0], 3), 0, 0, "input")]
    layers += [
        LayerFacts(f"conv{number}", "Conv2D", (side, side, 8), 1, 1, "base")
        for number, side in enumerate(sides, start=1)
    ]
    return NetworkFacts(tuple(layers), 2, "softmax")


def test_five_halvings_go_from_edges_to_whole_objects() -> None:
    found = levels(_plain(224, 112, 56, 28, 14))
    assert [found[f"conv{number}"] for number in range(1, 6)] == [0, 1, 2, 3, 4]


def test_later_layers_never_see_less() -> None:
    found = list(levels(pretrained_facts((3, 4, 6, 3))).values())
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, len(PHRASES) - 1)


def test_whole_objects_need_the_smallest_maps() -> None:
    found = levels(_plain(32, 16, 8, *[8] * 20, 4))
    assert max(found[f"conv{number}"] for number in range(1, 24)) == 3
    assert found["conv24"] == 4


def test_a_base_without_convolutions_is_said_nothing_of() -> None:
    layers = (
        LayerFacts("picture", "InputLayer", (28, 28, 3), 0, 0, "input"),
        LayerFacts("dense", "Dense", (512,), 9, 9, "base"),
    )
    assert levels(NetworkFacts(layers, 2, "softmax")) == {}


def test_a_phrase_is_said_once_and_the_first_row_finds_edges() -> None:
    facts = _plain(224, 112, 112, 56, 28, 14, 14)
    base = facts.base_layers
    known = levels(facts)
    rows = [base[:2], base[2:3], base[3:5], base[5:]]
    said = phrases_where_they_change(rows, known)
    assert said[0] == PHRASES[0]
    heard = [each for each in said if each]
    assert len(heard) == len(set(heard))
    assert [PHRASES.index(each) for each in heard] == sorted(map(PHRASES.index, heard))
    assert phrases_where_they_change([()], known) == [""]


@pytest.mark.parametrize(
    ("names", "count", "expected"),
    [
        (("cat", "dog"), 2, "cat or dog"),
        (("a", "b", "c"), 3, "a, b or c"),
        (("a", "b", "c", "d"), 4, "which of 4 classes"),
        ((), 2, "which of 2 classes"),
    ],
)
def test_the_head_tells_classes_apart(names: tuple[str, ...], count: int, expected: str) -> None:
    assert head_phrase(names, count) == expected


def test_neighbouring_blocks_of_one_size_form_a_stage() -> None:
    blocks = [(("Stem", ""),), *((("Block {0}", str(n)),) for n in (1, 2, 3, 3, 4))]
    shapes = [(32, 32, 8), (16, 16, 8), (16, 16, 12), (16, 16, 16), (8, 8, 16), (8, 8, 24)]
    # Block 3 begins at 16 and gives 8: it belongs to what it gives.
    found = with_stages(blocks, shapes)
    first, second = ("Blocks {0}", "1–2"), ("Blocks {0}", "3–4")
    assert [groups[0] for groups in found] == [("Stem", ""), first, first, second, second, second]
    assert found[1] == (first, ("Block {0}", "1"))


def test_a_block_alone_at_its_size_and_a_stage_of_the_table_stay_as_they_are() -> None:
    named = (("Stage {0}", "2"), ("Block {0}", "1"))
    groups = [(("Block {0}", "1"),), (("Block {0}", "2"),), named, named, ()]
    shapes = [(8, 8, 1), (4, 4, 1), (4, 4, 1), (4, 4, 2), (9,)]
    assert with_stages(groups, shapes) == groups


def test_a_second_convolution_sees_no_more_than_the_second_of_five() -> None:
    found = levels(_plain(28, 10))
    assert found == {"conv1": 0, "conv2": 1}


def test_a_convolution_that_halves_is_judged_by_what_it_looks_at() -> None:
    layers = _plain(64, 32, 16, 8, 4).layers
    with_inputs = [
        type(layer)(**(vars(layer) | {"inputs": (before.name,)}))
        for before, layer in itertools.pairwise(layers)
    ]
    facts = NetworkFacts((layers[0], *with_inputs), 2, "softmax")
    last, halving = facts.layers[-1].name, levels(facts)
    assert halving[last] == 4
    assert halving["conv4"] == 3
