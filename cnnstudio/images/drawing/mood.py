"""How an animal looks at you: what the eyes and the mouth do, and where the head turns."""

from dataclasses import dataclass
from random import Random
from typing import Literal

Eyes = Literal["open", "smiling", "wink", "sleepy"]
Mouth = Literal["calm", "open", "tongue"]


@dataclass(frozen=True)
class Mood:
    """``turn`` moves the face sideways on the head (-1 to 1), ``nod`` up and down, ``tilt`` is in
    degrees; ``gaze`` is where the pupils look, in the eye's own half widths."""

    eyes: Eyes
    mouth: Mouth
    turn: float
    nod: float
    tilt: float
    gaze: tuple[float, float]
    blush: bool
    big_eyes: float
    round_face: float


def draw_mood(random: Random) -> Mood:
    """A mood; most look at you with open eyes."""
    eyes: Eyes = random.choices(("open", "smiling", "wink", "sleepy"), (76, 13, 6, 5))[0]
    mouth: Mouth = random.choices(("calm", "open", "tongue"), (50, 30, 20))[0]
    return Mood(
        eyes=eyes,
        mouth=mouth,
        turn=random.uniform(-1, 1),
        nod=random.uniform(-1, 1),
        tilt=random.gauss(0, 7),
        gaze=(random.uniform(-0.16, 0.16), random.uniform(-0.1, 0.1)),
        blush=random.random() < 0.5,
        big_eyes=random.uniform(0.92, 1.12),
        round_face=random.uniform(0.95, 1.06),
    )
