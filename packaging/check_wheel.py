"""Build the wheel and check that it holds all that the program needs.

    python packaging/check_wheel.py

Every module and every file of 'resources/' must be in it, nothing else of the checkout, and the
unpacked package must find its resources inside itself.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

QUESTION = """
import cnnstudio.project.places as places
print(places.resources_folder())
"""


def build(folder: Path) -> Path:
    """The wheel of this checkout, built into ``folder``."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(folder), str(CHECKOUT)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def wanted_files() -> set[str]:
    """What must be in the wheel beside its own notes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "cnnstudio", "resources"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    names = (name for name in listed.stdout.split("\0") if name)
    return {
        "cnnstudio/" + name if name.startswith("resources/") else name
        for name in names
        if (CHECKOUT / name).is_file()
    }


def problems(wheel: Path, wanted: set[str]) -> list[str]:
    """What is missing in ``wheel``, and what stands in it for no reason."""
    with zipfile.ZipFile(wheel) as archive:
        present = {name for name in archive.namelist() if not name.endswith("/")}
    missing = [f"missing: {name}" for name in sorted(wanted - present)]
    foreign = [
        f"does not belong there: {name}"
        for name in sorted(present)
        if not name.startswith("cnnstudio/") and ".dist-info/" not in name
    ]
    return missing + foreign


def resources_of_unpacked(wheel: Path, folder: Path) -> Path:
    """Where the package unpacked from ``wheel`` into ``folder`` finds its resources."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    answer = subprocess.run(
        [sys.executable, "-c", QUESTION],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(answer.stdout.strip())


def main() -> int:
    """Build, look, and say what is wrong."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text).resolve()
        wheel = build(folder)
        found = problems(wheel, wanted_files())
        unpacked = folder / "unpacked"
        resources = resources_of_unpacked(wheel, unpacked)
        if resources != unpacked / "cnnstudio" / "resources":
            found.append(f"the package takes its resources from {resources}")
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB")
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
