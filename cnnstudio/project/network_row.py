"""What is known of a network without building it: one row of the table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cnnstudio.project.dense_layers import DenseLayer
from cnnstudio.project.layer_list import LayerList
from cnnstudio.project.network import Pooling
from cnnstudio.project.words import N_

Preprocessing = Literal["minus_one_to_one", "zero_to_one", "caffe", "torch", "none"]

VALUES_WANTED: dict[Preprocessing, str] = {
    "minus_one_to_one": N_(
        "{network} wants values from −1 to 1. CNN Studio does that inside the model, so the "
        "exported model takes plain pixels from 0 to 255."
    ),
    "zero_to_one": N_(
        "{network} wants values from 0 to 1. CNN Studio does that inside the model, so the "
        "exported model takes plain pixels from 0 to 255."
    ),
    "caffe": N_(
        "{network} wants blue, green and red, each less the mean of ImageNet. CNN Studio does "
        "that inside the model, so the exported model takes plain pixels from 0 to 255."
    ),
    "torch": N_(
        "{network} wants values from 0 to 1, each colour less ImageNet's mean and divided by its "
        "spread. CNN Studio does that inside the model, so the exported model takes plain pixels "
        "from 0 to 255."
    ),
    "none": N_("{network} takes plain pixels from 0 to 255 and does the rest inside."),
}
"""What a network wants of the pixels, in words."""

Group = tuple[str, str]
"""The marked title of a stage or block, and what fills its ``{0}``."""

BuiltFrom = Literal["application", "layers", "own_layers", "own_model"]


@dataclass(frozen=True)
class WeightFiles:
    """The files of ImageNet weights without top, as Keras itself names them in its cache.

    ``name`` has ``{width}`` and ``{size}`` where the file depends on them; ``sizes`` are the input
    sizes for which there is a file (any of them serves any size), the usual one first.
    ``width_names`` is how a width is written in the name where not as a plain number. ``md5`` is
    by file name, for those whose checksum Keras publishes; one of 64 digits is a SHA-256.
    ``megabytes`` is of the usual file, as it comes from Keras' server.
    ``server_names`` is by file name, for those that Keras' server calls otherwise.
    """

    name: str
    folder_address: str
    sizes: tuple[int, ...] = ()
    md5: Mapping[str, str] = field(default_factory=dict)
    megabytes: float = 0.0
    width_names: Mapping[float, str] = field(default_factory=dict)
    server_names: Mapping[str, str] = field(default_factory=dict)

    def names(self, width: float, size: int) -> list[str]:
        """File names that would serve, the one that Keras would ask for first."""
        sizes = sorted(self.sizes, key=lambda each: each != size) or [0]
        written = self.width_names.get(width, str(float(width)))
        return [self.name.format(width=written, size=each) for each in sizes]

    def server_name(self, name: str) -> str:
        """What the file ``name`` is called below ``folder_address``."""
        return self.server_names.get(name, name)


@dataclass(frozen=True)
class BlockRule:
    """Layers whose name matches ``pattern`` form the block ``title``.

    ``{0}`` of the title is the first group of the pattern that is not called ``stage``. With
    ``stage``, the block is part of a stage of that title ({0}: the group called ``stage``);
    without, blocks whose maps have one size form a stage together.

    A rule that ``closes`` is for networks whose layers are only numbered: its pattern names the
    block's last layer, and all layers before it that no other rule knows are in the block too,
    back to the block closed before.
    """

    pattern: str
    title: str
    stage: str = ""
    closes: bool = False

    def groups(self, match: "re.Match[str]") -> "tuple[Group, ...]":
        """Stage (where the rule names one) and block of a layer whose name matched."""
        named = match.re.groupindex.get("stage")
        values = [match.group(n) for n in range(1, match.re.groups + 1) if n != named]
        block = (self.title, (values[0] or "") if values else "")
        if not self.stage:
            return (block,)
        return (self.stage, (match.group("stage") or "") if named else ""), block


@dataclass(frozen=True)
class Published:
    """What was published of a network with its ImageNet top of 1,000 classes.

    ``parameters`` counts all weights, to the last one also where they were published in millions;
    ``megabytes`` is the size of its weights file, ``depth`` as Keras counts it, ``top_1`` and
    ``top_5`` are shares from 0 to 1 of ImageNet's validation pictures; None where nobody published
    it. ``source`` says who did.
    """

    parameters: int
    source: str
    megabytes: float | None = None
    depth: int | None = None
    top_1: float | None = None
    top_5: float | None = None


@dataclass(frozen=True)
class Head:
    """The head that comes with a network; a person may change it."""

    pooling: Pooling = "average"
    dense: tuple[DenseLayer, ...] = ()
    dropout: float = 0.2


@dataclass(frozen=True)
class Variant:
    """One way to build a network of layers: as in its paper, or as today; named by ``key``."""

    key: str
    title: str
    sentence: str
    layers: LayerList = ()
    head: Head = Head()


@dataclass(frozen=True)
class NetworkRow:
    """What is known of a network without building it.

    ``builder`` is the name in ``keras.applications`` where it is built from there. The usual
    choices of a network of layers are its ``variants``, the first one first.
    """

    key: str
    title: str
    family: str
    sentence: str
    built_from: BuiltFrom
    usual_size: int
    smallest_size: int
    builder: str = ""
    preprocessing: Preprocessing = "minus_one_to_one"
    colours: Literal["rgb", "grey"] = "rgb"
    blocks: tuple[BlockRule, ...] = ()
    widths: tuple[float, ...] = (1.0,)
    variants: tuple[Variant, ...] = ()
    weights: WeightFiles | None = None
    published: Published | None = None
    source: str = ""
    year: int = 0

    @property
    def is_pretrained(self) -> bool:
        """Whether it begins with something learned: ImageNet's weights, or a model file's."""
        return self.weights is not None or self.built_from == "own_model"

    @property
    def head(self) -> Head:
        """The head that it comes with."""
        return self.variants[0].head if self.variants else Head()

    def variant(self, key: str) -> Variant | None:
        """The variant called ``key``; the first one for an empty key, None for an unknown one."""
        if not key:
            return self.variants[0] if self.variants else None
        return next((each for each in self.variants if each.key == key), None)

    def rule_of(self, layer_name: str) -> tuple[BlockRule, "re.Match[str]"] | None:
        """The rule of the block that ``layer_name`` belongs to, and how it matched."""
        for rule in self.blocks:
            if found := re.match(rule.pattern, layer_name):
                return rule, found
        return None

    def block_of(self, layer_name: str) -> tuple[str, str]:
        """Marked title of the block that ``layer_name`` belongs to, and the value in it."""
        found = self.rule_of(layer_name)
        return ("", "") if found is None else found[0].groups(found[1])[-1]

    def groups_of(self, layer_names: Sequence[str]) -> list[tuple[Group, ...]]:
        """Of each of the base's layers, given in the network's order: stage, block.

        Without a stage in the rule there is the block alone. A layer that no rule knows goes with
        the block that is closed after it, otherwise with the layer before it. A network without
        rules has no groups.
        """
        found: list[tuple[Group, ...]] = [()] * len(layer_names)
        waiting: list[int] = []
        for place, name in enumerate(layer_names):
            known = self.rule_of(name)
            if known is None:
                waiting.append(place)
                continue
            rule, match = known
            found[place] = rule.groups(match)
            if rule.closes:
                for each in waiting:
                    found[each] = found[place]
                waiting = []
        before = next((groups for groups in found if groups), ())
        for place, groups in enumerate(found):
            before = found[place] = groups or before
        return found
