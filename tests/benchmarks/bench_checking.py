"""How fast pictures are found and checked: ``python -m tests.benchmarks.bench_checking``.

``catdog`` is repeated with changed bytes (a comment in each JPEG) until there are so many
photographs. They are listed, looked into, remembered and compared with each other; beside it, in
the same run, a plain loop on one core opens, decodes and shrinks each with Pillow. Files are warm
for both. Then the same once more, when everything is known, and facts of 100,000 from the store.

The limit is 1.8 times the plain loop on two cores. ``--pictures N`` takes another number.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from cnnstudio.images.checking import check_pictures
from cnnstudio.images.facts import LOOK_SIDE, PictureFacts
from cnnstudio.images.facts_store import FactsStore
from cnnstudio.images.found_pictures import FoundPicture
from cnnstudio.images.scan import scan_folders
from cnnstudio.images.threads import cores

_HERE = Path(__file__).resolve()
_ROUNDS = 3


def repeat_photographs(data: Path, folder: Path, count: int) -> list[str]:
    """Photographs of ``data`` under other names, each with a comment of its own."""
    sources = [
        path for name in ("cat", "dog") for path in sorted((data / "train" / name).iterdir())
    ]
    contents = {path: path.read_bytes() for path in sources}
    paths = []
    for number in range(count):
        source = sources[number % len(sources)]
        comment = f"copy {number}".encode()
        marker = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path = folder / source.parent.name / f"{number // len(sources):03}-{source.name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = contents[source]
        path.write_bytes(content[:2] + marker + content[2:])
        paths.append(str(path))
    return paths


def plain_loop(paths: list[str]) -> None:
    for path in paths:
        with Image.open(path) as image:
            np.asarray(image.convert("RGB").resize((64, 64)))


def known_seconds(count: int) -> float:
    """Seconds to know again so many pictures that were kept in the store."""
    look, digest = bytes(LOOK_SIDE * LOOK_SIDE), bytes(16)
    pictures = [
        FoundPicture(f"/pictures/{number // 10_000}/{number}.jpg", "cat", None, 1000, number)
        for number in range(count)
    ]
    facts = {
        each: PictureFacts(each.path, None, 400, 300, "JPEG", "RGB", 1, digest, look)
        for each in pictures
    }
    with FactsStore() as store:
        store.keep(facts)
    began = time.perf_counter()
    with FactsStore() as store:
        assert sum(1 for _ in store.known(pictures)) == count
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=5000)
    count = parser.parse_args().pictures
    data = Path(os.environ.get("CNNSTUDIO_TEST_DATA", _HERE.parents[3] / "shared" / "data"))
    with tempfile.TemporaryDirectory() as place:
        paths = repeat_photographs(data / "catdog", Path(place, "pictures"), count)
        print(f"{count} photographs, {cores()} cores")
        plain, ours = [], []
        for turn in range(_ROUNDS):
            os.environ["CNNSTUDIO_CACHE"] = str(Path(place, f"cache {turn}"))
            began = time.perf_counter()
            plain_loop(paths)
            plain.append(time.perf_counter() - began)
            began = time.perf_counter()
            report = check_pictures(scan_folders([str(Path(place, "pictures"))]))
            ours.append(time.perf_counter() - began)
            assert len(report.facts) == count
            assert not report.broken
        began = time.perf_counter()
        again = check_pictures(scan_folders([str(Path(place, "pictures"))]))
        known = time.perf_counter() - began
        assert again == report
        print(
            f"plain Pillow loop, one core   {min(plain):8.2f} s {count / min(plain):8.0f} a second"
        )
        print(f"scanned and checked           {min(ours):8.2f} s {count / min(ours):8.0f} a second")
        print(f"the same when known           {known:8.2f} s {count / known:8.0f} a second")
        print(f"look-alikes found: {len(report.look_alikes.near)} pairs")
        print(f"100,000 known pictures        {known_seconds(100_000):8.2f} s (limit 2)")
        ratios = sorted(one / other for one, other in zip(plain, ours, strict=True))
        print(f"ratio {ratios[len(ratios) // 2]:.2f}, of the best {min(plain) / min(ours):.2f}")
        print("(limit 1.8)")


if __name__ == "__main__":
    main()
