"""The layout of a drawing: every layer in its place, to scale, with the lines between."""

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cnnstudio.project.drawing.inks import Ink, print_palette
from cnnstudio.project.drawing.layout import best_row_width, layout
from cnnstudio.project.drawing.legend import legend
from cnnstudio.project.drawing.picture import as_svg, box_words, page
from cnnstudio.project.drawing.sizes import elided, short_number, text_width
from cnnstudio.project.drawing.states import state_of
from cnnstudio.project.drawing.svg import rounded_path
from cnnstudio.project.drawing.values import Box, Drawing, Level, Rect
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from tests.project.drawn_networks import block, branching, layer, network, residual, straight

NETWORKS = {"straight": straight(), "residual": residual(), "branching": branching()}
SVG = "{http://www.w3.org/2000/svg}"


def box_of(drawing: Drawing, name: str) -> Box:
    """The box of a layer; the join that may follow it, and is no layer, stands to its right."""
    return min((box for box in drawing.boxes if name in box.layers), key=lambda box: box.x)


def overlap(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def by_name(facts: NetworkFacts) -> dict[str, LayerFacts]:
    return {each.name: each for each in facts.layers}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("level", ["blocks", "layers"])
@pytest.mark.parametrize("row_width", [None, 300.0])
def test_every_layer_is_in_one_box_and_no_boxes_overlap(
    name: str, level: Level, row_width: float | None
) -> None:
    facts = NETWORKS[name]
    drawing = layout(facts, level, row_width=row_width)
    names = [each for box in drawing.boxes for each in box.layers]
    assert sorted(names) == sorted(each.name for each in facts.layers)
    assert not [pair for pair in combinations(drawing.boxes, 2) if overlap(*pair)]
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= drawing.width
        assert box.bottom <= drawing.height


@pytest.mark.parametrize("name", NETWORKS)
def test_each_layer_stands_right_of_what_feeds_it(name: str) -> None:
    facts = NETWORKS[name]
    drawing = layout(facts, "layers")
    for each in facts.layers:
        for source in each.inputs:
            assert box_of(drawing, source).right < box_of(drawing, each.name).x


@pytest.mark.parametrize("name", NETWORKS)
def test_no_line_ends_in_the_void(name: str) -> None:
    """Every line begins and ends at a box, at a sign, or on another line that is forked."""
    drawing = layout(NETWORKS[name], "layers")
    edges = [(box.right, box.middle[1]) for box in drawing.boxes]
    edges += [(box.x, box.middle[1]) for box in drawing.boxes]
    edges += [(box.middle[0], box.y) for box in drawing.boxes]
    corners = [point for link in drawing.links for point in link.points[1:-1]]
    for link in drawing.links:
        assert link.points[0] in (*edges, *drawing.forks, *corners)
        assert link.points[-1] in edges


def test_maps_shrink_and_deepen_as_they_do_in_the_network() -> None:
    drawing = layout(straight(), "blocks")
    plates = [plate for box in drawing.boxes for plate in box.plates if plate.depth]
    convolutions = [plate for plate in plates if plate.kind == "conv"]
    first, second = convolutions
    assert first.height / second.height == pytest.approx((32 / 16) ** 0.5)
    assert second.width / first.width == pytest.approx((64 / 16) ** 0.5, rel=0.6)
    assert second.width > first.width
    assert [plate.kind for plate in plates if plate.kind == "pool"] == ["pool", "pool"]


def test_a_block_tells_its_shape_and_parameters() -> None:
    facts = straight()
    drawing = layout(facts, "blocks")
    first = box_of(drawing, "a_conv")
    assert first.layers == ("a_conv", "a_bn", "a_pool")
    assert (first.title, first.shape, first.parameters) == ("Block 1", (16, 16, 16), 20)
    assert {"16 × 16", "8 × 8", "Your head"} <= {each.text for each in drawing.brackets}
    assert {"16", "64", "20"} <= {each.text for each in drawing.notes}
    words = box_words(first, by_name(facts), "partly")
    assert words == "Block 1: 3 layers, 16 × 16 × 16, 20 parameters, partly trained"


def test_a_closed_residual_block_shows_the_way_past_it_and_the_sum() -> None:
    drawing = layout(residual(), "blocks")
    assert [merge.sign for merge in drawing.merges] == ["add", "add"]
    ways = [link for link in drawing.links if link.kind == "skip"]
    for way, name in zip(ways, ("a_conv1", "b_conv1"), strict=True):
        passed = box_of(drawing, name)
        assert way.points[0][0] < passed.x
        assert way.points[-1][0] > passed.right
        assert min(y for _, y in way.points) < passed.y


def test_among_layers_a_way_past_them_begins_at_a_fork_and_ends_in_the_sum() -> None:
    drawing = layout(residual(), "layers")
    total = box_of(drawing, "b_add")
    (way,) = [link for link in drawing.links if link.kind == "skip"]
    assert way.points[0] in drawing.forks
    assert way.points[-1] == (total.middle[0], total.y)
    assert (total.form, total.sign) == ("merge", "add")
    over = [box_of(drawing, "b_conv1"), box_of(drawing, "b_conv2")]
    assert all(min(y for _, y in way.points) < box.y for box in over)


def test_the_longer_of_two_ways_stays_on_the_line_and_the_other_runs_beside_it() -> None:
    facts = residual()
    drawing = layout(facts, "layers")
    line = box_of(drawing, "in").middle[1]
    assert box_of(drawing, "a_conv2").middle[1] == line
    assert box_of(drawing, "a_add").middle[1] == line
    assert box_of(drawing, "a_side_conv").bottom < box_of(drawing, "a_conv1").y


def test_branches_run_in_lanes_and_come_together() -> None:
    drawing = layout(branching(), "layers")
    lanes = {name: box_of(drawing, name).middle[1] for name in ("a_conv", "b_conv1", "c_pool")}
    assert len(set(lanes.values())) == 3
    assert box_of(drawing, "c_conv").middle[1] == lanes["c_pool"]
    inner = {box_of(drawing, name).middle[1] for name in ("b_conv2", "b_conv3")}
    assert len(inner) == 2
    assert box_of(drawing, "b_cat").middle[1] == lanes["b_conv1"]
    assert box_of(drawing, "all_cat").sign == "stack"
    assert any(link.kind == "branch" for link in drawing.links)


def test_a_closed_block_of_branches_is_striped_by_their_channels() -> None:
    drawing = layout(branching(), "blocks")
    assert box_of(drawing, "all_cat").shares == (0.3, 0.3, 0.4)


def test_an_opened_block_shows_its_layers_between_the_closed_ones() -> None:
    number = box_of(layout(residual(), "blocks"), "b_conv1").block
    drawing = layout(residual(), "blocks", frozenset({number}))
    (frame,) = drawing.frames
    assert frame.title == "Block 2"
    assert frame.layers == ("b_conv1", "b_conv2", "b_add")
    inside = [box for box in drawing.boxes if box.block == number]
    assert [box.layers for box in inside] == [("b_conv1",), ("b_conv2",), ("b_add",)]
    assert all(frame.x < box.x and box.right < frame.right for box in inside)
    assert box_of(drawing, "a_conv1").form == "slab"


def test_lines_end_before_they_become_too_wide_and_go_on_below() -> None:
    facts = residual()
    narrow = layout(facts, "layers", row_width=450.0)
    assert narrow.width < layout(facts, "layers").width
    assert box_of(narrow, "b_conv1").y > box_of(narrow, "a_add").bottom
    assert box_of(narrow, "b_conv1").x < box_of(narrow, "a_add").x
    wide = best_row_width(facts, "layers", frozenset(), 2000, 200)
    tall = best_row_width(facts, "layers", frozenset(), 400, 800)
    assert wide > tall


def test_without_named_blocks_the_structure_makes_them() -> None:
    facts = branching()
    nameless = replace(facts, layers=tuple(replace(each, groups=()) for each in facts.layers))
    drawing = layout(nameless, "blocks")
    assert [box.title for box in drawing.boxes][:3] == ["Input", "stem_conv", "all_cat"]
    assert box_of(drawing, "b_conv2").layers[-1] == "all_cat"


def test_a_normalisation_belongs_to_the_convolution_before_it() -> None:
    facts = network(
        layer("in", (8, 8, 3), part="input"),
        layer("one_conv", (8, 8, 4), "in"),
        layer("one_bn", (8, 8, 4), "one_conv"),
        layer("one_pool", (4, 4, 4), "one_bn"),
    )
    drawing = layout(facts, "blocks")
    assert [box.layers for box in drawing.boxes][1:3] == [("one_conv", "one_bn"), ("one_pool",)]


def test_layers_of_a_block_stay_together_where_others_stand_between() -> None:
    facts = network(
        layer("in", (8, 8, 3), part="input"),
        layer("a_conv", (8, 8, 4), "in", block(1)),
        layer("b_conv", (8, 8, 4), "a_conv", block(2)),
        layer("a_conv2", (8, 8, 4), "a_conv", block(1)),
        layer("b_add", (8, 8, 4), "b_conv a_conv2", block(2)),
    )
    drawing = layout(facts, "blocks")
    assert [box.layers for box in drawing.boxes][1:3] == [
        ("a_conv", "a_conv2"),
        ("b_conv", "b_add"),
    ]


def test_facts_that_do_not_say_who_feeds_whom_are_one_straight_way() -> None:
    facts = straight()
    silent = replace(facts, layers=tuple(replace(each, inputs=()) for each in facts.layers))
    assert layout(silent, "layers") == layout(facts, "layers")


def test_outputs_that_are_joined_without_a_layer_show_the_way_past_the_block() -> None:
    """As in ConvNeXt, which adds with a plain ``+``: a convolution takes two outputs, or three."""
    facts = network(
        layer("in", (8, 8, 3), part="input"),
        layer("stem_conv", (8, 8, 4), "in", block("stem")),
        layer("a_conv", (8, 8, 4), "stem_conv", block(1)),
        layer("b_conv", (8, 8, 4), "stem_conv a_conv", block(2)),
        replace(layer("c_conv", (8, 8, 4), "stem_conv a_conv b_conv", block(3)), type="Sequential"),
    )
    closed = layout(facts, "blocks")
    assert [merge.sign for merge in closed.merges] == ["other", "other"]
    assert len([link for link in closed.links if link.kind == "skip"]) == 2
    assert [box.layers for box in closed.boxes][2:4] == [("a_conv",), ("b_conv",)]
    opened = layout(facts, "layers")
    (join,) = [box for box in opened.boxes if "b_conv" in box.layers and box.form == "merge"]
    ends = [link.points[-1] for link in opened.links if link.kind == "skip"]
    assert (join.middle[0], join.y) in ends
    assert join.x > box_of(opened, "b_conv").right


def test_a_multiplication_of_one_output_is_no_place_where_ways_meet() -> None:
    """The engine shows a layer made of several operations, such as AlexNet's, by the last one."""
    lone = replace(layer("norm_add", (8, 8, 4), "a_conv", block(1)), type="Multiply")
    facts = network(
        layer("in", (8, 8, 3), part="input"), layer("a_conv", (8, 8, 4), "in", block(1)), lone
    )
    assert box_of(layout(facts, "layers"), "norm_add").form == "chip"
    assert not layout(facts, "blocks").merges


def test_a_dropout_before_the_first_dense_layer_is_counted_to_it() -> None:
    facts = straight()
    drop = LayerFacts("head_drop", "Dropout", (8, 8, 64), 0, 0, "head", (), ("b_pool",))
    dense = LayerFacts("output", "Dense", (2,), 9, 9, "head", (), ("head_drop",))
    drawing = layout(replace(facts, layers=(*facts.layers[:-2], drop, dense)), "blocks")
    assert (drawing.boxes[-1].layers, drawing.boxes[-1].title) == (
        ("head_drop", "output"),
        "Output",
    )


def test_blocks_with_a_long_title_bear_their_number_and_the_title_stands_once_below() -> None:
    groups = [(("Inception module {0}", str(number)),) for number in (1, 2)]
    facts = network(
        layer("in", (8, 8, 3), part="input"),
        layer("a_conv", (8, 8, 4), "in", groups[0]),
        layer("b_conv", (8, 8, 4), "a_conv", groups[1]),
    )
    drawing = layout(facts, "blocks")
    assert [box.label for box in drawing.boxes][1:3] == ["1", "2"]
    assert [box.title for box in drawing.boxes][1:3] == [
        "Inception module 1",
        "Inception module 2",
    ]
    assert "Inception module 1–2" in {each.text for each in drawing.brackets}


@given(some.data())
@settings(max_examples=60, deadline=None)
def test_any_network_finds_room(data: some.DataObject) -> None:
    """Whatever feeds what: each layer is there once, right of its sources, over no other."""
    layers = [layer("in", (8, 8, 3), part="input")]
    for number in range(data.draw(some.integers(1, 12))):
        sources = data.draw(
            some.lists(some.sampled_from(layers), min_size=1, max_size=3, unique=True)
        )
        kind = data.draw(some.sampled_from(["conv", "relu", "add", "cat"]))
        feeding = " ".join(each.name for each in sources)
        layers.append(layer(f"l{number}_{kind}", (8, 8, 4), feeding))
    facts = network(*layers)
    drawing = layout(facts, "layers")
    named = {each for box in drawing.boxes for each in box.layers}
    assert named == {each.name for each in facts.layers}
    assert not [pair for pair in combinations(drawing.boxes, 2) if overlap(*pair)]
    for each in facts.layers:
        for source in each.inputs:
            assert box_of(drawing, source).right < box_of(drawing, each.name).x


def test_a_block_is_frozen_trained_or_partly_so_by_its_weights() -> None:
    layers = by_name(straight())
    names = ("a_conv", "a_bn", "a_pool")
    assert state_of(names, layers, frozenset()) == "frozen"
    assert state_of(names, layers, frozenset({"a_conv"})) == "trained"  # The norm may stay frozen.
    assert state_of(("a_conv", "b_conv"), layers, frozenset({"b_conv"})) == "partly"
    assert state_of(("a_bn",), layers, frozenset({"a_bn"})) == "trained"
    assert state_of(("a_pool",), layers, frozenset({"a_pool"})) == "plain"
    assert state_of(("in",), layers, frozenset({"in"})) == "plain"


def test_the_svg_is_well_formed_names_every_box_and_keeps_to_its_page() -> None:
    facts = straight()
    drawing = layout(facts, "blocks")
    text = as_svg("A & <B>\x00", drawing, by_name(facts), frozenset(), print_palette)
    root = ElementTree.fromstring(text)
    assert root.find(f"{SVG}title").text == "A & <B>"  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc") is not None
    _, _, width, height = map(float, root.get("viewBox", "").split())
    _, page_width, page_height = page(drawing, by_name(facts), frozenset())
    assert (width, height) == (round(page_width), round(page_height))
    told = [each.text for each in root.iter(f"{SVG}title")]
    assert any("Block 1: 3 layers" in (each or "") for each in told)
    texts = {each.text for each in root.iter(f"{SVG}text")}
    assert {"Block 1", "16 × 16", "frozen: stays as it is"} <= texts
    for each in root.iter(f"{SVG}text"):
        assert 0 <= float(each.get("x", "-1")) <= width
        assert 0 <= float(each.get("y", "-1")) <= height


def test_what_is_frozen_is_icy_and_bears_a_snowflake_in_the_svg() -> None:
    facts = straight()
    drawing = layout(facts, "blocks")

    def written(trained: frozenset[str]) -> list[ElementTree.Element]:
        text = as_svg("", drawing, by_name(facts), trained, print_palette)
        groups = ElementTree.fromstring(text).findall(f"{SVG}g")
        (found,) = [each for each in groups if "Block 2" in (each.find(f"{SVG}title").text or "")]  # type: ignore[union-attr]
        return list(found)

    def has(shapes: list[ElementTree.Element], attribute: str, token: str) -> int:
        return sum(each.get(attribute) == print_palette(token) for each in shapes)

    frozen, trained = written(frozenset()), written(frozenset({"b_conv"}))
    assert has(frozen, "fill", "frozen_soft") >= 2
    assert has(frozen, "stroke", "frozen") == 5  # the five lines of the snowflake
    assert has(trained, "fill", "frozen_soft") == 0
    assert has(trained, "stroke", "frozen") == 0
    assert has(trained, "stroke", "accent") >= 3


def test_the_legend_explains_what_there_is_and_breaks_its_lines() -> None:
    def words(drawing: Drawing, width: float = 2000) -> list[str]:
        return [each.text for each in legend(drawing, width).shapes if hasattr(each, "text")]

    assert "added" not in words(layout(straight(), "blocks"))
    assert "pooling" in words(layout(straight(), "blocks"))
    assert {"added", "skip: a way past layers"} <= set(words(layout(residual(), "blocks")))
    assert "stripes: branches side by side" in words(layout(branching(), "blocks"))
    assert "channels stacked" in words(layout(branching(), "layers"))
    drawing = layout(residual(), "blocks")
    assert legend(drawing, 300).height > legend(drawing, 2000).height


def test_numbers_and_words_are_kept_short() -> None:
    counts = (0, 864, 1_000, 66_624, 999_499, 999_500, 1_234_567, 138_357_544)
    shown = ["0", "864", "1.0 K", "67 K", "999 K", "1.0 M", "1.2 M", "138 M"]
    assert [short_number(count) for count in counts] == shown
    assert elided("short", 12, 100) == "short"
    cut = elided("a very long name of a layer", 12, 100)
    assert cut.endswith("…")
    assert text_width(cut, 12) <= 100
    assert text_width("층", 12) > text_width("a", 12)


def test_inks_mix_two_colours() -> None:
    palette = {"a": "#000000", "b": "#FF8000"}.__getitem__
    assert Ink("b").colour(palette) == "#FF8000"
    assert Ink("a", "b", 0.5).colour(palette) == "#804000"


def test_corners_are_rounded_but_never_beyond_half_of_a_side() -> None:
    points = ((0.0, 0.0), (10.0, 0.0), (10.0, 4.0))
    assert rounded_path(points, 6, is_closed=False) == [
        [(0.0, 0.0)],
        [(5.0, 0.0)],
        [(10.0, 0.0), (10.0, 2.0)],
        [(10.0, 4.0)],
    ]
    assert rounded_path(points, 0, is_closed=False) == [[point] for point in points]
