"""Colours of the curves, from the look in force or of classes."""

from collections.abc import Callable

from PySide6.QtGui import QColor

from cnnstudio.ui.theme import Theme

Ink = Callable[[str], QColor]
"""The colour of a token or of ``#RRGGBB``."""

_LEAST_CONTRAST = 2.0


def ink_of(theme: Theme) -> Ink:
    """The colours of a look."""

    def ink(name: str) -> QColor:
        return QColor(name) if name.startswith("#") else theme.color(name)

    return ink


def seen_on(color: QColor, ground: QColor) -> QColor:
    """``color``, darker or lighter where it would hardly be seen on ``ground``."""
    is_light = ground.lightnessF() > 0.5
    for _ in range(8):
        if contrast(color, ground) >= _LEAST_CONTRAST:
            break
        color = color.darker(112) if is_light else color.lighter(118)
    return color


def mixed(color: QColor, ground: QColor, share: float) -> QColor:
    """So much of ``color`` on ``ground``. Where a transparent line crosses itself it is darker."""

    def channel(one: float, other: float) -> float:
        return share * one + (1 - share) * other

    return QColor.fromRgbF(
        channel(color.redF(), ground.redF()),
        channel(color.greenF(), ground.greenF()),
        channel(color.blueF(), ground.blueF()),
    )


def contrast(one: QColor, other: QColor) -> float:
    """1 to 21 (WCAG 2.2, 'contrast ratio')."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
