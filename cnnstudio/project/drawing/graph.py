"""The network as a graph: who feeds whom, where there is only one way, and which blocks there are.

A *cut* is a place behind which nothing needs what came before it except the output of one layer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cnnstudio.project.drawing.layer_signs import kind_of, letters_of
from cnnstudio.project.drawing.unnamed_joins import with_unnamed_joins
from cnnstudio.project.network_facts import Group, LayerFacts
from cnnstudio.project.words import N_, say

_LONG_TITLE = 12
_COUNTED = "Blocks {0}"
_BEGINS_A_BOX = ("conv", "pool", "dense", "input", "merge")


class Graph:
    """Layers in an order in which each comes after what feeds it.

    ``unnamed`` are the joins that are no layers, each by the layer that it follows.
    """

    def __init__(self, given: Sequence[LayerFacts]) -> None:
        layers, self.unnamed = with_unnamed_joins(given)
        self.inputs = _inputs(layers)
        by_name = {layer.name: layer for layer in layers}
        self.layers = [by_name[name] for name in _in_order(self.inputs)]
        self.by_name = by_name
        self.order = {layer.name: place for place, layer in enumerate(self.layers)}
        self.outputs: dict[str, list[str]] = {name: [] for name in by_name}
        for layer in self.layers:
            for name in self.inputs[layer.name]:
                self.outputs[name].append(layer.name)

    def pieces(self, names: Sequence[str]) -> list[list[str]]:
        """``names``, which are in order, divided at every cut."""
        inside = set(names)
        last_use: dict[str, int] = {}
        for place, name in enumerate(names):
            for source in self.inputs[name]:
                last_use[source] = place
        ends = {
            name: len(names)
            for name in names
            if any(output not in inside for output in self.outputs[name])
        }
        last_use |= ends
        entries = [source for source in last_use if source not in inside]
        ending: list[int] = [0] * (len(names) + 1)
        for place in last_use.values():
            ending[place] += 1
        alive = len(entries)
        found: list[list[str]] = [[]]
        for place, name in enumerate(names):
            found[-1].append(name)
            alive += (name in last_use) - ending[place]
            # A layer that nobody takes from, such as the very last one, is not waited for.
            only_this = alive == 1 and name in last_use
            if only_this or (alive == 0 and place == len(names) - 1):
                found.append([])
        return [piece for piece in found if piece]

    def components(self, names: Sequence[str]) -> list[list[str]]:
        """``names`` divided into those that hang together, each in order."""
        inside = set(names)
        found: list[list[str]] = []
        seen: set[str] = set()
        for name in names:
            if name in seen:
                continue
            part, stack = {name}, [name]
            while stack:
                here = stack.pop()
                for near in (*self.inputs[here], *self.outputs[here]):
                    if near in inside and near not in part:
                        part.add(near)
                        stack.append(near)
            seen |= part
            found.append(sorted(part, key=self.order.__getitem__))
        return found


@dataclass(frozen=True)
class Block:
    """Layers that one slab stands for. ``title`` is in full, with its stage where it has one,
    ``own_title`` without that, ``label`` as short as it goes.

    Blocks that follow each other with an equal ``run`` are told apart by their label alone.
    ``is_named`` says that somebody gave it its title.
    """

    title: str
    label: str
    layers: tuple[LayerFacts, ...]
    stage: str
    run: str
    own_title: str = ""
    is_named: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        """What comes out."""
        return self.layers[-1].output_shape

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of its layers and of the joins in it that are no layers."""
        return tuple(layer.name for layer in self.layers)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its layers."""
        return tuple(layer.name for layer in self.layers if layer.type)

    @property
    def parameters(self) -> int:
        """All weights in it."""
        return sum(layer.parameters for layer in self.layers)


def blocks_of(graph: Graph, whole_head: bool) -> list[Block]:
    """The blocks, in order: as the network's own structure names them, and where it names none,
    as its ways part and come together. The head's layers are blocks of their own unless
    ``whole_head``."""
    found: list[Block] = []
    for layers in _grouped(graph):
        first = layers[0]
        if first.part == "head" and whole_head:
            title = say(N_("Your head"))
            found.append(Block(title, title, tuple(layers), "", ""))
            continue
        if first.part == "input":
            title = say(N_("Input"))
            found.append(Block(title, title, tuple(layers), "", ""))
        elif first.part == "base" and first.groups:
            marked, value = first.groups[-1]
            own, stage = group_title(first.groups[-1]), _stage(first.groups)
            title = f"{stage} · {own}" if stage else own
            run = f"{first.groups[:-1]} {marked}" if value else ""
            found.append(Block(title, value or own, tuple(layers), stage, run, own))
        else:
            stage = say(N_("Your head")) if first.part == "head" else ""
            found += _by_structure(layers, graph, stage)
    return _with_runs_named(found)


def _with_runs_named(blocks: list[Block]) -> list[Block]:
    """Where several blocks with a long title follow each other, each bears its number only, and
    the title stands once below them all, as of a stage: 'Inception module 0–10'."""
    found: list[Block] = []
    for run, members in groupby(blocks, key=lambda block: block.run):
        same = list(members)
        if run and len(same) > 1 and not same[0].stage and len(same[0].own_title) > _LONG_TITLE:
            marked = same[0].layers[0].groups[-1][0]
            stage = group_title((marked, f"{same[0].label}–{same[-1].label}"))
            same = [replace(block, stage=stage, own_title=block.label) for block in same]
        found += same
    return found


def _stage(groups: Sequence[Group]) -> str:
    """The title of the stage; none where it only counts the blocks that are in it."""
    return "" if len(groups) < 2 or groups[0][0] == _COUNTED else group_title(groups[0])


def group_title(group: Group) -> str:
    """A group's title in the chosen language."""
    return say(group[0]).replace("{0}", group[1])


