"""One-click remedies really mend what they are offered for."""

import pytest

from cnnstudio.project.layer_blocks import LSTM
from cnnstudio.project.layer_kinds import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.layer_remedies import remedies_for
from cnnstudio.project.layer_shapes import list_shapes

SHAPE = (8, 8, 3)
HUGE = (30_000, 30_000, 3)


def remedies(layers: LayerList, place: int) -> list[tuple[str, LayerList]]:
    (problem,) = list_shapes(layers, SHAPE)[place].problems
    return [(each.title, each.layers) for each in remedies_for(layers, place, problem)]


@pytest.mark.parametrize(
    ("layers", "titles"),
    [
        ((Conv2D(name="a"), Dense(name="b")), ["Insert Flatten", "Insert global average pooling"]),
        ((Conv2D(name="a"), Conv2D(name="b", kernel=9, padding="valid")), ["Use padding 'same'"]),
        ((Conv2D(name="a"), MaxPooling2D(name="b", size=9)), ["Use padding 'same'"]),
        ((Flatten(name="a"), Conv2D(name="b")), ["Move it there"]),
        ((LSTM(name="a"), LSTM(name="b")), ["Remove it"]),
        ((Flatten(name="a"), Dropout(name="b", whole_maps=True)), ["Leave out single numbers"]),
        ((Flatten(name="a"), GlobalMaxPooling2D(name="b")), ["Remove it"]),
        ((Flatten(name="a"), Flatten(name="b")), ["Remove it"]),
        ((Conv2D(name="a"), AveragePooling2D(name="b", size=1, strides=1)), ["Remove it"]),
        ((Conv2D(name="a"), Conv2D(name="a")), ["Give it another name"]),
        ((Conv2D(name="a"), Conv2D(name="a b")), ["Give it another name"]),
        ((Conv2D(name="a"), Conv2D(name="head_a")), ["Give it another name"]),
    ],
    ids=lambda each: each[0] if isinstance(each[0], str) else f"{each[0].kind} {each[1].kind}",
)
def test_a_remedy_leaves_nothing_of_the_problem(layers: LayerList, titles: list[str]) -> None:
    (problem,) = list_shapes(layers, SHAPE)[1].problems
    offered = remedies(layers, 1)
    assert [title for title, _ in offered] == titles
    kept = {layer.kind for layer in layers} - {layers[1].kind}
    for _, mended in offered:
        left = [each.kind for shape in list_shapes(mended, SHAPE) for each in shape.problems]
        assert problem.kind not in left
        assert kept <= {layer.kind for layer in mended}


def test_what_a_person_must_decide_has_no_remedy_of_one_click() -> None:
    layers: LayerList = (Flatten(name="a"), Dense(name="b", units=8192))
    (problem,) = list_shapes(layers, HUGE)[1].problems
    assert problem.kind == "layer_too_many_parameters"
    assert remedies_for(layers, 1, problem) == ()
