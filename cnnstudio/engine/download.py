"""Fetching one file so that it is there whole or not at all, and goes on where it broke off.

Beside the target grow ``NAME.part`` and, with what is to be known to go on, ``NAME.part.json``.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from cnnstudio.engine.arriving import Arrival, DownloadError, Opened, ShouldStop
from cnnstudio.project.files import (
    is_file,
    read_json,
    rename_over,
    version_of,
    write_json_atomically,
)
from cnnstudio.project.weights_places import notes_of, part_of, size_of_part

OnBytes = Callable[[int, int], None]

MOST_ATTEMPTS = 5
"""How often in a row a download that breaks off is gone on with, while each brings something."""
PAUSE_SECONDS = 1.0
"""Between two attempts, and between two looks whether another window is done."""

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_SHA256_DIGITS = 64


class _WrongFileError(DownloadError):
    """The whole file arrived, and it is another one."""


@dataclass(frozen=True)
class _Kept:
    """What is there of an unfinished file."""

    size: int = 0
    total: int = 0
    validator: str = ""


def download(
    address: str,
    target: Path,
    *,
    checksum: str | None = None,
    verify: Callable[[Path], None] = lambda file: None,
    on_progress: OnBytes = lambda done, total: None,
    should_stop: ShouldStop = lambda: False,
) -> None:
    """Fetch ``address`` to ``target``, which appears only once it is whole and right.

    ``checksum`` is MD5 or SHA-256, in hexadecimal digits; ``verify`` may refuse the whole file by
    raising DownloadError. ``on_progress`` hears bytes done and in all (0: the server does not
    say). What another window is fetching already is waited for.

    Raises:
        DownloadError: if it cannot be had; what has arrived is kept to go on with, unless it is
            the wrong file.
        OSError: if it cannot be written.
        InterruptedError: when ``should_stop`` says so; what has arrived is kept.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    before = version_of(target)
    with _alone(target, should_stop, lambda: on_progress(size_of_part(target), 0)):
        if version_of(target) != before:
            return  # Another window was faster.
        is_glued = bool(_kept(address, target, checksum).size)
        try:
            _fetch_and_check(address, target, checksum, verify, on_progress, should_stop)
        except _WrongFileError:
            if not is_glued:
                raise
            # Perhaps the two halves were of different files.
            _fetch_and_check(address, target, checksum, verify, on_progress, should_stop)
        rename_over(part_of(target), target)
        _forget(target)


def _fetch_and_check(
    address: str,
    target: Path,
    checksum: str | None,
    verify: Callable[[Path], None],
    on_progress: OnBytes,
    should_stop: ShouldStop,
) -> None:
    _fetch(address, target, checksum, on_progress, should_stop)
    try:
        verify(part_of(target))
        _check(part_of(target), checksum)
    except DownloadError as error:
        _forget(target)
        raise _WrongFileError(error.kind, **error.values) from error


def _fetch(
    address: str,
    target: Path,
    checksum: str | None,
    on_progress: OnBytes,
    should_stop: ShouldStop,
) -> None:
    """Let the part grow until it is whole."""
    for attempt in range(MOST_ATTEMPTS):
        kept = _kept(address, target, checksum)
        if kept.total and kept.size == kept.total:
            return
        try:
            _fetch_rest(address, target, kept, on_progress, should_stop)
            return
        except DownloadError as error:
            size = size_of_part(target)
            error.values.setdefault("done_mb", f"{size / 1e6:.1f}")
            goes_on = error.kind == "weights_broken_off" and size > kept.size
            can_go_on = goes_on and _kept(address, target, checksum).size
            if not can_go_on or attempt == MOST_ATTEMPTS - 1:
                raise
        _pause(should_stop)


def _fetch_rest(
    address: str, target: Path, kept: _Kept, on_progress: OnBytes, should_stop: ShouldStop
) -> None:
    part = part_of(target)
    with Arrival(address, kept.size, kept.validator) as arriving:
        opened = arriving.opened(should_stop)
        _require_room(target.parent, opened)
        with part.open("r+b" if opened.begin else "wb") as file:
            if not opened.begin:
                notes = {"address": address, "total": opened.total, "validator": opened.validator}
                write_json_atomically(notes_of(target), notes)
            file.seek(opened.begin)
            file.truncate()
            done = opened.begin

            def is_to_stop() -> bool:
                # Told also while nothing arrives, as whoever listens may have missed the last.
                on_progress(done, opened.total)
                return should_stop()

            while chunk := arriving.chunk(is_to_stop):
                file.write(chunk)
                done += len(chunk)
            on_progress(done, opened.total)
            file.flush()
            os.fsync(file.fileno())
    if opened.total and done != opened.total:
        reason = f"{done} / {opened.total} bytes"
        raise DownloadError("weights_broken_off", reason=reason)


def _kept(address: str, target: Path, checksum: str | None) -> _Kept:
    """What can be gone on with: bytes of the same address, of a file that can be told apart from
    a changed one, by what the server says or in the end by its checksum."""
    try:
        notes = read_json(notes_of(target))
        size = part_of(target).stat().st_size
        total, validator = int(notes["total"]), str(notes["validator"])
        is_same = notes["address"] == address
    except (OSError, ValueError, KeyError, TypeError):
        return _Kept()
    if not is_same or not (validator or checksum) or (total and size > total):
        return _Kept()
    return _Kept(size, total, validator)


def _check(part: Path, checksum: str | None) -> None:
    if checksum is None:
        return
    found = checksum_of(part, checksum)
    if found != checksum:
        kind = "SHA-256" if len(checksum) == _SHA256_DIGITS else "MD5"
        raise DownloadError("weights_wrong_bytes", reason=f"{kind} {found} ≠ {checksum}")


def checksum_of(file: Path, published: str) -> str:
    """The checksum of ``file``, of the kind that ``published`` is. Raises OSError."""
    with file.open("rb") as opened:
        if len(published) == _SHA256_DIGITS:
            return hashlib.file_digest(opened, "sha256").hexdigest()
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _require_room(folder: Path, opened: Opened) -> None:
    """Better said at once than after an hour. Raises OSError."""
    if shutil.disk_usage(folder).free < opened.total - opened.begin:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _forget(target: Path) -> None:
    for each in (part_of(target), notes_of(target)):
        each.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(
    target: Path, should_stop: ShouldStop, while_waiting: Callable[[], None]
) -> Iterator[None]:
    """Within the block, no other window or command fetches ``target``."""
    path = part_of(target).with_name(part_of(target).name + ".lock")
    lock = FileLock(path, timeout=0, mode=0o666, thread_local=False)
    while True:
        try:
            lock.acquire()
            break
        except Timeout:
            while_waiting()
            _pause(should_stop)
        except NotImplementedError:
            break
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            break
    try:
        yield
    finally:
        if is_file(target):
            # Whoever gets the lock after this finds the whole file and has nothing to do.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        lock.release()


def _pause(should_stop: ShouldStop) -> None:
    end = time.monotonic() + PAUSE_SECONDS
    while time.monotonic() < end:
        if should_stop():
            raise InterruptedError
        time.sleep(min(0.1, PAUSE_SECONDS))
