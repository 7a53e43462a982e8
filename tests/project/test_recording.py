"""Which frames are recorded, and what their files are called."""

import random
from datetime import datetime

import pytest

from cnnstudio.project.recording import (
    RATES_PER_SECOND,
    Bursts,
    Recorder,
    class_folder_name,
    picture_stem,
)

CAMERA = 30
START = 1000.0


def taken(recorder: Recorder, times: list[float]) -> list[float]:
    return [each for each in times if recorder.frame(each)]


def frames(seconds: float, rate: float = CAMERA, start: float = START) -> list[float]:
    return [start + number / rate for number in range(round(seconds * rate))]


def test_nothing_is_taken_before_the_button_is_held() -> None:
    assert taken(Recorder(), frames(2)) == []


@pytest.mark.parametrize("rate", RATES_PER_SECOND)
def test_as_many_pictures_a_second_as_chosen(rate: int) -> None:
    recorder = Recorder(rate)
    recorder.hold(START)
    assert len(taken(recorder, frames(10))) == 10 * rate


def test_the_first_frame_is_taken_at_once_and_the_others_at_even_pauses() -> None:
    recorder = Recorder(10)
    recorder.hold(START)
    found = taken(recorder, frames(1))
    assert found == pytest.approx([START + number / 10 for number in range(10)])


@pytest.mark.parametrize("rate", RATES_PER_SECOND)
def test_an_unpunctual_camera_gives_the_chosen_rate_too(rate: int) -> None:
    unsteady = random.Random(rate)
    times = [each + unsteady.uniform(-0.015, 0.015) for each in frames(20)]
    recorder = Recorder(rate)
    recorder.hold(START - 1)
    assert abs(len(taken(recorder, times)) - 20 * rate) <= 1


def test_a_slow_camera_gives_every_frame() -> None:
    recorder = Recorder(30)
    recorder.hold(START)
    assert len(taken(recorder, frames(10, rate=12))) == 120


def test_a_gap_is_not_made_up_for() -> None:
    recorder = Recorder(5)
    recorder.hold(START)
    assert len(taken(recorder, frames(1))) == 5
    assert len(taken(recorder, frames(1, start=START + 4))) == 5


def test_release_ends_it_and_holding_again_begins_anew() -> None:
    recorder = Recorder(1)
    recorder.hold(START)
    assert recorder.frame(START)
    recorder.release()
    assert not recorder.frame(START + 5)
    recorder.hold(START + 5.1)
    assert recorder.frame(START + 5.2)


def test_nothing_is_taken_during_the_countdown_and_the_first_frame_after_it_is() -> None:
    recorder = Recorder(10, countdown_seconds=3)
    recorder.hold(START)
    found = taken(recorder, frames(4))
    assert found[0] == pytest.approx(START + 3)
    assert len(found) == 10


def test_not_even_a_little_before_the_end_of_the_countdown() -> None:
    recorder = Recorder(1, countdown_seconds=3)
    recorder.hold(START)
    assert not recorder.frame(START + 2.999)
    assert recorder.frame(START + 3)


def test_released_during_the_countdown_nothing_is_taken() -> None:
    recorder = Recorder(10, countdown_seconds=3)
    recorder.hold(START)
    assert recorder.seconds_left(START + 1) == pytest.approx(2)
    recorder.release()
    assert recorder.seconds_left(START + 1) == 0
    assert taken(recorder, frames(10)) == []


def test_the_next_countdown_is_a_whole_one() -> None:
    recorder = Recorder(10, countdown_seconds=3)
    recorder.hold(START)
    recorder.release()
    recorder.hold(START + 2)
    assert recorder.seconds_left(START + 2) == pytest.approx(3)
    assert recorder.is_held
    assert not recorder.is_recording(START + 4)
    assert recorder.is_recording(START + 5)


def test_held_is_held_however_often_it_is_told() -> None:
    recorder = Recorder(10, countdown_seconds=3)
    recorder.hold(START)
    recorder.hold(START + 2)
    assert recorder.is_recording(START + 3)


def test_another_rate_holds_from_the_next_picture_on() -> None:
    recorder = Recorder(1)
    recorder.hold(START)
    assert len(taken(recorder, frames(2))) == 2
    recorder.rate = 10
    assert len(taken(recorder, frames(2, start=START + 2))) == 20


def recorded() -> Bursts:
    """Two cats, a dog, and a cat; the last one is not saved yet."""
    bursts = Bursts()
    for name, numbers in (("cat", (1, 2)), ("dog", (3,)), ("cat", (4,))):
        bursts.begin(name)
        for number in numbers:
            bursts.add(number)
    for number in (1, 2, 3):
        bursts.saved(number, f"{number}.jpg")
    return bursts


def test_files_are_told_by_class_as_far_as_they_are_saved() -> None:
    bursts = recorded()
    assert bursts.files() == {"cat": ["1.jpg", "2.jpg"], "dog": ["3.jpg"]}
    assert not bursts.all_are_saved
    bursts.saved(4, "4.jpg")
    assert bursts.files()["cat"] == ["1.jpg", "2.jpg", "4.jpg"]
    assert bursts.all_are_saved
    assert (bursts.count, bursts.count_of("cat"), bursts.count_of("bird")) == (4, 3, 0)


def test_undo_takes_one_burst_after_the_other_and_no_empty_one() -> None:
    bursts = recorded()
    bursts.begin("dog")
    assert [bursts.undo_last() for _ in range(4)] == [[4], [3], [1, 2], []]
    assert bursts.files() == {}


def test_what_could_not_be_saved_is_forgotten() -> None:
    bursts = recorded()
    assert bursts.forget_unsaved() == [4]
    assert bursts.all_are_saved
    assert bursts.count == 3
    assert bursts.undo_last() == [3]


def test_everything_can_be_forgotten() -> None:
    bursts = recorded()
    assert bursts.forget_all() == [1, 2, 3, 4]
    assert bursts.count == 0


def test_files_are_named_by_their_time() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 89_999)
    assert picture_stem(moment, 12) == "20260304-050607-089-12"


@pytest.mark.parametrize("name", ["cat", "고양이", "big cat", "été", "v1.2", "🐱", "-", "a" * 80])
def test_a_harmless_name_is_kept(name: str) -> None:
    assert class_folder_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "../../etc",
            "CON",
            "nul.txt",
            "Lpt1",
            "ends. ",
            " x",
            ".git",
        ),
        *('<>:"|?*', "line\nbreak", "a" * 300, "가" * 100, "half\udce9"),
    ],
)
def test_an_awkward_name_becomes_one_that_every_system_takes(name: str) -> None:
    made = class_folder_name(name)
    assert made != name
    assert not set(made) & set('<>:"/\\|?*\n')
    assert made[0] not in ". "
    assert made[-1] not in ". "
    assert made.split(".")[0].split("-")[0].casefold() not in ("con", "nul", "lpt1")
    assert len(made.encode("utf-8")) <= 90


def test_two_classes_never_share_a_folder() -> None:
    names = ["a/b", "a\\b", "a_b", "a:b", "..", ".", "", "CON", "_CON", "가" * 100, "가" * 101]
    assert len({class_folder_name(name) for name in names}) == len(names)


def test_the_same_letters_written_in_two_ways_are_one_folder() -> None:
    assert class_folder_name("e\u0301te\u0301") == class_folder_name("été") == "été"
