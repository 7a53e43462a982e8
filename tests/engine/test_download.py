"""Fetching one file: whole or not at all, and going on where it broke off."""

import errno
import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from cnnstudio.engine import download as module
from cnnstudio.engine.arriving import DownloadError, address_below, host_of
from cnnstudio.engine.download import download
from cnnstudio.project.weights_places import notes_of, part_of
from tests.weights_server import WeightsServer, refusing_proxy, running_server

BODY = bytes(range(256)) * 8000
OTHER = bytes(reversed(BODY))
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
NAME = "some.h5"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    with running_server() as found:
        found.files[NAME] = BODY
        yield found


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / NAME


class Progress:
    """Hears how far it is, and wishes it to stop after so many bytes."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.told: list[tuple[int, int]] = []
        self._stop_at = stop_at

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def should_stop(self) -> bool:
        done = self.told[-1][0] if self.told else 0
        return self._stop_at is not None and done >= self._stop_at


def _failure(server: WeightsServer, target: Path, **given: object) -> DownloadError:
    with pytest.raises(DownloadError) as caught:
        download(server.address + NAME, target, **given)  # type: ignore[arg-type]
    assert not target.exists()
    return caught.value


def _stop_halfway(server: WeightsServer, target: Path) -> int:
    """Bytes that are kept of a download that the person stopped."""
    progress = Progress(stop_at=len(BODY) // 2)
    with pytest.raises(InterruptedError):
        download(
            server.address + NAME,
            target,
            on_progress=progress,
            should_stop=progress.should_stop,
        )
    return part_of(target).stat().st_size


def _only(target: Path) -> bool:
    return [each.name for each in target.parent.iterdir()] == [target.name]


def test_a_whole_file_arrives_and_nothing_else_is_left(server: WeightsServer, target: Path) -> None:
    progress = Progress()
    download(server.address + NAME, target, checksum=MD5, on_progress=progress)
    assert target.read_bytes() == BODY
    assert _only(target)
    assert progress.told[0] == (0, len(BODY))
    assert progress.told[-1] == (len(BODY), len(BODY))
    assert progress.told == sorted(progress.told)


def test_a_stopped_download_keeps_its_part_and_goes_on_there(
    server: WeightsServer, target: Path
) -> None:
    kept = _stop_halfway(server, target)
    assert len(BODY) // 2 <= kept < len(BODY)
    assert not target.exists()
    progress = Progress()
    download(server.address + NAME, target, checksum=MD5, on_progress=progress)
    assert server.asked[-1] == (NAME, f"bytes={kept}-")
    assert progress.told[0] == (kept, len(BODY))
    assert target.read_bytes() == BODY
    assert _only(target)


def test_a_server_without_ranges_begins_again(server: WeightsServer, target: Path) -> None:
    server.knows_ranges = False
    _stop_halfway(server, target)
    progress = Progress()
    download(server.address + NAME, target, on_progress=progress)
    assert progress.told[0] == (0, len(BODY))
    assert target.read_bytes() == BODY


@pytest.mark.parametrize("sign", ["etag", "last_modified"])
def test_a_file_that_changed_meanwhile_is_not_glued(
    server: WeightsServer, target: Path, sign: str
) -> None:
    server.etag = 'W/"weak"'
    server.last_modified = "Mon, 01 Jan 2024 00:00:00 GMT"
    if sign == "etag":
        server.etag, server.last_modified = '"first"', ""
    _stop_halfway(server, target)
    server.files[NAME] = OTHER
    setattr(server, sign, '"second"' if sign == "etag" else "Tue, 02 Jan 2024 00:00:00 GMT")
    download(server.address + NAME, target)
    assert server.asked[-1][1].startswith("bytes=")
    assert target.read_bytes() == OTHER


def test_without_a_sign_of_change_and_a_checksum_it_begins_again(
    server: WeightsServer, target: Path
) -> None:
    server.etag = ""
    _stop_halfway(server, target)
    server.files[NAME] = OTHER
    download(server.address + NAME, target)
    assert server.asked[-1] == (NAME, "")
    assert target.read_bytes() == OTHER


def test_two_halves_of_different_files_are_found_by_the_checksum(
    server: WeightsServer, target: Path
) -> None:
    server.etag = ""
    server.files[NAME] = OTHER
    _stop_halfway(server, target)
    server.files[NAME] = BODY
    download(server.address + NAME, target, checksum=MD5)
    assert [wanted[:6] for _, wanted in server.asked] == ["", "bytes=", ""]
    assert target.read_bytes() == BODY


def test_another_address_does_not_go_on_with_the_part(server: WeightsServer, target: Path) -> None:
    _stop_halfway(server, target)
    download(server.address + "elsewhere/" + NAME, target)
    assert server.asked[-1] == (NAME, "")


def test_a_part_that_is_longer_than_the_file_begins_again(
    server: WeightsServer, target: Path
) -> None:
    _stop_halfway(server, target)
    server.files[NAME] = BODY[:1000]
    download(server.address + NAME, target)
    assert target.read_bytes() == BODY[:1000]


@pytest.mark.parametrize("notes", ["", "[]", '{"address": 3}', "{"])
def test_a_part_without_its_notes_begins_again(
    server: WeightsServer, target: Path, notes: str
) -> None:
    _stop_halfway(server, target)
    notes_of(target).write_text(notes)
    download(server.address + NAME, target, checksum=MD5)
    assert server.asked[-1] == (NAME, "")


def test_a_download_that_breaks_off_goes_on_by_itself(server: WeightsServer, target: Path) -> None:
    server.broken_after = [300_000, 400_000]
    download(server.address + NAME, target, checksum=MD5)
    assert [wanted for _, wanted in server.asked] == ["", "bytes=300000-", "bytes=700000-"]
    assert target.read_bytes() == BODY


def test_one_that_breaks_off_without_bringing_anything_ends_and_keeps_its_part(
    server: WeightsServer, target: Path
) -> None:
    server.broken_after = [300_000, 0]
    failure = _failure(server, target)
    assert failure.kind == "weights_broken_off"
    assert failure.values["done_mb"] == "0.3"
    assert part_of(target).read_bytes() == BODY[:300_000]
    download(server.address + NAME, target, checksum=MD5)
    assert server.asked[-1] == (NAME, "bytes=300000-")
    assert target.read_bytes() == BODY


def test_one_that_cannot_be_gone_on_with_ends_at_once(server: WeightsServer, target: Path) -> None:
    server.etag = ""
    server.broken_after = [300_000]
    assert _failure(server, target).kind == "weights_broken_off"
    assert len(server.asked) == 1


def test_a_length_that_is_not_said_is_not_missed(server: WeightsServer, target: Path) -> None:
    server.sends_length = False
    progress = Progress()
    download(server.address + NAME, target, checksum=MD5, on_progress=progress)
    assert progress.told[-1] == (len(BODY), 0)


def test_the_wrong_file_is_not_kept(server: WeightsServer, target: Path) -> None:
    server.files[NAME] = OTHER
    failure = _failure(server, target, checksum=MD5)
    assert failure.kind == "weights_wrong_bytes"
    assert MD5 in failure.values["reason"]
    assert not part_of(target).exists()
    assert not notes_of(target).exists()


def test_a_checksum_of_64_digits_is_a_sha_256(server: WeightsServer, target: Path) -> None:
    digest = hashlib.sha256(BODY).hexdigest()
    assert _failure(server, target, checksum="0" * 64).values["reason"].startswith("SHA-256")
    download(server.address + NAME, target, checksum=digest)
    assert target.read_bytes() == BODY


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, "weights_not_on_server"),
        (410, "weights_not_on_server"),
        (403, "weights_download_failed"),
        (500, "weights_download_failed"),
        (407, "weights_proxy_refused"),
    ],
)
def test_what_the_server_refuses_is_told(
    server: WeightsServer, target: Path, status: int, kind: str
) -> None:
    server.status = status
    failure = _failure(server, target)
    assert (failure.kind, failure.values["reason"]) == (kind, f"HTTP {status}")


@pytest.mark.parametrize("status", [403, 407])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_named(
    target: Path, monkeypatch: pytest.MonkeyPatch, status: int, scheme: str
) -> None:
    with refusing_proxy(status) as proxy:
        _use_proxy(monkeypatch, proxy.replace("http://", "http://somebody:secret@"))
        with pytest.raises(DownloadError) as caught:
            download(f"{scheme}://weights.example/{NAME}", target)
    assert caught.value.kind == "weights_proxy_refused"
    assert caught.value.values["reason"] == f"HTTP {status}"
    assert caught.value.values["proxy"] == proxy.removeprefix("http://")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(
    target: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    _use_proxy(monkeypatch, f"http://127.0.0.1:{_unused_port()}")
    with pytest.raises(DownloadError) as caught:
        download(f"{scheme}://weights.example/{NAME}", target)
    assert caught.value.kind == "weights_proxy_refused"
    assert "127.0.0.1" in caught.value.values["proxy"]


def _use_proxy(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("https_proxy", address)


def _unused_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


def test_no_server_is_told(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(DownloadError) as caught:
        download(f"http://127.0.0.1:{_unused_port()}/{NAME}", target)
    assert caught.value.kind == "weights_server_silent"


def test_a_name_that_nobody_knows_is_no_internet(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*args: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(DownloadError) as caught:
        download(f"https://weights.example/{NAME}", target)
    assert caught.value.kind == "no_internet"


def test_a_connection_that_is_no_tls_is_not_trusted(server: WeightsServer, target: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        download(server.address.replace("http:", "https:") + NAME, target)
    assert caught.value.kind == "weights_not_secure"


def test_stopping_does_not_wait_for_a_server_that_says_nothing(
    server: WeightsServer, target: Path
) -> None:
    server.stalls_after = 1000
    progress = Progress(stop_at=1000)
    with pytest.raises(InterruptedError):
        download(
            server.address + NAME, target, on_progress=progress, should_stop=progress.should_stop
        )
    assert not server.go_on.is_set()
    assert part_of(target).stat().st_size == 1000


def test_a_server_that_falls_silent_is_given_up(
    server: WeightsServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnstudio.engine.arriving.TIMEOUT_SECONDS", 0.2)
    server.stalls_after = 0
    assert _failure(server, target).kind == "weights_broken_off"


def test_a_folder_is_a_mirror_too(tmp_path: Path, target: Path) -> None:
    folder = tmp_path / "공유 folder"
    folder.mkdir()
    (folder / NAME).write_bytes(BODY)
    for base in (str(folder), folder.as_uri(), folder.as_uri() + "/"):
        download(address_below(base, NAME), target, checksum=MD5)
        assert target.read_bytes() == BODY
        target.unlink()


def test_a_copy_from_a_folder_goes_on_where_it_was_stopped(tmp_path: Path, target: Path) -> None:
    (tmp_path / NAME).write_bytes(BODY)
    progress = Progress(stop_at=len(BODY) // 2)
    address = str(tmp_path / NAME)
    with pytest.raises(InterruptedError):
        download(address, target, on_progress=progress, should_stop=progress.should_stop)
    kept = part_of(target).stat().st_size
    progress = Progress()
    download(address, target, on_progress=progress)
    assert progress.told[0] == (kept, len(BODY))
    assert target.read_bytes() == BODY


@pytest.mark.parametrize(
    ("mirror", "kind"),
    [
        ("ftp://weights.example", "weights_mirror_unclear"),
        ("no such folder", "weights_mirror_unclear"),
        (".", "weights_not_on_server"),
    ],
)
def test_a_mirror_that_is_none_is_told(
    target: Path, mirror: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DownloadError) as caught:
        download(address_below(mirror, NAME), target)
    assert caught.value.kind == kind


def test_two_that_fetch_the_same_file_do_not_spoil_it(server: WeightsServer, target: Path) -> None:
    failed: list[BaseException] = []

    def fetch() -> None:
        try:
            download(server.address + NAME, target, checksum=MD5)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert len(server.asked) == 1
    assert target.read_bytes() == BODY
    assert _only(target)


def test_waiting_for_another_window_tells_how_far_that_is_and_can_be_stopped(
    server: WeightsServer, target: Path
) -> None:
    _stop_halfway(server, target)
    kept = part_of(target).stat().st_size
    progress = Progress(stop_at=1)
    with FileLock(str(part_of(target)) + ".lock"), pytest.raises(InterruptedError):
        download(
            server.address + NAME, target, on_progress=progress, should_stop=progress.should_stop
        )
    assert progress.told[0] == (kept, 0)
    assert part_of(target).stat().st_size == kept


def test_a_full_disk_is_noticed_before_anything_is_fetched(
    server: WeightsServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": len(BODY) - 1})
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(OSError) as caught:
        download(server.address + NAME, target)
    assert caught.value.errno == errno.ENOSPC
    assert not part_of(target).exists()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the right to write is always there"
)
def test_a_folder_that_cannot_be_written_raises(server: WeightsServer, target: Path) -> None:
    target.parent.mkdir()
    target.parent.chmod(0o555)
    with pytest.raises(PermissionError):
        download(server.address + NAME, target)


def test_a_file_that_is_there_is_replaced_only_by_a_whole_one(
    server: WeightsServer, target: Path
) -> None:
    target.parent.mkdir()
    target.write_bytes(b"before")
    server.broken_after = [0]
    with pytest.raises(DownloadError):
        download(server.address + NAME, target)
    assert target.read_bytes() == b"before"
    download(server.address + NAME, target)
    assert target.read_bytes() == BODY


def test_no_password_is_part_of_a_servers_name() -> None:
    assert host_of("https://somebody:secret@weights.example:8000/a/b.h5") == "weights.example"
