"""From an empty window to an exported model by clicks, with a real engine."""

import json
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from cnnstudio.images.samples import draw_samples
from cnnstudio.ui.app import Program
from tests.ui.fakes import FakeAsking

ENGINE_MS = 120_000


def test_clicks_lead_from_an_empty_window_to_an_exported_model(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNSTUDIO_PROJECTS", str(tmp_path / "projects"))
    draw_samples(tmp_path / "samples", per_class=12, seed=3)
    asking = FakeAsking()
    program = Program(asking)
    try:
        assert program.open(None) is None
        studio = program.studio
        assert studio is not None
        window = studio.window
        qtbot.addWidget(window)
        program.warm_up()

        images = window.page("images")
        asking.next_folder = str(tmp_path / "samples")
        click(qtbot, images.choose_button)  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: studio.pictures.report is not None, timeout=ENGINE_MS)
        click(qtbot, images.next_button)  # type: ignore[attr-defined]
        assert window.shown == "augment"
        click(qtbot, window.page("augment").presets["light"])  # type: ignore[attr-defined]
        window.page("augment").next_wanted.emit()
        assert window.shown == "network"
        network = window.page("network")
        set_value(network.size_form.editors["pictures.size"].control, 32)  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: studio.network.facts is not None, timeout=ENGINE_MS)
        click(qtbot, network.next_button)  # type: ignore[attr-defined]
        assert window.shown == "train"
        train = window.page("train")
        set_value(train.settings.plain.editors["training.epochs"].control, 2)  # type: ignore[attr-defined]
        click(qtbot, train.start_button)  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: studio.training.phase == "ended", timeout=ENGINE_MS)
        assert train.title.text() == "Finished"
        assert len(studio.training.live.history) == 2
        click(qtbot, train.results_button)  # type: ignore[attr-defined]
        assert window.shown == "results"
        assert window.page("results").accuracy.text().endswith("%")  # type: ignore[attr-defined]

        window.show_page("export")
        asking.next_file = str(tmp_path / "cats and dogs.keras")
        export = window.page("export")
        click(qtbot, export.export_button)  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: export._exported is not None, timeout=ENGINE_MS)  # type: ignore[attr-defined]
        with zipfile.ZipFile(asking.next_file) as archive:
            facts = json.loads(archive.read("class_names.json"))
        assert facts["classes"] == ["cat", "dog"]
        assert not asking.told
    finally:
        program.close()


def click(qtbot: QtBot, control: object) -> None:
    """A left click, as a person makes it."""
    qtbot.mouseClick(control, Qt.MouseButton.LeftButton)


def set_value(control: object, value: int) -> None:
    """Type a number into a box."""
    assert isinstance(control, QSpinBox)
    control.setValue(value)
