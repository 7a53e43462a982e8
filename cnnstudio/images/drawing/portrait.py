"""One picture: a place, an animal in it, a pose, a mood."""

from random import Random

from PIL import Image

from cnnstudio.images.drawing.body import (
    Species,
    draw_ledge,
    draw_lying,
    draw_paws_on_ledge,
    draw_shoulders,
    draw_sitting,
)
from cnnstudio.images.drawing.cat import draw_cat_head
from cnnstudio.images.drawing.dog import draw_dog_head
from cnnstudio.images.drawing.fur import draw_fur
from cnnstudio.images.drawing.mood import draw_mood
from cnnstudio.images.drawing.pen import Pen
from cnnstudio.images.drawing.places import FLOOR, draw_place
from cnnstudio.images.drawing.props import draw_ball, draw_butterfly

SIDE = 256
"""Pixels of a finished picture's side."""

_LARGER = 3  # drawn at three times the size and averaged, which makes the edges smooth
_LEDGES = ((206, 164, 118), (150, 172, 190), (196, 130, 110), (168, 190, 150), (214, 178, 132))


def draw_portrait(species: Species, random: Random) -> Image.Image:
    """A picture of a cat or a dog; everything but its shape is drawn from the same lots."""
    side = SIDE * _LARGER
    image = Image.new("RGB", (side, side))
    draw_place(image, random)
    fur, mood = draw_fur(random), draw_mood(random)
    pose = random.choices(("shoulders", "sitting", "lying", "peeking"), (46, 22, 10, 22))[0]
    middle = side * random.uniform(0.43, 0.57)
    lean = 0 if pose == "peeking" else random.gauss(0, 3)
    if pose == "sitting":
        scale = side * random.uniform(0.165, 0.215)
        ground = side * random.uniform(FLOOR + 0.1, 0.97)
        pen = Pen(image, scale, (middle, ground - 2.75 * scale), lean)
        pen.glow(0, 2.78, 1.9, 0.4, (40, 34, 40), 0.5)
        draw_sitting(pen, species, fur, random)
    elif pose == "lying":
        scale = side * random.uniform(0.16, 0.2)
        facing = random.choice((-1, 1))
        ground = side * random.uniform(FLOOR + 0.1, 0.95)
        pen = Pen(image, scale, (middle - 0.7 * scale * facing, ground - 1.75 * scale), lean)
        pen.glow(0.7 * facing, 1.75, 2.4, 0.35, (40, 34, 40), 0.5)
        draw_lying(pen, species, fur, facing, random)
    else:
        scale = side * random.uniform(0.25, 0.34)
        pen = Pen(image, scale, (middle, side * random.uniform(0.5, 0.58)), lean)
        if pose == "shoulders":
            draw_shoulders(pen, species, fur, random)
    head = pen.moved(0, 0, mood.tilt)
    if species == "cat":
        draw_cat_head(head, fur, mood, random)
    else:
        draw_dog_head(head, fur, mood, random)
    if pose in ("sitting", "lying") and random.random() < 0.3:
        draw_ball(pen.moved(random.choice((-1.6, 1.6)), 2.95 if pose == "sitting" else 2.1), random)
    if random.random() < 0.13:
        at = random.choice((-1.25, 1.25)), random.uniform(-1.2, -0.8)
        draw_butterfly(pen.moved(*at, random.uniform(-25, 25), random.uniform(0.5, 0.7)), random)
    if pose == "peeking":
        draw_ledge(pen, random.choice(_LEDGES), random.random() < 0.6)
        draw_paws_on_ledge(pen, fur)
    return image.resize((SIDE, SIDE), Image.Resampling.BOX)
