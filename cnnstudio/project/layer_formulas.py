"""The formulas beside each layer: how large its maps become, and how many parameters it has."""

from dataclasses import dataclass

from cnnstudio.project.layer_kinds import Padding
from cnnstudio.project.words import N_, say

VALID = "⌊(n − k) / s⌋ + 1"
SAME = "⌈n / s⌉"
FLATTEN = "h × w × c"
GLOBAL = "h × w × c → c"
CONVOLUTION = "(k × k × c + 1) × f"
CONVOLUTION_WITHOUT_BIAS = "k × k × c × f"
DEPTHWISE = "(k × k + 1) × c × m"
DEPTHWISE_WITHOUT_BIAS = "k × k × c × m"
SEPARABLE = "k × k × c + (c + 1) × f"
SEPARABLE_WITHOUT_BIAS = "k × k × c + c × f"
NORMALISATION = "4 × c"
DENSE = N_("(inputs + 1) × units")
DENSE_WITHOUT_BIAS = N_("inputs × units")
LSTM = N_("4 × (inputs + units + 1) × units")

LETTERS = N_(
    "n: side that goes in, k: kernel or size, s: strides, c: maps that go in, f: filters, m: maps "
    "for each map, h and w: height and width."
)
"""What the letters of the formulas stand for."""


@dataclass(frozen=True)
class Formula:
    """One formula: with letters (marked English), with the numbers of a layer, and the result."""

    general: str
    numbers: str
    result: str

    @property
    def text(self) -> str:
        """All of it: ``⌊(n − k) / s⌋ + 1 = ⌊(28 − 3) / 1⌋ + 1 = 26``."""
        parts = (say(self.general), self.numbers, self.result)
        return " = ".join(part for part in parts if part)


def window_side(side: int, window: int, strides: int, padding: Padding) -> int:
    """How often a window of ``window`` px fits along ``side`` px; 0 where it does not.

    Source: the shapes of ``keras.layers.Conv2D`` and ``MaxPooling2D``; Dumoulin and Visin 2016,
    arXiv:1603.07285, relationship 6.
    """
    if padding == "same":
        return -(-side // strides)
    return max(0, (side - window) // strides + 1)


def window_formula(sides: tuple[int, int], window: int, strides: int, padding: Padding) -> Formula:
    """How large maps of ``sides`` become; both sides are written where they differ."""
    numbers, results = [], []
    for side in dict.fromkeys(sides):
        if padding == "same":
            numbers.append(f"⌈{side} / {strides}⌉")
        else:
            numbers.append(f"⌊({side} − {window}) / {strides}⌋ + 1")
        results.append(str(window_side(side, window, strides, padding)))
    general = SAME if padding == "same" else VALID
    return Formula(general, ", ".join(numbers), ", ".join(results))


def counted(general: str, numbers: str, result: int) -> Formula:
    """A formula whose result is a number of parameters or of numbers."""
    return Formula(general, numbers, f"{result:,}")
