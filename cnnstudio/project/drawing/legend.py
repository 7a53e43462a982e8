"""What the signs of a drawing mean, in a few lines below it: only those that it has."""

from dataclasses import dataclass

from cnnstudio.project.drawing.inks import LOOKS, QUIET
from cnnstudio.project.drawing.looks import box_shapes, link_shapes, merge_shapes
from cnnstudio.project.drawing.shapes import Shape, Words, rectangle, snowflake
from cnnstudio.project.drawing.sizes import text_width
from cnnstudio.project.drawing.values import (
    Box,
    Drawing,
    Form,
    Kind,
    Link,
    Merge,
    Plate,
    Rect,
    Sign,
    State,
)
from cnnstudio.project.words import N_, say

_SIZE = 12.0
_LINE = 24.0
_GAP = 18.0
_WORDS_GAP = 7.0

_SIGN_WORDS: dict[Sign, str] = {
    "add": N_("added"),
    "stack": N_("channels stacked"),
    "multiply": N_("multiplied"),
    "other": N_("brought together"),
}


@dataclass(frozen=True)
class _Entry:
    """A sign in a field of ``width``, around (0, 0), and what it means."""

    shapes: tuple[Shape, ...]
    width: float
    words: str


@dataclass(frozen=True)
class Legend:
    """The shapes of a legend, from (0, 0) to its width and ``height``."""

    shapes: tuple[Shape, ...]
    height: float


def legend(drawing: Drawing, width: float) -> Legend:
    """The legend of ``drawing`` in lines of ``width``."""
    shapes: list[Shape] = []
    x, y = 0.0, _LINE / 2
    for entry in _entries(drawing):
        needed = entry.width + _WORDS_GAP + text_width(entry.words, _SIZE)
        if x and x + needed > width:
            x, y = 0.0, y + _LINE
        shapes += [each.moved(x + entry.width / 2, y) for each in entry.shapes]
        shapes.append(Words(x + entry.width + _WORDS_GAP, y, entry.words, _SIZE, QUIET, "start"))
        x += needed + _GAP
    return Legend(tuple(shapes), y + _LINE / 2)


def _entries(drawing: Drawing) -> list[_Entry]:
    found = [
        _Entry(_swatch("trained"), 26.0, say(N_("trained"))),
        _Entry(_swatch("frozen"), 26.0, say(N_("frozen: stays as it is"))),
    ]
    kinds = {(box.form, box.kind) for box in drawing.boxes}
    forms = {form for form, _ in kinds}
    slabs = [box for box in drawing.boxes if box.form == "slab"]
    if slabs:
        found.append(_slab_entry())
    if any(plate.kind == "pool" for box in slabs for plate in box.plates):
        found.append(_Entry(_slab("pool"), 18.0, say(N_("pooling"))))
    if any(box.shares for box in drawing.boxes):
        striped = _slab("block", (0.3, 0.4, 0.3))
        found.append(_Entry(striped, 18.0, say(N_("stripes: branches side by side"))))
    if "bar" in forms:
        found.append(_Entry(_bar(), 12.0, say(N_("a list of numbers"))))
    cards: tuple[tuple[Kind, str], ...] = (
        ("conv", N_("convolution")),
        ("pool", N_("pooling")),
        ("dense", N_("dense layer")),
    )
    found += [_card_entry(kind, words) for kind, words in cards if ("card", kind) in kinds]
    if "chip" in forms:
        found.append(
            _Entry(
                _layer("chip", "norm", 20, 20),
                20.0,
                say(N_("small steps: normalisation, activation")),
            )
        )
    found += _link_entries(drawing)
    return found


def _slab_entry() -> _Entry:
    words = say(N_("height: side of the maps, thickness: channels (both as square roots)"))
    return _Entry(_slab("block"), 18.0, words)


def _link_entries(drawing: Drawing) -> list[_Entry]:
    found: list[_Entry] = []
    if any(link.kind == "skip" for link in drawing.links):
        way = Link(((-14.0, 6.0), (-14.0, -6.0), (14.0, -6.0), (14.0, 6.0)), "skip")
        found.append(_Entry(tuple(link_shapes(way)), 32.0, say(N_("skip: a way past layers"))))
    signs = {merge.sign for merge in drawing.merges}
    signs |= {box.sign for box in drawing.boxes if box.form == "merge"}
    for sign, words in _SIGN_WORDS.items():
        if sign in signs:
            found.append(_Entry(tuple(merge_shapes(Merge(0, 0, sign))), 20.0, say(words)))
    return found


def _card_entry(kind: Kind, words: str) -> _Entry:
    return _Entry(_layer("card", kind, 28, 18), 28.0, say(words))


def _box(form: Form, kind: Kind, rect: Rect, **given: object) -> Box:
    return Box(
        rect.x, rect.y, rect.width, rect.height,
        title="", shape=(), parameters=0, layers=(), kind=kind, form=form, block=0, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def _swatch(state: State) -> tuple[Shape, ...]:
    look = LOOKS[state]
    field: Shape = rectangle(-13, -9, 26, 18, look.side, look.edge, 1.0, 4.0)
    flake = snowflake(0, 0, 14, look.text) if state == "frozen" else ()
    return field, *flake


def _slab(kind: Kind, shares: tuple[float, ...] = ()) -> tuple[Shape, ...]:
    plate = Plate(0.0, 10.0, 14.0, 5.0, kind)
    box = _box("slab", kind, Rect(-8, -9.5, 15, 19), plates=(plate,), shares=shares)
    return tuple(box_shapes(box, "plain"))


def _bar() -> tuple[Shape, ...]:
    return tuple(box_shapes(_box("bar", "dense", Rect(-5, -10, 10, 20)), "plain"))


def _layer(form: Form, kind: Kind, width: float, height: float) -> tuple[Shape, ...]:
    box = _box(form, kind, Rect(-width / 2, -height / 2, width, height))
    return tuple(box_shapes(box, "plain"))[:1]
