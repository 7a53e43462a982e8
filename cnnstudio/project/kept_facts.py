"""What was told of a network once, kept on disk, so that its tree is there at once next time."""

import contextlib
import hashlib
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import TypeAdapter

from cnnstudio import __version__
from cnnstudio.project.files import written_atomically
from cnnstudio.project.network import OWN_MODEL, NetworkPlan
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.network_table import network_row
from cnnstudio.project.places import cache_folder

FACTS_VERSION = 1
"""To be raised whenever the same plan is described otherwise: what was kept is asked anew."""

KEPT_AT_MOST = 200

_ENDING = ".facts.json"
_READER = TypeAdapter(NetworkFacts)


def kept_facts(plan: NetworkPlan, picture_size: int, num_classes: int) -> NetworkFacts | None:
    """The facts of the plan's structure, if they were kept by these versions of all parts."""
    path = _path(plan, picture_size, num_classes)
    if path is None:
        return None
    try:
        facts = _READER.validate_json(path.read_bytes())
        os.utime(path)  # used now, so it is not the next to be removed
    except (OSError, ValueError):
        return None
    return facts


def keep_facts(plan: NetworkPlan, picture_size: int, num_classes: int, facts: NetworkFacts) -> None:
    """Keep ``facts`` for the next time; a disk that refuses costs a moment then, nothing else."""
    path = _path(plan, picture_size, num_classes)
    if path is None:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_atomically(path) as beside:
            beside.write_bytes(_READER.dump_json(facts))
        newest = sorted(path.parent.glob(f"*{_ENDING}"), key=os.path.getmtime, reverse=True)
        for old in newest[KEPT_AT_MOST:]:
            old.unlink(missing_ok=True)


def _path(plan: NetworkPlan, picture_size: int, num_classes: int) -> Path | None:
    """Named by everything that the facts follow from; none for a model file, which may change."""
    if plan.base == OWN_MODEL:
        return None
    parts = (
        *(str(FACTS_VERSION), __version__, _version("keras"), repr(network_row(plan))),
        *(plan.structure().model_dump_json(), str(picture_size), str(num_classes)),
    )
    key = hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
    return cache_folder() / "networks" / f"{key}{_ENDING}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
