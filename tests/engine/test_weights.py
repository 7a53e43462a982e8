"""Where weights are looked for, and how they are fetched from a server of our own."""

import dataclasses
import errno
import hashlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnnstudio.engine import download, weights
from cnnstudio.engine.weights import fetch_weights, find_weights, obtain_weights
from cnnstudio.project import weights_places
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import network_row
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.settings import Settings, save_settings
from cnnstudio.project.weights_places import part_of
from tests.weights_server import WeightsServer, running_server

PLAN = NetworkPlan(base="mobilenet_v2", width=0.35)
NAME_160 = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_160_no_top.h5"
NAME_224 = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
NAME_VGG = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """All four places, empty."""
    found = {name: tmp_path / name for name in ("packaged", "first", "second", "settings")}
    for folder in found.values():
        folder.mkdir()
    monkeypatch.setattr(weights_places, "packaged_weights_folder", lambda: found["packaged"])
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", f"{found['first']}{os.pathsep}{found['second']}")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "*")
    save_settings(Settings(weights_folders=(str(found["settings"]),)))
    return found | {"cache": tmp_path / "keras" / "models"}


def _kind(plan: NetworkPlan = PLAN, size: int = 160) -> Problem:
    with pytest.raises(ProblemError) as caught:
        find_weights(plan, size)
    return caught.value.problem


def test_the_places_are_asked_in_their_order(places: dict[str, Path]) -> None:
    assert _kind().kind == "weights_missing"
    for name in ("cache", "settings", "second", "first", "packaged"):
        places[name].mkdir(parents=True, exist_ok=True)
        (places[name] / NAME_224).touch()
        assert find_weights(PLAN, 160) == places[name] / NAME_224


def test_the_file_of_the_size_itself_is_preferred(places: dict[str, Path]) -> None:
    (places["first"] / NAME_224).touch()
    assert find_weights(PLAN, 160) == places["first"] / NAME_224
    (places["first"] / NAME_160).touch()
    assert find_weights(PLAN, 160) == places["first"] / NAME_160
    assert find_weights(PLAN, 224) == places["first"] / NAME_224


def test_what_is_missing_is_named() -> None:
    problem = _kind()
    assert problem.values == {"network": "MobileNetV2", "name": NAME_160}
    assert NAME_160 in problem.message


def test_random_and_scratch_need_no_file() -> None:
    assert find_weights(PLAN.model_copy(update={"weights": "random"}), 160) is None
    assert find_weights(NetworkPlan(base="small_cnn"), 160) is None


def test_an_own_file_is_taken_and_missed(tmp_path: Path) -> None:
    own = tmp_path / "own.h5"
    plan = PLAN.model_copy(update={"weights": str(own)})
    assert _kind(plan).kind == "weights_file_missing"
    own.touch()
    assert find_weights(plan, 160) == own


def test_a_file_with_the_wrong_checksum_is_damaged(places: dict[str, Path]) -> None:
    (places["second"] / NAME_VGG).write_bytes(b"half of it")
    problem = _kind(NetworkPlan(base="vgg16"), 224)
    assert (problem.kind, problem.file) == (
        "weights_wrong_checksum",
        str(places["second"] / NAME_VGG),
    )


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)
    with running_server() as found:
        monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", found.address)
        yield found


@pytest.fixture
def body(tmp_path: Path) -> bytes:
    """A real HDF5 file, larger than one chunk of the download."""
    with h5py.File(tmp_path / "body.h5", "w") as file:
        file["numbers"] = np.zeros(700_000, np.uint8)
        file["more"] = list(range(100_000))
    return (tmp_path / "body.h5").read_bytes()


def _fetch_problem(plan: NetworkPlan = PLAN, size: int = 160) -> Problem:
    with pytest.raises(ProblemError) as caught:
        obtain_weights(plan, size, download_allowed=True)
    assert find_is_missing(plan, size)
    return caught.value.problem