def _inputs(layers: Sequence[LayerFacts]) -> dict[str, tuple[str, ...]]:
    """Who feeds whom; where nothing is said of it at all, each layer the next one."""
    names = {layer.name for layer in layers}
    if any(layer.inputs for layer in layers):
        return {
            layer.name: tuple(name for name in layer.inputs if name in names) for layer in layers
        }
    before = ("", *(layer.name for layer in layers[:-1]))
    return {
        layer.name: (source,) if source else ()
        for source, layer in zip(before, layers, strict=True)
    }


def _in_order(inputs: dict[str, tuple[str, ...]]) -> list[str]:
    """Each after its inputs, otherwise as given."""
    done: dict[str, None] = {}
    for name in inputs:
        stack = [name]
        while stack:
            here = stack[-1]
            if here in done:
                stack.pop()
                continue
            missing = [source for source in inputs[here] if source not in done]
            if not missing or any(source in stack for source in missing):
                done[stack.pop()] = None
            else:
                stack += reversed(missing)
    return list(done)


def _grouped(graph: Graph) -> list[list[LayerFacts]]:
    """Layers by part and groups; those of one group together even where others stand between."""
    together: dict[object, list[LayerFacts]] = {}
    apart: list[list[LayerFacts]] = []
    last: object = None
    for layer in graph.layers:
        key = (layer.part, layer.groups)
        if key != last:
            apart.append([])
        apart[-1].append(layer)
        last = key
        named = bool(layer.groups) or layer.part != "base"
        together.setdefault(key if named else len(apart), []).append(layer)
    place = {layer.name: number for number, part in enumerate(together.values()) for layer in part}
    forward = all(
        place[source] <= place[layer.name]
        for layer in graph.layers
        for source in graph.inputs[layer.name]
    )
    return list(together.values()) if forward else apart


def _by_structure(layers: Sequence[LayerFacts], graph: Graph, stage: str) -> list[Block]:
    """A box for each place where ways part and join, and for each layer that changes the shape;
    what only follows it, such as a normalisation, is counted to it."""
    boxes: list[list[LayerFacts]] = []
    for piece in graph.pieces([layer.name for layer in layers]):
        found = [graph.by_name[name] for name in piece]
        is_own = len(found) > 1 or kind_of(found[0]) in _BEGINS_A_BOX
        changes = bool(boxes) and found[-1].output_shape != boxes[-1][-1].output_shape
        # A dropout before the first dense layer is counted to that.
        waits = len(boxes) == 1 and not any(kind_of(each) in _BEGINS_A_BOX for each in boxes[0])
        if not boxes or ((is_own or changes) and not waits):
            boxes.append(found)
        else:
            boxes[-1] += found
    return [Block(*_titles(box, stage), tuple(box), stage, "", "", bool(stage)) for box in boxes]


def _titles(layers: Sequence[LayerFacts], stage: str) -> tuple[str, str]:
    """In full and short: of the head what it does, of others the name of what is in it."""
    if stage:
        first = next((each for each in layers if kind_of(each) in _BEGINS_A_BOX), layers[0])
        word = say(N_("Output")) if first.name == "output" else letters_of(first)
        return word, word
    merges = [layer for layer in layers if kind_of(layer) == "merge"]
    name = (merges[-1] if merges else layers[0]).name
    return name, name
