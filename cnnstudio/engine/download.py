"""Fetching one file from the network, so that it is there whole or not at all."""

import errno
import hashlib
import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import certifi

from cnnstudio.project.files import written_atomically

_CHUNK_BYTES = 1 << 18
_TIMEOUT_SECONDS = 30.0
_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}

OnBytes = Callable[[int, int], None]


class DownloadError(Exception):
    """The file did not arrive; the text is the system's own reason."""


class NoInternetError(DownloadError):
    """The address' name could not even be looked up, or no network leads there."""


class NotThereError(DownloadError):
    """The server has no such file."""


def download(
    address: str,
    target: Path,
    *,
    md5: str | None = None,
    on_progress: OnBytes = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Fetch ``address`` to ``target``, which appears only once it is complete.

    ``on_progress`` hears bytes done and in all (0: the server does not say).

    Raises:
        DownloadError: if it cannot be had, breaks off, or is not the file of ``md5``.
        OSError: if it cannot be written.
        InterruptedError: when ``should_stop`` says so.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _opened(address) as response, written_atomically(target) as beside:
        total = int(response.headers.get("Content-Length") or 0)
        done = 0
        digest = hashlib.md5(usedforsecurity=False)
        with beside.open("wb") as file:
            while chunk := _read(response):
                if should_stop():
                    raise InterruptedError
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                on_progress(done, total)
        if total and done != total:
            raise DownloadError(f"{done} / {total} bytes")
        if md5 is not None and digest.hexdigest() != md5:
            raise DownloadError(f"MD5 {digest.hexdigest()} ≠ {md5}")


def _opened(address: str) -> http.client.HTTPResponse:
    # Python from python.org on macOS comes without certificates of its own.
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    try:
        response = urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS, context=context)
    except urllib.error.HTTPError as error:
        kind = NotThereError if error.code in (404, 410) else DownloadError
        raise kind(f"HTTP {error.code}") from error
    except urllib.error.URLError as error:
        reason = error.reason
        no_way = isinstance(reason, OSError) and reason.errno in _NO_NETWORK
        kind = NoInternetError if isinstance(reason, socket.gaierror) or no_way else DownloadError
        raise kind(getattr(reason, "strerror", None) or str(reason)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DownloadError(str(error)) from error
    assert isinstance(response, http.client.HTTPResponse)
    return response


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(str(error) or type(error).__name__) from error
