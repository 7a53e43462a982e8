"""How fast pictures are prepared: ``python -m tests.benchmarks.bench_reading [--size PX]``.

All of ``catdog/train`` is decoded, shrunk and kept (cold), then opened again (warm). Beside it, in
the same run, a plain loop over the same files with Pillow on one core. Files are warm for both.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from cnnstudio.images.checking import check_pictures
from cnnstudio.images.scan import scan_folders
from cnnstudio.images.store import prepare_pictures
from cnnstudio.images.threads import cores

_HERE = Path(__file__).resolve()


def plain_loop(paths: list[str], size: int) -> None:
    for path in paths:
        with Image.open(path) as image:
            np.asarray(ImageOps.fit(image.convert("RGB"), (size, size)))


def report(name: str, count: int, work: Callable[[], object], peer: float = 0.0) -> float:
    """Prints the seconds that ``work`` takes, and how many times as fast as the peer's it is."""
    began, computed = time.perf_counter(), time.process_time()
    work()
    seconds, computed = time.perf_counter() - began, time.process_time() - computed
    rate = f"{count / seconds:10.0f} pictures a second"
    ratio = f", {peer / seconds:.2f} x" if peer else ""
    print(f"{name:<30}{seconds:8.3f} s {rate}, {computed:.2f} s of computing{ratio}")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=224)
    size = parser.parse_args().size
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", _HERE.parents[3] / "shared" / "data"))
    scan = scan_folders([str(data / "catdog" / "train")])
    paths = [picture.path for picture in scan.pictures]
    count = len(paths)
    for path in paths:
        Path(path).read_bytes()
    print(f"{count} pictures at {size} px, {cores()} cores")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CNNSTUDIO_CACHE"] = folder
        plain = report("plain Pillow loop, one core", count, lambda: plain_loop(paths, size))
        report("prepared, cold", count, lambda: prepare_pictures(paths, size, "crop"), plain)
        report("prepared, warm", count, lambda: prepare_pictures(paths, size, "crop"))
        report("checked (every file decoded)", count, lambda: check_pictures(scan))
        report("listed", count, lambda: scan_folders(scan.folders))


if __name__ == "__main__":
    main()
