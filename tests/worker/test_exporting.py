"""An export has its name only after a fresh process agreed with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cnnstudio.project.problems import ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.exporting import ExportStoppedError, export_model
from tests import fake_engines

MakeKeeper = Callable[..., EngineKeeper]


@pytest.fixture
def trained(run: RunFolder) -> RunFolder:
    """A run with a best model."""
    run.best_model.write_bytes(b"best")
    return run


def test_a_checked_export_is_the_only_file_left(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    to = tmp_path / "out" / "cats and dogs 고양이.keras"
    exported = export_model(make_keeper(fake_engines.diligent), trained, "best", to)
    assert exported.file == to
    assert exported.classes == ("cat", "dog")
    assert exported.difference == 1e-7
    assert [each.name for each in to.parent.iterdir()] == [to.name]


def test_the_ending_is_added_where_it_lacks(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    to = tmp_path / "model.v1"
    exported = export_model(make_keeper(fake_engines.diligent), trained, "best", to)
    assert exported.file == tmp_path / "model.v1.keras"


def test_an_export_that_answers_differently_is_not_kept(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    to = tmp_path / "out" / "model.keras"
    to.parent.mkdir()
    to.write_bytes(b"what was there before")
    with pytest.raises(ProblemError) as caught:
        export_model(make_keeper(fake_engines.differing), trained, "best", to)
    assert caught.value.problem.kind == "export_differs"
    assert [each.name for each in to.parent.iterdir()] == [to.name]
    assert to.read_bytes() == b"what was there before"


def test_a_run_without_a_model_cannot_be_exported(
    make_keeper: MakeKeeper, run: RunFolder, tmp_path: Path
) -> None:
    with pytest.raises(ProblemError) as caught:
        export_model(make_keeper(fake_engines.diligent), run, "best", tmp_path / "model.keras")
    assert caught.value.problem.kind == "run_without_model"


def test_a_place_that_cannot_be_written_is_told(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    to = tmp_path / "file" / "model.keras"
    with pytest.raises(ProblemError) as caught:
        export_model(make_keeper(fake_engines.diligent), trained, "best", to)
    assert caught.value.problem.kind == "cannot_write"


def test_a_folder_is_not_replaced_by_a_model(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    to = tmp_path / "model.keras"
    to.mkdir()
    with pytest.raises(ProblemError) as caught:
        export_model(make_keeper(fake_engines.diligent), trained, "best", to)
    assert caught.value.problem.kind == "cannot_write"


def test_what_the_engine_could_not_do_is_told_and_leaves_nothing(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    to = tmp_path / "out" / "model.keras"
    with pytest.raises(ProblemError) as caught:
        export_model(make_keeper(fake_engines.failing), trained, "best", to)
    assert caught.value.problem.kind == "disk_full"
    assert list(to.parent.iterdir()) == []


def test_a_stopped_export_leaves_nothing(
    make_keeper: MakeKeeper, trained: RunFolder, tmp_path: Path
) -> None:
    to = tmp_path / "out" / "model.keras"
    keeper = make_keeper(fake_engines.never_ready)
    with pytest.raises(ExportStoppedError):
        export_model(keeper, trained, "best", to, should_stop=lambda: True)
    assert list(to.parent.iterdir()) == []
