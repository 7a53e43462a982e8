"""A small server of weight files on this computer, which can be as awkward as real ones are."""

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class WeightsServer:
    """What the server has and how it behaves; ``asked`` are names with their Range headers."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    broken_after: list[int] = field(default_factory=list)
    """After how many bytes each of the next answers breaks off."""
    knows_ranges: bool = True
    sends_length: bool = True
    etag: str = '"first"'
    last_modified: str = ""
    status: int = 200
    stalls_after: int | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def names(self) -> list[str]:
        """The files that were asked for."""
        return [name for name, _ in self.asked]


@contextlib.contextmanager
def running_server() -> Iterator[WeightsServer]:
    """A server that is gone after the block."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range") or ""
            found.asked.append((self.path.rsplit("/", 1)[-1], wanted))
            body = found.files.get(found.asked[-1][0])
            if found.status != 200 or body is None:
                self.send_error(found.status if found.status != 200 else 404)
                return
            begin = self._begin(wanted)
            if begin > len(body) or (begin and begin == len(body)):
                self.send_error(416)
                return
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
            if found.sends_length:
                self.send_header("Content-Length", str(len(body) - begin))
            if found.etag:
                self.send_header("ETag", found.etag)
            if found.last_modified:
                self.send_header("Last-Modified", found.last_modified)
            self.end_headers()
            end = begin + found.broken_after.pop(0) if found.broken_after else len(body)
            if found.stalls_after is not None:
                self.wfile.write(body[begin : begin + found.stalls_after])
                self.wfile.flush()
                found.go_on.wait(60)
                return
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body[begin:end])

        def _begin(self, wanted: str) -> int:
            given = re.fullmatch(r"bytes=(\d+)-", wanted)
            condition = self.headers.get("If-Range")
            if given is None or not found.knows_ranges:
                return 0
            return int(given[1]) if condition in (None, found.etag, found.last_modified) else 0

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = WeightsServer(f"http://127.0.0.1:{server.server_port}/weights/")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield found
    finally:
        found.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def refusing_proxy(status: int) -> Iterator[str]:
    """The address of a proxy that answers everything, also a wish for a tunnel, with ``status``."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status)

        def do_CONNECT(self) -> None:
            self.send_error(status)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
