"""How long the preview takes, from the question to the answer, for every setting alone.

Twelve variants of one photograph by a warm engine in its own process, at 96 and 224 px; each
question has other strengths, as when a slider is dragged. Beside it what the engine says that
changing one picture took. The limit is 200 ms. A busy machine is told by the processor time, which
is that of all cores together.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from PIL import Image

from cnnstudio.project.augmentation import MIXING, PRESETS, AugmentationPlan, effects
from cnnstudio.project.fields import field_facts
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.protocol import AugmentationShown, ShowAugmentation
from cnnstudio.worker.engine_process import EngineProcess

QUESTIONS = 15
LIMIT_MS = 200

_Plan = Callable[[float], AugmentationPlan]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CNNSTUDIO_CACHE"] = folder
        files = photographs(Path(folder))
        engine = EngineProcess()
        engine.start()
        try:
            for size in (96, 224):
                print(f"{size} px{'':17}{'median':>9}{'worst':>9}{'a picture':>11}{'cores':>9}")
                for name, plan in plans().items():
                    measure(engine, name, plan, size, files)
        finally:
            engine.quit()


def photographs(folder: Path) -> list[str]:
    """Seven real ones if they are here, else drawn ones."""
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", "../shared/data")) / "catdog"
    found = sorted(map(str, data.rglob("*.jpg")))[:: 100 if data.is_dir() else 1][:7]
    if found:
        return found
    from random import Random

    from cnnstudio.images.drawing.portrait import draw_portrait

    for number in range(7):
        picture: Image.Image = draw_portrait("cat", Random(number))
        picture.save(folder / f"{number}.jpg")
    return sorted(map(str, folder.glob("*.jpg")))


def plans() -> dict[str, _Plan]:
    """Every setting alone, and the strongest together, by how strong from 0.5 to 1."""
    made: dict[str, _Plan] = {name: _alone(name) for name in effects()}
    course = PRESETS["course"][1]
    made["course"] = lambda part: course.model_copy(update={"rotation": 360 * part})
    made["course + RandAugment"] = lambda part: course.model_copy(
        update={"rotation": 360 * part, "rand_augment": 0.5 * part}
    )
    made["all of them"] = lambda part: AugmentationPlan.model_validate(
        {name: getattr(_alone(name)(part), name) for name in effects()}
    )
    return made


def _alone(name: str) -> _Plan:
    high = field_facts(f"augmentation.{name}").high
    return lambda part: AugmentationPlan.model_validate({name: high * part if high else True})


def measure(engine: EngineProcess, name: str, plan: _Plan, size: int, files: list[str]) -> None:
    others = tuple((file, "dog") for file in files[1:])
    waited, taken, cores = [], [], []
    for number in range(QUESTIONS + 2):
        wanted = plan(0.5 + 0.5 * number / (QUESTIONS + 1))
        mixed = others if any(getattr(wanted, each) for each in MIXING) else ()
        command = ShowAugmentation(
            files[0], PicturesPlan(size=size), wanted, 12, 1, label="cat", others=mixed
        )
        before = _processor_seconds()
        began = time.perf_counter()
        answer = engine.run(command)
        milliseconds = 1000 * (time.perf_counter() - began)
        assert isinstance(answer, AugmentationShown), answer
        if number >= 2:  # the first ones make the graphs and read the pictures
            waited.append(milliseconds)
            taken.append(answer.milliseconds)
            cores.append(1000 * (_processor_seconds() - before))
    told = "" if statistics.median(waited) <= LIMIT_MS else "  too slow"
    print(
        f"{name:22}{statistics.median(waited):7.0f} ms{max(waited):6.0f} ms"
        f"{statistics.median(taken):8.2f} ms{statistics.median(cores):6.0f} ms{told}",
        flush=True,
    )


def _processor_seconds() -> float:
    """Of the engine: of this process' children."""
    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        seconds += times.user + times.system
    return seconds


if __name__ == "__main__":
    main()
