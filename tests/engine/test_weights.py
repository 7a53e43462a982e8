"""Where weights are looked for, and how they are fetched from a server of our own."""

import hashlib
import http.server
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnnstudio.engine import weights
from cnnstudio.engine.weights import find_weights, obtain_weights
from cnnstudio.project import network_table
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.settings import Settings, save_settings

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
    monkeypatch.setattr(weights, "packaged_weights_folder", lambda: found["packaged"])
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
    assert (problem.kind, problem.file) == ("weights_damaged", str(places["second"] / NAME_VGG))


@dataclass
class Mirror:
    """A server of our own: what it has, and what it breaks off after how many bytes."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    broken_after: int | None = None
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path.rsplit("/", 1)[-1])
            body = found.files.get(found.asked[-1])
            if body is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: found.broken_after])

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    found = Mirror(f"http://127.0.0.1:{server.server_port}/weights/")
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", found.address)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


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


def test_nothing_is_fetched_unless_told(mirror: Mirror, body: bytes) -> None:
    mirror.files[NAME_160] = body
    with pytest.raises(ProblemError) as caught:
        obtain_weights(PLAN, 160, download_allowed=False)
    assert caught.value.problem.kind == "weights_missing"
    assert mirror.asked == []


def test_a_download_lands_in_keras_own_cache(
    mirror: Mirror, body: bytes, places: dict[str, Path]
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
    assert mirror.asked == [NAME_160]


def test_a_size_the_server_has_not_is_served_by_another(mirror: Mirror, body: bytes) -> None:
    mirror.files[NAME_224] = body
    file = obtain_weights(PLAN, 160, download_allowed=True)
    assert file is not None
    assert file.name == NAME_224
    assert mirror.asked[:2] == [NAME_160, NAME_224]


def test_a_server_without_the_file_is_a_problem(mirror: Mirror) -> None:
    problem = _fetch_problem()
    assert problem.kind == "weights_download_failed"
    assert problem.values["reason"] == "HTTP 404"
    assert NAME_160 in problem.message


def test_a_download_that_breaks_off_leaves_nothing(
    mirror: Mirror, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body
    mirror.broken_after = 300_000
    problem = _fetch_problem()
    assert problem.kind == "weights_download_failed"
    assert str(len(body)) in str(problem.values["reason"])
    assert list(places["cache"].iterdir()) == []


def test_no_server_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", f"http://127.0.0.1:{port}")
    assert _fetch_problem().kind == "weights_download_failed"


def test_no_internet_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*args: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", "http://weights.example")
    problem = _fetch_problem()
    assert problem.kind == "no_internet"
    assert "no internet" in problem.message


def test_a_welcome_page_is_not_kept(mirror: Mirror, places: dict[str, Path]) -> None:
    mirror.files[NAME_160] = b"<html>Please log in to the hotel's network</html>"
    assert _fetch_problem().kind == "weights_download_failed"
    assert list(places["cache"].iterdir()) == []


def test_the_checksum_of_a_download_is_looked_at(
    mirror: Mirror, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.files[NAME_VGG] = body
    plan = NetworkPlan(base="vgg16")
    assert _fetch_problem(plan, 224).kind == "weights_download_failed"
    files = network_table.network_row(plan).weights
    assert files is not None
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(weights, "network_row", _row_with_md5(plan, digest))
    assert obtain_weights(plan, 224, download_allowed=True) is not None


def _row_with_md5(plan: NetworkPlan, md5: str):  # type: ignore[no-untyped-def]
    import dataclasses

    row = network_table.network_row(plan)
    assert row.weights is not None
    changed = dataclasses.replace(
        row, weights=dataclasses.replace(row.weights, md5={VGG16_FILE: md5})
    )
    return lambda _: changed


def test_a_download_can_be_stopped(mirror: Mirror, body: bytes, places: dict[str, Path]) -> None:
    mirror.files[NAME_160] = body
    with pytest.raises(InterruptedError):
        obtain_weights(PLAN, 160, download_allowed=True, should_stop=lambda: True)
    assert list(places["cache"].iterdir()) == []


def test_a_cache_that_cannot_be_written_is_told(
    mirror: Mirror, body: bytes, places: dict[str, Path]
) -> None:
    mirror.files[NAME_160] = body
    places["cache"].parent.mkdir()
    places["cache"].write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        obtain_weights(PLAN, 160, download_allowed=True)
