"""Pictures that are the same, or nearly: copies, other sizes of one photograph, bursts."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LookAlikes:
    """Pairs of pictures (full paths, each pair once) that are alike.

    ``same`` are pairs with the same content to the byte, ``near`` look-alikes of another content.
    ``digests`` are the contents' digests (hexadecimal) of all pictures that could be read.
    """

    same: tuple[tuple[str, str], ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
