"""The code that people are given for their model reads a picture as training did."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnstudio.images.read import read_picture
from cnnstudio.project.example_code import example_code
from cnnstudio.project.pictures import Fit

SIZE = 48


def as_the_code_reads(path: Path, fit: Fit) -> Any:
    """What the example hands to the model, without the lines that need one."""
    lines = example_code("model.keras", SIZE, fit, path.as_posix()).splitlines()
    passed_over = ("import json", "import keras", "file =", "model =", "facts =", "answer", "print")
    code = "\n".join(line for line in lines if not line.startswith(passed_over))
    names: dict[str, Any] = {}
    exec(code, names)
    return np.array(names["picture"], "float32")


def drawn(width: int, height: int, mode: str) -> Image.Image:
    """Soft colours, and in one corner of RGBA nothing."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    layers = [across, down, 255 - across, np.where(across + down > 400, 0, 255)]
    return Image.fromarray(np.stack(layers[: len(mode)], -1).astype(np.uint8), mode)


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize(("name", "mode"), [("a.jpg", "RGB"), ("a.png", "RGBA")])
@pytest.mark.parametrize("turned", [1, 6])
def test_the_example_reads_a_picture_as_training_does(
    tmp_path: Path, fit: Fit, name: str, mode: str, turned: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    drawn(160, 100, mode).save(tmp_path / name, exif=exif)
    ours = read_picture(tmp_path / name, SIZE, fit).astype("float32")
    difference = np.abs(ours - as_the_code_reads(tmp_path / name, fit))
    assert difference.mean() < 1.5
    other = read_picture(tmp_path / name, SIZE, "stretch" if fit == "crop" else "crop")
    assert np.abs(ours - other).mean() > 3 * difference.mean()
