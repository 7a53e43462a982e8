"""By how much predictions were wrong on this computer, learned from each training that ends.

Kept for each network and each kind of work in ``settings_folder()/price.json``, for the computer
as it was measured: after another measurement all factors begin anew.
"""

import contextlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from cnnstudio.project.files import read_json, write_json_atomically
from cnnstudio.project.machine import machine_mark
from cnnstudio.project.places import settings_folder
from cnnstudio.project.price import Corrections, WorkKind
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.run_folder import RunExpense, RunFolder

Factors = Mapping[str, Mapping[WorkKind, float]]
"""By network and kind of work."""

_NEWEST_WEIGHS = 0.6
_SMALLEST, _LARGEST = 0.02, 50.0
"""Whatever lies beyond was not the prediction's fault, but a computer that slept."""

_KINDS: tuple[WorkKind, ...] = get_args(WorkKind)


def load_factors() -> Factors:
    """What was learned; nothing where there is none, or of another computer."""
    try:
        content = read_json(_file())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("mark") != machine_mark():
        return {}
    networks = content.get("factors")
    if not isinstance(networks, dict):
        return {}
    return {str(network): _sound(factors) for network, factors in networks.items()}


def corrections_for(factors: Factors, network: str) -> Corrections:
    """Those of ``network``, and the mean of all others where it lacks one."""
    others: dict[WorkKind, float] = {}
    for kind in _KINDS:
        found = [known[kind] for known in factors.values() if kind in known]
        if found:
            others[kind] = math.exp(sum(map(math.log, found)) / len(found))
    return Corrections(dict(factors.get(network, {})), others)


def learned(factors: Factors, expense: RunExpense) -> Factors:
    """``factors`` with what ``expense`` shows."""
    own = dict(factors.get(expense.network, {}))
    pairs: list[tuple[str, float, float]] = [
        (expense.kind, expense.seconds_an_epoch, expense.predicted_seconds_an_epoch),
        ("once", expense.seconds_once, expense.predicted_seconds_once),
        ("memory", expense.memory_bytes, expense.predicted_memory_bytes),
    ]
    for kind in _KINDS:
        for name, took, predicted in pairs:
            if name == kind and took > 0 and predicted > 0:
                factor = min(max(took / predicted, _SMALLEST), _LARGEST)
                before = own.get(kind, factor)
                own[kind] = before * (factor / before) ** _NEWEST_WEIGHS
    return {**factors, expense.network: own} if own else factors


def learn_from(run: RunFolder) -> bool:
    """Learn from a run that has ended; whether there was something. Nothing is raised: a
    prediction that stays as wrong as before harms nobody."""
    try:
        expense = run.read_status().expense
    except ProblemError:
        return False
    if expense is None or not expense.network:
        return False
    before = load_factors()
    after = learned(before, expense)
    if after == before:
        return False
    with contextlib.suppress(OSError):
        settings_folder().mkdir(parents=True, exist_ok=True)
        content = {"mark": machine_mark(), "factors": {k: dict(v) for k, v in after.items()}}
        write_json_atomically(_file(), content)
        return True
    return False


def _file() -> Path:
    return settings_folder() / "price.json"


def _sound(factors: Any) -> dict[WorkKind, float]:
    if not isinstance(factors, dict):
        return {}
    found: dict[WorkKind, float] = {}
    for kind in _KINDS:
        value = factors.get(kind)
        if isinstance(value, int | float) and _SMALLEST <= value <= _LARGEST:
            found[kind] = float(value)
    return found
