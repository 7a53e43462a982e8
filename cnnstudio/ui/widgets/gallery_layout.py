"""Where each tile of the gallery stands: worked out, never stored, however many there are."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

MARGIN = 8
GAP = 10


@dataclass(frozen=True)
class TileLayout:
    """Tiles in rows that fill ``width``. Places are in the coordinates of all tiles together."""

    count: int
    width: int
    wanted_side: int
    caption: int = 0

    @property
    def columns(self) -> int:
        """How many tiles stand in a row."""
        return max(1, (self.width - 2 * MARGIN + GAP) // (self.wanted_side + GAP))

    @property
    def side(self) -> int:
        """Side of a tile's picture: the rows are filled to their end."""
        room = self.width - 2 * MARGIN + GAP
        return max(16, room // self.columns - GAP)

    @property
    def pitch(self) -> int:
        """From one row to the next."""
        return self.side + self.caption + GAP

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Height of all rows together."""
        return 2 * MARGIN + self.rows * self.pitch - GAP if self.count else 0

    def place(self, number: int) -> QRect:
        """The square of a tile's picture."""
        row, column = divmod(number, self.columns)
        side = self.side
        return QRect(MARGIN + column * (side + GAP), MARGIN + row * self.pitch, side, side)

    def number_at(self, x: int, y: int) -> int | None:
        """The tile at this place, its caption included."""
        side = self.side
        column, beside = divmod(x - MARGIN, side + GAP)
        row, below = divmod(y - MARGIN, self.pitch)
        if not 0 <= column < self.columns or row < 0 or beside >= side or below >= self.pitch - GAP:
            return None
        number = row * self.columns + column
        return number if number < self.count else None

    def numbers_between(self, top: int, bottom: int) -> range:
        """All tiles of the rows that these heights touch."""
        first = max(0, (top - MARGIN) // self.pitch)
        last = max(first, (bottom - MARGIN) // self.pitch)
        return range(
            min(self.count, first * self.columns), min(self.count, (last + 1) * self.columns)
        )

    def numbers_in(self, area: QRect) -> list[range]:
        """The tiles that ``area`` touches, as runs of neighbours."""
        step = self.side + GAP
        first = max(0, (area.left() - MARGIN + GAP) // step)
        last = min(self.columns - 1, (area.right() - MARGIN) // step)
        touched = self.numbers_between(area.top() + GAP, area.bottom())
        if last < first or not touched:
            return []
        if first == 0 and last == self.columns - 1:
            return [touched]
        return [
            range(start + first, min(start + last + 1, self.count))
            for start in range(touched.start, touched.stop, self.columns)
            if start + first < self.count
        ]
