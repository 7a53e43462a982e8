"""The commands of the weights library, against a small server on this computer."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnnstudio.cli.commands import main
from cnnstudio.engine import download
from cnnstudio.engine.service import Worker
from cnnstudio.project.weights_places import part_of
from cnnstudio.protocol import ClosingEvent, Command
from tests.weights_server import WeightsServer, running_server

NAME = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
NAME_VGG16 = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"


class _EngineHere:
    """The engine's own worker, in this process: what a test changes is seen by it."""

    is_ready = True

    def run(
        self,
        command: Command,
        on_event: Callable[[Any], None],
        should_stop: Callable[[], bool],
    ) -> ClosingEvent:
        return Worker().answer(command, on_event, should_stop)  # type: ignore[arg-type]


class _Keeper:
    def warm_up(self) -> None:
        """It is here already."""

    def take(self) -> _EngineHere:
        return _EngineHere()

    def give_back(self, engine: _EngineHere) -> None:
        """Nothing to keep."""

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is here; downloads go to the folder that is returned."""
    monkeypatch.setattr("cnnstudio.cli.engine.EngineKeeper", _Keeper)
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)
    monkeypatch.delenv("CNNSTUDIO_WEIGHTS", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "*")
    return tmp_path / "keras" / "models"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    with running_server() as found:
        monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", found.address)
        yield found


@pytest.fixture
def body(tmp_path: Path) -> bytes:
    """An HDF5 file that belongs to no network."""
    with h5py.File(tmp_path / "body.h5", "w") as file:
        file["numbers"] = np.ones(700_000, np.uint8)
    content = (tmp_path / "body.h5").read_bytes()
    (tmp_path / "body.h5").unlink()
    return content


def _lines(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _listed(capsys: pytest.CaptureFixture[str], network: str, width: float) -> dict[str, Any]:
    found: list[dict[str, Any]] = _lines(capsys)[-1]["weights"]
    return next(each for each in found if (each["network"], each["width"]) == (network, width))


def test_the_list_tells_what_is_here_and_where(
    capsys: pytest.CaptureFixture[str], places: Path
) -> None:
    assert main(["weights", "list", "--json"]) == 0
    missing = _listed(capsys, "vgg16", 1.0)
    assert (missing["here"], missing["name"], missing["megabytes"]) == (False, NAME_VGG16, 58.9)
    places.mkdir(parents=True)
    (places / NAME).write_bytes(bytes(1_500_000))
    part_of(places / NAME_VGG16).write_bytes(bytes(2_000_000))
    assert main(["weights", "list", "--json"]) == 0
    out = capsys.readouterr().out
    found = {(each["network"], each["width"]): each for each in json.loads(out)["weights"]}
    here = found["mobilenet_v2", 0.35]
    assert (here["here"], here["file"], here["folder"]) == (True, str(places / NAME), "keras")
    assert here["megabytes"] == 1.5
    assert found["vgg16", 1.0]["unfinished_megabytes"] == 2.0
    assert main(["weights", "list"]) == 0
    out = capsys.readouterr().out
    row = next(line for line in out.splitlines() if line.startswith("mobilenet_v2 --width 0.35"))
    assert "1.5 MB" in row
    assert str(places)[:20] in row
    assert "2.0 MB have arrived" in out
    assert "1 of " in out


def test_the_list_can_look_into_what_is_here(
    capsys: pytest.CaptureFixture[str], places: Path
) -> None:
    places.mkdir(parents=True)
    (places / NAME_VGG16).write_bytes(b"half of it")
    assert main(["weights", "list", "--check", "--json"]) == 1
    found = _listed(capsys, "vgg16", 1.0)
    assert (found["checksum"], found["right"]) == ("wrong", False)
    assert NAME_VGG16 in found["problem"]["message"]


def test_fetching_tells_how_far_it_is_and_where_the_file_is(
    server: WeightsServer, body: bytes, capsys: pytest.CaptureFixture[str], places: Path
) -> None:
    server.files[NAME] = body
    assert main(["weights", "fetch", "MobileNetV2", "--width", "0.35", "--json"]) == 0
    lines = _lines(capsys)
    assert lines[0] == {"event": "fetch", "network": "mobilenet_v2", "width": 0.35, "file": NAME}
    progress = [each for each in lines if each.get("event") == "progress"]
    assert progress[-1] | {"done": len(body), "total": len(body)} == progress[-1]
    (file,) = lines[-1]["files"]
    assert file["file"] == str(places / NAME)
    assert not file["was_here"]
    assert (places / NAME).read_bytes() == body
    assert main(["weights", "fetch", "mobilenet_v2", "--width", "0.35", "--json"]) == 0
    assert _lines(capsys)[-1]["files"][0]["was_here"]
    assert len(server.asked) == 1


def test_a_folder_is_filled(
    server: WeightsServer, body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files[NAME] = body
    monkeypatch.chdir(tmp_path)
    assert main(["weights", "fetch", "mobilenet_v2", "--width", "0.35", "--to", "share"]) == 0
    assert (tmp_path / "share" / NAME).read_bytes() == body


def test_the_size_of_the_pictures_chooses_the_file(server: WeightsServer, body: bytes) -> None:
    name = NAME.replace("224", "160")
    server.files[name] = body
    command = ["weights", "fetch", "mobilenet_v2", "--width", "0.35", "--size", "160"]
    assert main(command) == 0
    assert server.names == [name]


def test_one_file_that_the_server_has_not_does_not_keep_the_others(
    server: WeightsServer, body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    server.files[NAME.replace("0.35", "1.0")] = body
    assert main(["weights", "fetch", "vgg16", "mobilenet_v2", "--json"]) == 1
    lines = _lines(capsys)
    (problem,) = [each for each in lines if each.get("event") == "problem"]
    assert problem["kind"] == "weights_not_on_server"
    assert [each["network"] for each in lines[-1]["files"]] == ["mobilenet_v2"]
    assert "1 of 2" in lines[-1]["error"]


def test_all_stop_at_a_network_that_is_barred(
    server: WeightsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.status = 407
    assert main(["weights", "fetch", "--all"]) == 1
    assert len(server.asked) == 1
    assert "Ask whoever runs the network" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuchnetwork"], "no network called"),
        (["small_cnn"], "learns from scratch"),
        (["vgg16", "--width", "0.3"], "no width 0.3"),
        ([], "No network is named"),
    ],
)
def test_what_cannot_be_fetched_is_told(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["weights", "fetch", *arguments]) == 1
    assert words in capsys.readouterr().err


def test_a_folder_is_checked_file_by_file(
    real_weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    shutil.copyfile(real_weights / NAME, folder / NAME)
    assert main(["weights", "check", str(folder)]) == 0
    assert "All is well." in capsys.readouterr().out
    wrong_width = NAME.replace("0.35", "1.0")
    shutil.copyfile(real_weights / NAME, folder / wrong_width)
    (folder / "own.h5").write_bytes(b"no weights")
    assert main(["weights", "check", str(folder), "--json"]) == 1
    found = {Path(each["file"]).name: each for each in _lines(capsys)[-1]["files"]}
    assert found[NAME]["right"]
    assert found[wrong_width]["problem"]["kind"] == "weights_other_shape"
    assert found["own.h5"]["problem"]["kind"] == "weights_no_hdf5"
    assert main(["weights", "check", str(folder)]) == 1
    captured = capsys.readouterr()
    assert "has the shape" in captured.out
    assert "2 of 3 files" in captured.err


@pytest.mark.parametrize("folder", ["empty", "not there"])
def test_a_folder_without_weights_is_told(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["weights", "check", str(tmp_path / folder)]) == 1
    assert str(tmp_path / folder) in capsys.readouterr().err


def _cnnstudio(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cnnstudio", *arguments, "--json"]


def test_ctrl_c_keeps_what_has_arrived_and_the_next_time_goes_on(
    server: WeightsServer, body: bytes, places: Path
) -> None:
    server.files[NAME] = body
    server.stalls_after = 300_000
    command = _cnnstudio("weights", "fetch", "mobilenet_v2", "--width", "0.35")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as child:
        _wait_for(lambda: _size(part_of(places / NAME)) == 300_000)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "kept" in err
    assert "goes on where it stopped" in json.loads(out.splitlines()[-1])["remedy"]
    server.stalls_after = None
    assert main(["weights", "fetch", "mobilenet_v2", "--width", "0.35"]) == 0
    assert server.asked[-1] == (NAME, "bytes=300000-")
    assert (places / NAME).read_bytes() == body


@pytest.mark.slow
def test_a_folder_filled_once_serves_a_computer_that_may_only_read_it(
    server: WeightsServer, real_weights: Path, tmp_path: Path, places: Path
) -> None:
    server.files[NAME] = (real_weights / NAME).read_bytes()
    share = tmp_path / "share"
    fetch = ("weights", "fetch", "mobilenet_v2", "--width", "0.35", "--to", str(share))
    assert main([*fetch]) == 0
    assert [each.name for each in share.iterdir()] == [NAME]
    (share / NAME).chmod(0o444)
    share.chmod(0o555)
    try:
        environment = os.environ | {"CNNSTUDIO_WEIGHTS": str(share)}
        environment["CNNSTUDIO_WEIGHTS_MIRROR"] = "http://127.0.0.1:9/"
        main(["samples", str(tmp_path / "pictures"), "--per-class", "8"])
        settings = ["network.base=mobilenet_v2", "network.width=0.35", "pictures.size=32"]
        settings += ["training.epochs=1", "training.fine_tuning=0"]
        chosen = [word for each in settings for word in ("--set", each)]
        train = ("train", str(tmp_path / "pictures"), *chosen, "--runs", str(tmp_path / "runs"))
        trained = subprocess.run(
            _cnnstudio(*train), capture_output=True, encoding="utf-8", env=environment, check=False
        )
        assert trained.returncode == 0, trained.stderr
        assert [each.name for each in share.iterdir()] == [NAME]
        assert not places.exists()
    finally:
        share.chmod(0o755)


def _wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it never came to that")


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return 0
