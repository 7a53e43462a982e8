"""What a drawing is made of. Lengths are units of the drawing, a unit a pixel at usual size."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["blocks", "layers"]
"""How much is seen: one slab a block, or every layer."""

State = Literal["trained", "frozen", "partly", "plain"]
"""Of a box: its weights learn, stay, some of each; ``plain`` has none."""

Kind = Literal["input", "block", "conv", "pool", "dense", "norm", "activation", "merge", "other"]
Form = Literal["slab", "bar", "card", "chip", "merge"]
LinkKind = Literal["chain", "branch", "skip"]
Sign = Literal["", "add", "multiply", "stack", "other"]

Point = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A rectangle; ``x`` and ``y`` are its corner at the top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def touches(self, other: "Rect") -> bool:
        """Whether both have a place in common."""
        return (
            self.x <= other.right
            and other.x <= self.right
            and self.y <= other.bottom
            and other.y <= self.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is in it."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom


@dataclass(frozen=True)
class Plate:
    """One slab: ``width`` stands for channels, ``height`` for the side of the maps."""

    x: float
    width: float
    height: float
    depth: float
    kind: Kind


@dataclass(frozen=True)
class Box(Rect):
    """A block or a layer.

    ``layers`` are the names of the layers in it, in the network's order; ``shape`` is that of the
    last one. A slab has ``plates`` around the middle of its height. ``shares`` are the parts of
    its channels that come from branches side by side, from 0 to 1. ``cell`` is the field below a
    slab that bears its ``label``. ``block`` counts the blocks of the drawing.
    """

    title: str
    shape: tuple[int, ...]
    parameters: int
    layers: tuple[str, ...]
    kind: Kind
    form: Form
    block: int
    label: str = ""
    second: str = ""
    plates: tuple[Plate, ...] = ()
    shares: tuple[float, ...] = ()
    sign: Sign = ""
    cell: Rect | None = None


@dataclass(frozen=True)
class Frame(Rect):
    """Around the layers of an opened block."""

    title: str
    second: str
    block: int
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A line from box to box, its corners rounded; a skip is what leaves layers out."""

    points: tuple[Point, ...]
    kind: LinkKind
    has_arrow: bool = True


@dataclass(frozen=True)
class Merge:
    """A small sign where ways come together, beside a slab."""

    x: float
    y: float
    sign: Sign


@dataclass(frozen=True)
class Bracket:
    """Below boxes that are alike: the line, and what is said of them all."""

    x: float
    right: float
    y: float
    text: str
    is_strong: bool = False


@dataclass(frozen=True)
class Note:
    """A quiet text; ``x`` is its middle, or its end where it stands at the end of a line."""

    x: float
    y: float
    text: str
    at_end: bool = False


@dataclass(frozen=True)
class Drawing:
    """A network laid out, from (0, 0) to (``width``, ``height``)."""

    level: Level
    width: float
    height: float
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    frames: tuple[Frame, ...] = ()
    merges: tuple[Merge, ...] = ()
    forks: tuple[Point, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def has_branches(self) -> bool:
        """Whether anything in it leaves the straight way."""
        return any(link.kind != "chain" for link in self.links)
