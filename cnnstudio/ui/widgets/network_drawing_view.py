"""Which part of a drawing is seen, and how large."""

from dataclasses import dataclass, replace

from cnnstudio.project.drawing.values import Rect

LARGEST, SMALLEST = 4.0, 0.04
_LARGEST_FITTED = 1.25
_EDGE_PIXELS = 24.0


@dataclass(frozen=True)
class View:
    """``zoom`` pixels for a unit of the drawing, whose place ``x``, ``y`` is in the upper left
    corner of a window of ``width`` × ``height`` pixels; the drawing is ``whole`` units large.
    """

    whole: tuple[float, float] = (1.0, 1.0)
    width: float = 1.0
    height: float = 1.0
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @property
    def seen(self) -> Rect:
        """What is in the window."""
        return Rect(self.x, self.y, self.width / self.zoom, self.height / self.zoom)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of the drawing at a pixel of the window."""
        return self.x + x / self.zoom, self.y + y / self.zoom

    def resized(self, width: float, height: float) -> "View":
        """In a window of another size."""
        return replace(self, width=width, height=height)._kept_in()

    def fitted(self) -> "View":
        """The whole, as large as it goes, but hardly larger than it was laid out."""
        zoom = min(self.width / self.whole[0], self.height / self.whole[1], _LARGEST_FITTED)
        return replace(self, zoom=zoom, x=0.0, y=0.0)._kept_in()

    def with_lines(self, smallest: float) -> "View":
        """The first lines as wide as the window, but not smaller than the zoom ``smallest``."""
        zoom = min(1.0, max(self.width / self.whole[0], smallest))
        return replace(self, zoom=zoom, x=0.0, y=0.0)._kept_in()

    def zoomed(self, factor: float, x: float, y: float) -> "View":
        """Larger or smaller, so that what is at a pixel of the window stays there."""
        zoom = min(LARGEST, max(SMALLEST, self.zoom * factor))
        there = self.at(x, y)
        return replace(self, zoom=zoom, x=there[0] - x / zoom, y=there[1] - y / zoom)._kept_in()

    def panned(self, right: float, down: float) -> "View":
        """Moved by pixels of the window."""
        return replace(self, x=self.x + right / self.zoom, y=self.y + down / self.zoom)._kept_in()

    def showing(self, area: Rect) -> "View":
        """Moved as little as needed to see ``area``; its beginning where it is too large."""
        seen, edge = self.seen, _EDGE_PIXELS / self.zoom
        x = max(self.x, area.right + edge - seen.width)
        y = max(self.y, area.bottom + edge - seen.height)
        return replace(self, x=min(x, area.x - edge), y=min(y, area.y - edge))._kept_in()

    def _kept_in(self) -> "View":
        """No more than the drawing is seen; where it is smaller it stands in the middle."""
        seen = self.seen
        return replace(
            self,
            x=_within(self.x, self.whole[0], seen.width),
            y=_within(self.y, self.whole[1], seen.height),
        )


def _within(corner: float, whole: float, seen: float) -> float:
    return (whole - seen) / 2 if whole <= seen else min(max(0.0, corner), whole - seen)
