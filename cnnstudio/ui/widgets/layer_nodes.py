"""The rows of the freeze tree: stages, blocks and layers, with what is counted of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from cnnstudio.project.network_facts import BATCH_NORM, Group, LayerFacts, NetworkFacts
from cnnstudio.project.what_it_learns import (
    head_phrase,
    level_of,
    levels,
    phrases_where_they_change,
)
from cnnstudio.project.words import N_, say

Key = tuple[str, ...]


class State(Enum):
    """What training does to a row."""

    NOTHING = "nothing"
    """There is nothing in it to train: the input and its preprocessing."""
    FROZEN = "frozen"
    PARTLY = "partly"
    TRAINED = "trained"


@dataclass(eq=False)
class Node:
    """A stage or block (with children) or a layer.

    ``tickable`` counts the layers at or below it that a tick can reach, ``ticked`` those of them
    that are trained, ``kept`` the batch normalisations that stay frozen whatever is ticked.
    ``first`` is the place of its first layer in the network, ``key`` is equal for what stands at
    the same place of another network of the same kind.
    """

    title: str
    key: Key = ()
    parent: "Node | None" = None
    layer: LayerFacts | None = None
    children: list["Node"] = field(default_factory=list)
    row: int = 0
    first: int = 0
    count: int = 0
    parameters: int = 0
    shape: tuple[int, ...] = ()
    phrase: str = ""
    tickable: int = 0
    ticked: int = 0
    kept: int = 0

    @property
    def state(self) -> State:
        """Three states of a block, two of a layer, and that of what cannot be trained."""
        if not self.tickable:
            return State.FROZEN if self.kept else State.NOTHING
        if not self.ticked:
            return State.FROZEN
        return State.TRAINED if self.ticked == self.tickable else State.PARTLY

    @property
    def is_in_base(self) -> bool:
        """Whether it is, or begins with, a layer of the base."""
        leaf = next(self.below(), None)
        return leaf is not None and leaf.layer is not None and leaf.layer.part == "base"

    def below(self) -> Iterator["Node"]:
        """The layers at or below this node."""
        if self.layer is not None:
            yield self
        for child in self.children:
            yield from child.below()

    def and_above(self) -> Iterator["Node"]:
        """This node, what it stands in, and so on; without the root."""
        node: Node | None = self
        while node is not None and node.parent is not None:
            yield node
            node = node.parent

    def add(self, child: "Node") -> "Node":
        child.parent, child.row = self, len(self.children)
        self.children.append(child)
        return child


@dataclass(eq=False)
class LayerNodes:
    """All rows of one network, counted anew only where something changed."""

    root: Node = field(default_factory=lambda: Node(""))
    by_name: dict[str, Node] = field(default_factory=dict)

    def keep_batch_norm(self, kept: bool) -> None:
        """Whether the base's batch normalisations take no tick; forgets all ticks."""
        for node in self.all():
            node.tickable = node.ticked = node.kept = 0
        for leaf in self.by_name.values():
            assert leaf.layer is not None
            if leaf.layer.part == "input":
                continue
            is_kept = kept and leaf.layer.part == "base" and leaf.layer.type == BATCH_NORM
            for node in leaf.and_above():
                node.kept += is_kept
                node.tickable += not is_kept

    def tick(self, names: Iterable[str], ticked: bool) -> set[Node]:
        """Count ``names``, which were not ``ticked`` before; gives the nodes that changed."""
        step = 1 if ticked else -1
        changed: set[Node] = set()
        for name in names:
            leaf = self.by_name.get(name)
            if leaf is not None and leaf.tickable:
                for node in leaf.and_above():
                    node.ticked += step
                    changed.add(node)
        return changed

    def all(self) -> Iterator[Node]:
        """Every row, and the root."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.children


def nodes_of(facts: NetworkFacts, class_names: tuple[str, ...]) -> LayerNodes:
    """Rows in the network's order. Layers of one block share a parent, also where layers of a
    branch beside it come between them."""
    found = LayerNodes()
    groups: dict[Key, Node] = {}
    for place, layer in enumerate(facts.layers):
        parent = found.root
        for key, title in _way_to(layer):
            if key not in groups:
                groups[key] = parent.add(Node(title, key, first=place))
            parent = groups[key]
        leaf = parent.add(Node(layer.name, ("layer", layer.name), layer=layer, first=place))
        found.by_name[layer.name] = leaf
        for node in leaf.and_above():
            node.count += 1
            node.parameters += layer.parameters
            node.shape = layer.output_shape
    _say_what_is_learned(found.root, facts, class_names)
    found.keep_batch_norm(False)
    return found


def _way_to(layer: LayerFacts) -> Iterator[tuple[Key, str]]:
    """Key and title of everything that ``layer`` stands in, the outermost first."""
    match layer.part:
        case "input":
            yield ("input",), say(N_("Input"))
        case "head":
            yield ("head",), say(N_("Your head"))
        case _:
            key: Key = ("base",)
            for group in layer.groups:
                key = (*key, *group)
                yield key, group_words(group)


def group_words(group: Group) -> str:
    """The title of a stage or block in the chosen language."""
    title, value = group
    return say(title).replace("{0}", value)


def _say_what_is_learned(root: Node, facts: NetworkFacts, class_names: tuple[str, ...]) -> None:
    known = levels(facts)
    stages = [node for node in root.children if node.is_in_base]
    layers = [tuple(_layers_of(node)) for node in stages]
    said = -1
    for node, own, phrase in zip(
        stages, layers, phrases_where_they_change(layers, known), strict=True
    ):
        node.phrase = say(phrase) if phrase else ""
        blocks = [child for child in node.children if child.layer is None]
        inside = [tuple(_layers_of(block)) for block in blocks]
        # Of blocks that all say the same, their stage says it.
        if said >= 0 and blocks and level_of(inside[0], known) < level_of(own, known):
            inner = phrases_where_they_change(inside, known, said)
            for block, words in zip(blocks, inner, strict=True):
                block.phrase = say(words) if words else ""
        said = max(said, level_of(own, known) if said >= 0 else 0)
    for node in root.children:
        if node.key[0] == "head":
            node.phrase = head_phrase(class_names, facts.num_classes)


def _layers_of(node: Node) -> Iterator[LayerFacts]:
    return (leaf.layer for leaf in node.below() if leaf.layer is not None)
