"""Bytes from an address or a folder, read by a thread of their own so that stopping is prompt.

What a server or the network refuses becomes a :class:`DownloadError` with the kind of the problem.
"""

import contextlib
import errno
import http.client
import queue
import re
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

import certifi

CHUNK_BYTES = 1 << 18
TIMEOUT_SECONDS = 30.0
_POLL_SECONDS = 0.1
_WAITING_CHUNKS = 8
_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}
_HTTP_NOT_THERE = (404, 410)
_HTTP_PROXY_WANTS_LOGIN = 407
_HTTP_RANGE_REFUSED = 416
_REFUSED_BY_PROXY = re.compile(r"Tunnel connection failed: (\d+)")

ShouldStop = Callable[[], bool]


class DownloadError(Exception):
    """The file did not arrive. ``kind`` is a kind of problem, ``values`` are for its sentences."""

    def __init__(self, kind: str, **values: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


class _NoRangeError(Exception):
    """The server does not give the rest of the file; it is to be asked for the whole."""


@dataclass(frozen=True)
class Opened:
    """The bytes from ``begin`` to the end come next; ``total`` is of the whole file (0: unknown).

    ``validator`` is different as soon as the file is another one; empty where nobody says.
    """

    begin: int
    total: int
    validator: str


class Arrival:
    """What comes from ``address`` (http, https, file, or a path).

    With ``begin``, only the rest is asked for, if the file is still the one of ``validator``.
    """

    def __init__(self, address: str, begin: int = 0, validator: str = "") -> None:
        self._wanted = address, begin, validator
        self._waiting: queue.Queue[Opened | bytes | BaseException] = queue.Queue(_WAITING_CHUNKS)
        self._is_left = threading.Event()

    def __enter__(self) -> "Arrival":
        threading.Thread(target=self._read, name="arriving", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_left.set()

    def opened(self, should_stop: ShouldStop) -> Opened:
        """Wait for the answer. Raises DownloadError, OSError or InterruptedError."""
        found = self._next(should_stop)
        assert isinstance(found, Opened)
        return found

    def chunk(self, should_stop: ShouldStop) -> bytes:
        """The next bytes, empty at the end. Raises DownloadError, OSError or InterruptedError."""
        found = self._next(should_stop)
        assert isinstance(found, bytes)
        return found

    def _next(self, should_stop: ShouldStop) -> Opened | bytes:
        while True:
            if should_stop():
                raise InterruptedError
            with contextlib.suppress(queue.Empty):
                found = self._waiting.get(timeout=_POLL_SECONDS)
                if isinstance(found, BaseException):
                    raise found
                return found

    def _read(self) -> None:
        address, begin, validator = self._wanted
        try:
            try:
                stream, opened = _open(address, begin, validator)
            except _NoRangeError:
                stream, opened = _open(address, 0, "")
            with stream:
                self._put(opened)
                while chunk := _next_of(stream):
                    self._put(chunk)
                self._put(b"")
        except InterruptedError:  # Nobody waits any more.
            return
        except Exception as error:  # It belongs to the thread that waits.
            with contextlib.suppress(InterruptedError):
                self._put(error)

    def _put(self, what: "Opened | bytes | BaseException") -> None:
        while True:
            if self._is_left.is_set():
                raise InterruptedError
            with contextlib.suppress(queue.Full):
                self._waiting.put(what, timeout=_POLL_SECONDS)
                return


def host_of(address: str) -> str:
    """The server of an address, or the folder of a path, as a person may read it."""
    parts = urllib.parse.urlsplit(address)
    return parts.hostname or address


def address_below(base: str, name: str) -> str:
    """The address, or the path, of the file ``name`` at ``base``."""
    if _is_address(base):
        return f"{base.rstrip('/')}/{urllib.parse.quote(name)}"
    return str(Path(base).expanduser() / name)


def _is_address(text: str) -> bool:
    return "://" in text


def _open(address: str, begin: int, validator: str) -> tuple[IO[bytes], Opened]:
    if not _is_address(address):
        return _open_file(Path(address), begin, validator)
    scheme = urllib.parse.urlsplit(address).scheme.lower()
    if scheme == "file":
        path = urllib.request.url2pathname(urllib.parse.urlsplit(address).path)
        return _open_file(Path(path), begin, validator)
    if scheme not in ("http", "https"):
        raise DownloadError("weights_mirror_unclear")
    return _open_http(address, begin, validator)


def _open_file(path: Path, begin: int, validator: str) -> tuple[IO[bytes], Opened]:
    if not path.parent.is_dir():
        raise DownloadError("weights_mirror_unclear")
    try:
        facts = path.stat()
        stream = path.open("rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DownloadError("weights_not_on_server", reason=reason) from error
    is_this = f"{facts.st_mtime_ns}-{facts.st_size}"
    if validator != is_this or begin > facts.st_size:
        begin = 0
    stream.seek(begin)
    return stream, Opened(begin, facts.st_size, is_this)


def _open_http(address: str, begin: int, validator: str) -> tuple[IO[bytes], Opened]:
    request = urllib.request.Request(address, headers={"User-Agent": "CNN-Studio"})
    if begin:
        request.add_header("Range", f"bytes={begin}-")
        if validator:
            request.add_header("If-Range", validator)
    response = _answer_to(request, begin)
    validator_now = _validator_of(response)
    length = int(response.headers.get("Content-Length") or 0)
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return response, Opened(0, length, validator_now)
    found = re.match(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range") or "")
    is_changed = bool(validator and validator_now and validator != validator_now)
    if found is None or int(found[1]) != begin or is_changed:
        response.close()
        raise _NoRangeError
    return response, Opened(begin, int(found[2]), validator_now or validator)


def _answer_to(request: urllib.request.Request, begin: int) -> http.client.HTTPResponse:
    # Python from python.org on macOS comes without certificates of its own.
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    server = request.host
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=context)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _HTTP_RANGE_REFUSED and begin:
            raise _NoRangeError from error
        raise _of_status(error.code, _proxy_of(request, server)) from error
    except urllib.error.URLError as error:
        raise _of_reason(error.reason, _proxy_of(request, server)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _of_reason(error, _proxy_of(request, server)) from error
    assert isinstance(response, http.client.HTTPResponse)
    return response


def _proxy_of(request: urllib.request.Request, server: str) -> str:
    """The proxy that the request went to, empty if none."""
    return request.host if request.host != server else ""


def _of_status(code: int, proxy: str) -> DownloadError:
    reason = f"HTTP {code}"
    if code == _HTTP_PROXY_WANTS_LOGIN or (code == http.HTTPStatus.FORBIDDEN and proxy):
        return DownloadError("weights_proxy_refused", proxy=proxy or "?", reason=reason)
    if code in _HTTP_NOT_THERE:
        return DownloadError("weights_not_on_server", reason=reason)
    return DownloadError("weights_download_failed", reason=reason)


def _of_reason(reason: object, proxy: str) -> DownloadError:
    """What it means that no answer came at all."""
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    refused = _REFUSED_BY_PROXY.search(str(reason))
    if refused is not None:
        return DownloadError("weights_proxy_refused", proxy=proxy, reason=f"HTTP {refused[1]}")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DownloadError("weights_not_secure", reason=reason.verify_message)
    if isinstance(reason, ssl.SSLError):
        return DownloadError("weights_not_secure", reason=reason.reason or text)
    if proxy:
        return DownloadError("weights_proxy_refused", proxy=proxy, reason=text)
    is_nowhere = isinstance(reason, OSError) and reason.errno in _NO_NETWORK
    if isinstance(reason, socket.gaierror) or is_nowhere:
        return DownloadError("no_internet", reason=text)
    if isinstance(reason, TimeoutError | ConnectionError):
        return DownloadError("weights_server_silent", reason=text)
    return DownloadError("weights_download_failed", reason=text)


def _validator_of(response: http.client.HTTPResponse) -> str:
    """What ``If-Range`` takes: a strong ETag, else the time of the last change."""
    etag = response.headers.get("ETag") or ""
    is_strong = etag and not etag.startswith("W/")
    return etag if is_strong else response.headers.get("Last-Modified") or ""


def _next_of(stream: IO[bytes]) -> bytes:
    """What is there of the next chunk, without waiting until it is whole."""
    try:
        if isinstance(stream, http.client.HTTPResponse):
            return stream.read1(CHUNK_BYTES)
        return stream.read(CHUNK_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise DownloadError("weights_broken_off", reason=reason) from error
