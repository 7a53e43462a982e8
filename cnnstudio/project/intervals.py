"""How sure a share is that was counted on a few pictures."""

import math

_Z = 1.959963984540054
"""The standard normal's 97.5 % quantile: 95 % lie between minus and plus this."""


def wilson(correct: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of which ``correct`` out of ``count`` was seen; both 0 to 1.

    E. B. Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference",
    Journal of the American Statistical Association 22, 209-212. Without pictures it is (0, 1).
    """
    if count <= 0:
        return 0.0, 1.0
    share = min(1.0, max(0.0, correct / count))
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    middle = share + _Z**2 / (2 * count)
    scale = 1 + _Z**2 / count
    # With none or all correct the interval touches 0 or 1, which rounding would miss.
    low = 0.0 if share == 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if share == 1 else min(1.0, (middle + spread) / scale)
    return low, high