def find_is_missing(plan: NetworkPlan, size: int) -> bool:
    return _kind(plan, size).kind == "weights_missing"


def test_nothing_is_fetched_unless_told(mirror: WeightsServer, body: bytes) -> None:
    mirror.files[NAME_160] = body
    with pytest.raises(ProblemError) as caught:
        obtain_weights(PLAN, 160, download_allowed=False)
    assert caught.value.problem.kind == "weights_missing"
    assert mirror.asked == []


def test_a_download_lands_in_keras_own_cache(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body
    told: list[tuple[int, int]] = []
    file = obtain_weights(
        PLAN, 160, download_allowed=True, on_progress=lambda *each: told.append(each)
    )
    assert file == places["cache"] / NAME_160
    assert file.read_bytes() == body
    assert find_weights(PLAN, 160) == file
    assert told[-1] == (len(body), len(body))
    assert told == sorted(told)
    assert len(told) > 2
    assert mirror.names == [NAME_160]


def test_a_size_the_server_has_not_is_served_by_another(mirror: WeightsServer, body: bytes) -> None:
    mirror.files[NAME_224] = body
    file = obtain_weights(PLAN, 160, download_allowed=True)
    assert file is not None
    assert file.name == NAME_224
    assert mirror.names[:2] == [NAME_160, NAME_224]


def test_a_server_without_the_file_is_a_problem(mirror: WeightsServer) -> None:
    problem = _fetch_problem()
    assert problem.kind == "weights_not_on_server"
    assert problem.values["reason"] == "HTTP 404"
    assert NAME_160 in problem.message
    assert "127.0.0.1" in problem.message


def test_a_download_that_breaks_off_goes_on_at_the_next_wish(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body
    mirror.broken_after = [300_000, 0]
    problem = _fetch_problem()
    assert problem.kind == "weights_broken_off"
    assert "0.3 MB" in problem.message
    assert part_of(places["cache"] / NAME_160).stat().st_size == 300_000
    file = obtain_weights(PLAN, 160, download_allowed=True)
    assert mirror.asked[-1] == (NAME_160, "bytes=300000-")
    assert file is not None
    assert file.read_bytes() == body


def test_no_server_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", f"http://127.0.0.1:{port}")
    assert _fetch_problem().kind == "weights_server_silent"


def test_no_internet_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*args: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    problem = _fetch_problem()
    assert problem.kind == "no_internet"
    assert "no internet" in problem.message
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", "http://weights.example")
    problem = _fetch_problem()
    assert problem.kind == "weights_mirror_unknown"
    assert "weights.example" in problem.message


def test_a_welcome_page_is_not_kept(mirror: WeightsServer, places: dict[str, Path]) -> None:
    mirror.files[NAME_160] = b"<html>Please log in to the hotel's network</html>"
    assert _fetch_problem().kind == "weights_web_page"
    assert not (places["cache"] / NAME_160).exists()
    assert not part_of(places["cache"] / NAME_160).exists()


def test_half_a_file_whose_length_nobody_says_is_not_kept(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body[:400_000]
    mirror.sends_length = False
    assert _fetch_problem().kind == "weights_wrong_bytes"
    assert not part_of(places["cache"] / NAME_160).exists()


def test_the_checksum_of_a_download_is_looked_at(
    mirror: WeightsServer, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.files[NAME_VGG] = body
    plan = NetworkPlan(base="vgg16")
    assert _fetch_problem(plan, 224).kind == "weights_wrong_bytes"
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(weights, "network_row", _row_with_md5(digest))
    assert obtain_weights(plan, 224, download_allowed=True) is not None


def _row_with_md5(md5: str) -> Callable[[NetworkPlan], NetworkRow]:
    row = network_row(NetworkPlan(base="vgg16"))
    assert row.weights is not None
    files = dataclasses.replace(row.weights, md5={NAME_VGG: md5})
    changed = dataclasses.replace(row, weights=files)
    return lambda _: changed


def test_a_download_can_be_stopped(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body
    with pytest.raises(InterruptedError):
        obtain_weights(PLAN, 160, download_allowed=True, should_stop=lambda: True)
    assert not (places["cache"] / NAME_160).exists()


def test_a_place_that_cannot_be_written_is_told(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body
    places["cache"].parent.mkdir()
    places["cache"].write_text("a file where the folder should be")
    problem = _fetch_problem()
    assert (problem.kind, problem.file) == ("weights_not_kept", str(places["cache"]))


def test_a_full_disk_is_told(
    mirror: WeightsServer, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.files[NAME_160] = body
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(download.shutil, "disk_usage", lambda folder: usage)
    assert _fetch_problem().kind == "disk_full"


def test_the_mirror_of_the_settings_serves_unless_the_environment_names_another(
    mirror: WeightsServer, body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / NAME_160).write_bytes(body)
    save_settings(Settings(weights_mirror=f" {tmp_path / 'share'} "))
    assert _fetch_problem().kind == "weights_not_on_server"
    monkeypatch.delenv("CNNSTUDIO_WEIGHTS_MIRROR")
    assert obtain_weights(PLAN, 160, download_allowed=True) is not None


def test_downloads_go_to_the_chosen_folder_and_are_found_there(
    mirror: WeightsServer, body: bytes, tmp_path: Path
) -> None:
    mirror.files[NAME_160] = body
    save_settings(Settings(weights_downloads=str(tmp_path / "chosen")))
    file = obtain_weights(PLAN, 160, download_allowed=True)
    assert file == tmp_path / "chosen" / NAME_160
    assert find_weights(PLAN, 160) == file


ROW = network_row(PLAN)


def test_what_is_here_is_not_fetched_again(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    (places["first"] / NAME_224).write_bytes(body)
    assert fetch_weights(ROW, 0.35, 224, None) == (places["first"] / NAME_224, True)
    assert mirror.asked == []


def test_what_is_here_is_copied_into_a_folder_that_is_to_be_filled(
    mirror: WeightsServer, body: bytes, places: dict[str, Path], tmp_path: Path
) -> None:
    (places["first"] / NAME_224).write_bytes(body)
    to = tmp_path / "classroom"
    assert fetch_weights(ROW, 0.35, 224, to) == (to / NAME_224, False)
    assert (to / NAME_224).read_bytes() == body
    assert fetch_weights(ROW, 0.35, 224, to) == (to / NAME_224, True)
    assert mirror.asked == []


def test_a_damaged_file_is_replaced_where_downloads_go(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_224] = body
    places["cache"].mkdir(parents=True)
    (places["cache"] / NAME_224).write_bytes(body[:1000])
    assert fetch_weights(ROW, 0.35, 224, None) == (places["cache"] / NAME_224, False)
    assert (places["cache"] / NAME_224).read_bytes() == body


def test_a_damaged_file_elsewhere_is_named(
    mirror: WeightsServer, body: bytes, places: dict[str, Path]
) -> None:
    (places["first"] / NAME_224).write_bytes(body[:1000])
    with pytest.raises(ProblemError) as caught:
        fetch_weights(ROW, 0.35, 224, None)
    assert caught.value.problem.file == str(places["first"] / NAME_224)
    assert mirror.asked == []


def test_a_network_that_learns_from_scratch_has_nothing_to_fetch() -> None:
    row = network_row(NetworkPlan(base="small_cnn"))
    with pytest.raises(ProblemError) as caught:
        fetch_weights(row, 1.0, 64, None)
    assert caught.value.problem.kind == "weights_from_scratch"


def test_a_file_that_cannot_be_read_is_named(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (places["first"] / NAME_VGG).touch()

    def refuse(path: Path, published: str) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(weights, "checksum_of", refuse)
    problem = _kind(NetworkPlan(base="vgg16"), 224)
    assert (problem.kind, problem.file) == ("weights_unreadable", str(places["first"] / NAME_VGG))
