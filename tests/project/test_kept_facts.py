"""What was told of a network is kept, and asked anew where anything differs."""

from pathlib import Path

import pytest

from cnnstudio.project import kept_facts as module
from cnnstudio.project.kept_facts import keep_facts, kept_facts
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem

PLAN = NetworkPlan(base="vgg16")
FACTS = NetworkFacts(
    layers=(
        LayerFacts("picture", "InputLayer", (8, 8, 3), 0, 0, "input"),
        LayerFacts("a", "Conv2D", (8, 8, 4), 9, 9, "base", (("Block {0}", "1"),), ("picture",), 5),
    ),
    num_classes=2,
    output="sigmoid",
    notes=(Problem("frozen_random", "network.weights", values={"count": 3}),),
)


def test_what_was_kept_comes_back_equal() -> None:
    assert kept_facts(PLAN, 64, 2) is None
    keep_facts(PLAN, 64, 2, FACTS)
    assert kept_facts(PLAN, 64, 2) == FACTS


def test_freezing_and_dropout_do_not_ask_anew_but_structure_does() -> None:
    keep_facts(PLAN, 64, 2, FACTS)
    same = PLAN.model_copy(update={"train_last": 4, "trained_layers": ("a",), "dropout": 0.5})
    assert kept_facts(same, 64, 2) == FACTS
    assert kept_facts(PLAN, 65, 2) is None
    assert kept_facts(PLAN, 64, 3) is None
    assert kept_facts(PLAN.model_copy(update={"pooling": "flatten"}), 64, 2) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"layers": 3}', b"[]"])
def test_a_damaged_file_is_asked_anew(content: bytes) -> None:
    keep_facts(PLAN, 64, 2, FACTS)
    (file,) = (cache_folder() / "networks").iterdir()
    file.write_bytes(content)
    assert kept_facts(PLAN, 64, 2) is None
    keep_facts(PLAN, 64, 2, FACTS)
    assert kept_facts(PLAN, 64, 2) == FACTS


def test_another_version_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_facts(PLAN, 64, 2, FACTS)
    monkeypatch.setattr(module, "FACTS_VERSION", module.FACTS_VERSION + 1)
    assert kept_facts(PLAN, 64, 2) is None


def test_a_model_file_may_change_and_is_never_kept() -> None:
    plan = NetworkPlan(base="own_model", model_file="somewhere.keras")
    keep_facts(plan, 64, 2, FACTS)
    assert kept_facts(plan, 64, 2) is None


def test_only_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_AT_MOST", 3)
    for size in range(40, 48):
        keep_facts(PLAN, size, 2, FACTS)
    assert len(list((cache_folder() / "networks").iterdir())) == 3
    assert kept_facts(PLAN, 47, 2) == FACTS


def test_a_disk_that_refuses_costs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "file")
    keep_facts(PLAN, 64, 2, FACTS)
    assert kept_facts(PLAN, 64, 2) is None
