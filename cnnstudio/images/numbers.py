"""Numbers that are not 8 bits wide become 8 bits, by one rule for files and arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def eight_bits(
    values: NDArray[Any], low: float | None = None, high: float | None = None
) -> NDArray[np.uint8]:
    """Whole numbers, floats or truths as 0 to 255; what is not a finite number counts as 0.

    ``low`` and ``high`` are the range of all that shares one scale (default: these values). Within
    0 to 255 they stay as they are, floats within 0 to 1 are multiplied by 255, all within 0 to
    65535 are scaled like 16 bits; otherwise the lowest becomes 0 and the highest 255.
    """
    if values.dtype.kind == "b":
        return values.astype(np.uint8) * np.uint8(255)
    is_float = values.dtype.kind == "f"
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    if low is None or high is None:
        low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and 255 < high <= 65535:
        numbers *= 255 / 65535
    elif is_float and low >= 0 and high <= 1:
        numbers *= 255
    elif low < 0 or high > 255:
        numbers = (numbers - np.float32(low)) * np.float32(255 / ((high - low) or 1))
    return np.rint(numbers).clip(0, 255).astype(np.uint8)


def with_bits(values: NDArray[np.integer[Any]], bits: int) -> NDArray[np.uint8]:
    """Whole numbers that were taken with so many bits (9 to 16), as 0 to 255."""
    if bits == 16:
        return (values >> 8).astype(np.uint8)
    grey: NDArray[np.uint8] = np.minimum(values >> (bits - 8), 255).astype(np.uint8)
    return grey
