"""Copies of a picture are found whatever was done to them; different pictures are not alike."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from picture_files import saved
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from cnnstudio.images.checking import check_pictures
from cnnstudio.images.facts import LOOK_SIDE, PictureFacts, look_into
from cnnstudio.images.look_alikes import LookAlikes, find_look_alikes, groups_of
from cnnstudio.images.look_comparing import details
from cnnstudio.images.scan import scan_folders


def photograph(seed: int, width: int = 240, height: int = 180) -> Image.Image:
    """Large and small shapes over each other, as in nature: the finer, the fainter."""
    chance = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for cells in (3, 6, 12, 24, 48):
        noise = chance.standard_normal((cells, cells, 3)).astype(np.float32)
        for colour in range(3):
            layer = Image.fromarray(noise[:, :, colour]).resize((width, height), 3)
            total[:, :, colour] += np.asarray(layer) / cells**0.6
    total = total - total.min()
    return Image.fromarray((total * (255 / total.max())).astype(np.uint8))


def cropped(
    image: Image.Image, left: float, top: float, right: float, bottom: float
) -> Image.Image:
    width, height = image.size
    return image.crop(
        (round(left * width), round(top * height), round(right * width), round(bottom * height))
    )


def captioned(image: Image.Image) -> Image.Image:
    image = image.copy()
    width, height = image.size
    pen = ImageDraw.Draw(image)
    pen.rectangle((width * 0.6, height * 0.92, width, height), "white")
    pen.text((width * 0.62, height * 0.92), "holiday", "black")
    return image


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "packed harder": lambda image: image,
    "half as large": lambda image: image.resize((image.width // 2, image.height // 2)),
    "cropped all around": lambda image: cropped(image, 0.025, 0.025, 0.975, 0.975),
    "cropped on one side": lambda image: cropped(image, 0.05, 0, 1, 1),
    "cropped at a corner": lambda image: cropped(image, 0.05, 0.05, 1, 1),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.85),
    "with a caption": captioned,
    "without colours": lambda image: image.convert("L"),
    "turned a little": lambda image: cropped(image.rotate(2, 3), 0.04, 0.04, 0.96, 0.96),
}


def facts_of(name: str, look: np.ndarray, taken: float = 0.0, side: int = 300) -> PictureFacts:
    digest = (name + "0123456789abcdef")[:16].encode()
    pixels = look.astype(np.uint8).tobytes()
    return PictureFacts(name, None, side, side, "JPEG", "RGB", 1, digest, pixels, taken)


def looked_into(folder: Path) -> LookAlikes:
    return find_look_alikes([look_into(str(path)) for path in sorted(folder.rglob("*.*"))])


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found_and_nothing_else(tmp_path: Path, change: str) -> None:
    for seed in range(12):
        image = photograph(seed)
        saved(image, tmp_path / f"{seed}a.jpg", quality=92)
        if seed < 6:
            saved(CHANGES[change](image), tmp_path / f"{seed}b.jpg", quality=40)
    found = looked_into(tmp_path)
    expected = {
        (str(tmp_path / f"{seed}a.jpg"), str(tmp_path / f"{seed}b.jpg")) for seed in range(6)
    }
    assert set(found.near) == expected
    assert found.same == ()
    assert found.mirrored == frozenset()


def test_mirrored_copies_are_found_and_called_so(tmp_path: Path) -> None:
    for seed in range(4):
        saved(photograph(seed), tmp_path / f"{seed}a.jpg")
        saved(ImageOps.mirror(photograph(seed)), tmp_path / f"{seed}b.jpg", quality=60)
    found = looked_into(tmp_path)
    assert len(found.near) == 4
    assert found.mirrored == set(found.near)


def test_what_is_alike_as_it_lies_is_connected_without_a_mirror(tmp_path: Path) -> None:
    for seed in range(10):
        crop = cropped(photograph(seed), 0.04, 0.02, 0.98, 0.99)
        saved(photograph(seed), tmp_path / f"{seed}a.jpg")
        saved(crop, tmp_path / f"{seed}b.jpg", quality=70)
        saved(ImageOps.mirror(crop), tmp_path / f"{seed}c.jpg", quality=80)
    found = looked_into(tmp_path)
    upright = [
        (str(tmp_path / f"{seed}a.jpg"), str(tmp_path / f"{seed}b.jpg")) for seed in range(10)
    ]
    assert [pair for pair in found.near if pair not in found.mirrored] == upright
    assert len(found.mirrored) == 10
    paths = sorted(map(str, tmp_path.iterdir()))
    assert [len(group) for group in groups_of(paths, found.near)] == [3] * 10


def test_a_burst_is_found_although_the_camera_moved(tmp_path: Path) -> None:
    scene = photograph(1, 400, 300)
    chance = random.Random(1)
    for number in range(8):
        left, top = chance.uniform(0, 0.04), chance.uniform(0, 0.04)
        frame = cropped(scene, left, top, left + 0.94, top + 0.94)
        saved(frame, tmp_path / f"burst {number}.jpg", quality=85)
        saved(photograph(50 + number), tmp_path / f"other {number}.jpg")
    found = looked_into(tmp_path)
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    [group] = groups_of(paths, found.near)
    assert list(group) == [path for path in paths if Path(path).name.startswith("burst")]


def test_frames_of_one_moment_need_less_to_be_alike() -> None:
    """Two pictures that are the same but for their details, which agree by about 0.7."""
    looks = [np.asarray(photograph(seed, LOOK_SIDE, LOOK_SIDE).convert("L")) for seed in (1, 2)]
    first, other = (each.astype(np.float32)[None] for each in looks)
    mixed = (first + 0.95 * (details(other) - 0.3 * details(first)))[0]
    first = first[0]

    def near(one: PictureFacts, second: PictureFacts) -> bool:
        return bool(find_look_alikes([one, second]).near)

    assert not near(facts_of("/a/x.jpg", first), facts_of("/b/y.jpg", mixed))
    assert near(facts_of("/a/x.jpg", first, 1000), facts_of("/b/y.jpg", mixed, 1002))
    assert not near(facts_of("/a/x.jpg", first, 1000), facts_of("/b/y.jpg", mixed, 1010))


def test_the_same_bytes_are_a_star_around_the_first_name(tmp_path: Path) -> None:
    content = saved(photograph(1), tmp_path / "m.jpg").read_bytes()
    for name in ("z.jpg", "b.jpg", "a.jpg"):
        (tmp_path / name).write_bytes(content)
    found = looked_into(tmp_path)
    star = [(str(tmp_path / "a.jpg"), str(tmp_path / name)) for name in ("b.jpg", "m.jpg", "z.jpg")]
    assert list(found.same) == star
    assert found.near == ()
    assert len(set(found.digests.values())) == 1
    assert len(found.digests) == 4


def test_the_order_of_the_pictures_does_not_matter(tmp_path: Path) -> None:
    for seed in range(5):
        saved(photograph(seed), tmp_path / f"{seed}a.jpg")
        saved(photograph(seed), tmp_path / f"{seed}b.jpg", quality=30)
        saved(CHANGES["cropped all around"](photograph(seed)), tmp_path / f"{seed}c.jpg")
    facts = [look_into(str(path)) for path in tmp_path.iterdir()]
    answers = set()
    for seed in range(4):
        random.Random(seed).shuffle(facts)
        found = find_look_alikes(facts)
        answers.add((found.same, found.near, found.mirrored))
    assert len(answers) == 1
    assert len(next(iter(answers))[1]) == 10


def test_empty_pictures_are_alike_only_to_the_byte(tmp_path: Path) -> None:
    for level in range(0, 250, 10):
        saved(Image.new("RGB", (200, 150), (level, level, level)), tmp_path / f"{level}.png")
    page = Image.new("L", (300, 400), 255)
    for number in range(12):
        written = page.copy()
        ImageDraw.Draw(written).text((40, 40), f"page {number}", 0)
        saved(written, tmp_path / f"page {number}.png")
    assert looked_into(tmp_path).near == ()


def test_small_pictures_are_alike_only_if_they_are_the_same() -> None:
    """Strokes such as those of digits, all much like each other."""
    chance = random.Random(1)
    facts = []
    for number in range(300):
        image = Image.new("L", (280, 280), 0)
        bends = [(chance.uniform(110, 170), 40 + 50 * place) for place in range(5)]
        ImageDraw.Draw(image).line(bends, 255, 30)
        look = np.asarray(image.resize((LOOK_SIDE, LOOK_SIDE)), np.float32)
        facts.append(facts_of(f"/{number:03}.png", look, side=28))
        if number == 0:
            facts.append(facts_of("/again.png", np.minimum(look + 1, 255), side=28))
    assert find_look_alikes(facts).near == (("/000.png", "/again.png"),)


def test_thousands_of_copies_make_no_more_pairs_than_copies() -> None:
    look = np.asarray(photograph(1, LOOK_SIDE, LOOK_SIDE).convert("L"), np.float32)
    chance = np.random.default_rng(1)
    facts = []
    for number in range(3000):
        noise = chance.normal(0, 1.0, look.shape)
        facts.append(facts_of(f"/{number:05}.jpg", (look + noise).clip(0, 255)))
    paths = [each.path for each in facts]
    near = find_look_alikes(facts).near
    assert len(near) == 2999
    assert [len(group) for group in groups_of(paths, near)] == [3000]


def test_among_very_many_the_copies_are_found_too() -> None:
    """So many that not every pair is looked at."""
    chance = np.random.default_rng(1)
    count = 9000
    waves = np.fft.rfftfreq(LOOK_SIDE)[None] ** 2 + np.fft.fftfreq(LOOK_SIDE)[:, None] ** 2
    noise = np.fft.rfft2(chance.standard_normal((count, LOOK_SIDE, LOOK_SIDE)))
    looks = np.fft.irfft2(noise / (waves + 0.002) ** 0.65)
    spread = looks.std(axis=(1, 2), keepdims=True)
    looks = (looks - looks.mean(axis=(1, 2), keepdims=True)) / spread * 45 + 128
    facts = [facts_of(f"/{row:05}", look.clip(0, 255)) for row, look in enumerate(looks)]
    for row in range(0, 200, 2):
        darker = (looks[row] * 0.85 + chance.normal(0, 3, looks[row].shape)).clip(0, 255)
        facts.append(facts_of(f"/{row:05}.copy", darker))
    found = find_look_alikes(facts)
    assert set(found.near) == {(f"/{row:05}", f"/{row:05}.copy") for row in range(0, 200, 2)}


def test_a_search_can_be_stopped() -> None:
    look = np.asarray(photograph(1, LOOK_SIDE, LOOK_SIDE).convert("L"), np.float32)
    facts = [facts_of(f"/{number}", look) for number in range(3)]
    with pytest.raises(InterruptedError):
        find_look_alikes(facts, lambda: True)


def test_groups_are_what_hangs_together() -> None:
    groups = groups_of("abcdef", [("a", "b"), ("c", "d"), ("b", "c"), ("e", "x")])
    assert groups == [("a", "b", "c", "d")]


def test_real_photographs_raise_no_alarm(test_data: Path) -> None:
    report = check_pictures(scan_folders([str(test_data / "catdog")]))
    assert len(report.facts) == 800
    assert report.look_alikes.same == report.look_alikes.near == ()


@pytest.mark.parametrize("change", CHANGES)
def test_real_photographs_find_their_copies(tmp_path: Path, test_data: Path, change: str) -> None:
    paths = sorted((test_data / "catdog" / "train" / "cat").iterdir())[:60]
    for number, path in enumerate(paths):
        with Image.open(path) as image:
            plain = image.convert("RGB")
        saved(plain, tmp_path / f"{number}a.jpg", quality=95)
        saved(CHANGES[change](plain), tmp_path / f"{number}b.jpg", quality=40)
    near = looked_into(tmp_path).near
    right = {
        (str(tmp_path / f"{number}a.jpg"), str(tmp_path / f"{number}b.jpg")) for number in range(60)
    }
    assert set(near) <= right
    assert len(near) >= 57
