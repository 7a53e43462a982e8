"""Stages: neighbouring blocks whose maps have one size, such as 'Blocks 2–3'."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnstudio.project.network_row import Group
from cnnstudio.project.words import N_

_SEVERAL = {
    "Block {0}": N_("Blocks {0}"),
    "Cell {0}": N_("Cells {0}"),
    "Inception module {0}": N_("Inception modules {0}"),
}
"""The title of a block, and that of several of its kind; others form no stage."""

_MAP_AXES = 3


@dataclass
class _Block:
    """One block with its layers' places and the size of the last maps that it gives."""

    group: Group
    places: list[int]
    size: tuple[int, ...] = ()


def with_stages(
    groups: Sequence[tuple[Group, ...]], shapes: Sequence[tuple[int, ...]]
) -> list[tuple[Group, ...]]:
    """``groups`` of the base's layers with a stage before each block that shares its size.

    ``shapes`` are the layers' outputs without batch axis, for maps (height, width, channels). What
    has a stage already keeps it, and a block that is alone at its size stays alone.
    """
    found = list(groups)
    for blocks in _stages(_blocks(groups, shapes)):
        if len(blocks) < 2:
            continue
        title = _SEVERAL[blocks[0].group[0]]
        stage = (title, f"{blocks[0].group[1]}–{blocks[-1].group[1]}")
        for block in blocks:
            for place in block.places:
                found[place] = (stage, block.group)
    return found


def _blocks(groups: Sequence[tuple[Group, ...]], shapes: Sequence[tuple[int, ...]]) -> list[_Block]:
    """Blocks without a stage, in the order of their first layers."""
    found: dict[tuple[Group, ...], _Block] = {}
    for place, (each, shape) in enumerate(zip(groups, shapes, strict=True)):
        if len(each) != 1:
            continue
        block = found.setdefault(each, _Block(each[0], []))
        block.places.append(place)
        if len(shape) == _MAP_AXES:
            block.size = shape[:2]
    return list(found.values())


def _stages(blocks: list[_Block]) -> list[list[_Block]]:
    stages: list[list[_Block]] = []
    for block in blocks:
        before = stages[-1][-1] if stages else None
        belongs = (
            before is not None
            and block.group[0] in _SEVERAL
            and before.group[0] == block.group[0]
            and before.size == block.size
        )
        if belongs:
            stages[-1].append(block)
        else:
            stages.append([block])
    return stages
