"""Write 'requirements.txt': the exact versions, with hashes, that the installers are made of.

    python packaging/lock.py            resolve anew, write the list, check it
    python packaging/lock.py --check    only check the list as it stands

Needs pip-tools and the oldest Python that the program runs on: what fits that one fits the newer
ones too. The check asks pip, for every system and Python, whether each of the files is there and
has the right hash, and whether anything that the packages need of each other is missing.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "packaging" / "requirements.txt"
HEADING = "# Written by packaging/lock.py from pyproject.toml; not to be edited by hand.\n"
PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True)
class System:
    """What pip calls a system, and what packages ask about it."""

    name: str
    platforms: tuple[str, ...]
    markers: dict[str, str]


SYSTEMS = (
    System(
        "Linux",
        ("manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in range(17, 35))),
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    ),
    System(
        "macOS",
        ("macosx_14_0_arm64",),
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    ),
    System(
        "Windows",
        ("win_amd64",),
        {
            "sys_platform": "win32",
            "platform_system": "Windows",
            "platform_machine": "AMD64",
            "os_name": "nt",
        },
    ),
)


def resolve() -> str:
    """The list as pip-tools makes it, without any address in it."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" != PYTHONS[0]:
        raise SystemExit(f"Run this with Python {PYTHONS[0]}.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        options = [
            "generate-hashes",
            "strip-extras",
            "allow-unsafe",
            "no-annotate",
            "no-header",
            "quiet",
        ]
        silent = ["index-url", "find-links", "trusted-host", "options"]
        command = [sys.executable, "-m", "piptools", "compile", "--output-file", str(file)]
        command += [f"--{option}" for option in options]
        command += [f"--no-emit-{what}" for what in silent]
        subprocess.run([*command, "pyproject.toml"], cwd=CHECKOUT, check=True)
        return HEADING + file.read_text(encoding="utf-8")


def problems(file: Path) -> Iterator[str]:
    """What is wrong with the list in ``file``."""
    text = file.read_text(encoding="utf-8")
    if re.search(r"://|^-|@ |index", text, re.MULTILINE):
        yield "There is an address or an option in the list."
    pinned = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    for system in SYSTEMS:
        for python in PYTHONS:
            print(f"checking {system.name}, Python {python}", flush=True)
            yield from (
                f"{system.name}, {python}: {each}" for each in missing(file, system, python, pinned)
            )


def missing(file: Path, system: System, python: str, pinned: set[str]) -> Iterator[str]:
    """What pip finds wrong on one system, and what the packages need beyond the list."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-qq"]
        command += ["--dry-run", "--ignore-installed", "--no-deps", "--require-hashes"]
        command += ["--only-binary=:all:", "--target", folder, "--report", str(report)]
        command += ["--implementation", "cp", "--python-version", python]
        command += [word for each in system.platforms for word in ("--platform", each)]
        asked = subprocess.run(
            [*command, "-r", str(file)], capture_output=True, text=True, errors="replace"
        )
        if asked.returncode:
            yield asked.stderr.strip().splitlines()[-1]
            return
        packages = [each["metadata"] for each in json.loads(report.read_bytes())["install"]]
    markers = {"os_name": "posix", "python_version": python, "python_full_version": f"{python}.0"}
    markers |= system.markers | {"extra": ""}
    for package in packages:
        for text in package.get("requires_dist", ()):
            needed = Requirement(text)
            applies = needed.marker is None or needed.marker.evaluate(markers)
            if applies and canonicalize_name(needed.name) not in pinned:
                yield f"{package['name']} needs {needed.name}, which is not in the list."


def main(arguments: list[str]) -> int:
    """Write the list unless it shall only be checked; say what is wrong."""
    if "--check" not in arguments:
        LOCK.write_text(resolve(), encoding="utf-8", newline="\n")
    found = list(problems(LOCK))
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
