"""Where weight files are looked for, and what is there."""

import os
from pathlib import Path

import pytest

from cnnstudio.project import weights_places
from cnnstudio.project.network_table import NETWORKS, find_network
from cnnstudio.project.settings import Settings, save_settings
from cnnstudio.project.weights_places import (
    all_weight_files,
    chosen_mirror,
    downloads_folder,
    facts_of_folders,
    files_in,
    offered_weights,
    part_of,
    states_of_weights,
    weights_folders,
    weights_here,
)

NAME = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_160_no_top.h5"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras' own cache is the only place, and empty; returned is where it is."""
    monkeypatch.setattr(weights_places, "packaged_weights_folder", lambda: tmp_path / "packaged")
    monkeypatch.delenv("CNNSTUDIO_WEIGHTS", raising=False)
    monkeypatch.delenv("CNNSTUDIO_WEIGHTS_MIRROR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras" / "models"


def test_the_folders_come_in_their_order_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: Path
) -> None:
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS", f"/a{os.pathsep}{os.pathsep}/b")
    settings = Settings(weights_folders=("/c", "/b"), weights_downloads="/d")
    found = [(each.path, each.kind) for each in weights_folders(settings)]
    assert found == [
        (tmp_path / "packaged", "packaged"),
        (Path("/a"), "environment"),
        (Path("/b"), "environment"),
        (Path("/c"), "settings"),
        (Path("/d"), "downloads"),
        (places, "keras"),
    ]


def test_downloads_go_to_keras_cache_unless_another_folder_is_chosen(places: Path) -> None:
    assert downloads_folder() == places
    save_settings(Settings(weights_downloads="/elsewhere"))
    assert downloads_folder() == Path("/elsewhere")


def test_the_mirror_of_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen_mirror() == ""
    save_settings(Settings(weights_mirror="https://one.example"))
    assert chosen_mirror() == "https://one.example"
    monkeypatch.setenv("CNNSTUDIO_WEIGHTS_MIRROR", "https://two.example ")
    assert chosen_mirror() == "https://two.example"


def test_a_file_of_another_size_serves_too(places: Path) -> None:
    row = find_network("mobilenet_v2")
    assert row is not None
    assert weights_here(row, 0.35, 224) is None
    places.mkdir(parents=True)
    (places / NAME).touch()
    assert weights_here(row, 0.35, 224) == places / NAME
    assert weights_here(row, 0.5, 224) is None


def test_what_learns_from_scratch_has_no_file() -> None:
    row = find_network("small_cnn")
    assert row is not None
    assert weights_here(row, 1.0, 64) is None


def test_every_network_with_weights_is_offered_once_at_each_width() -> None:
    keys = [each.key for each in offered_weights()]
    assert len(set(keys)) == len(keys)
    rows = [row for row in NETWORKS if row.weights is not None]
    assert len(keys) == sum(len(row.widths) for row in rows)
    assert keys.index(("mobilenet_v2", 1.0)) < keys.index(("mobilenet_v2", 0.35))


def test_no_file_name_belongs_to_two_networks() -> None:
    names = [name for each in offered_weights() for name in each.names(each.row.usual_size)]
    assert len(set(names)) == len(names)
    assert all_weight_files()[NAME].key == ("mobilenet_v2", 0.35)


def test_states_name_the_file_its_folder_and_what_is_unfinished(places: Path) -> None:
    places.mkdir(parents=True)
    (places / NAME).write_bytes(b"12345")
    vgg = next(each for each in offered_weights() if each.key == ("vgg16", 1.0))
    part_of(places / vgg.name).write_bytes(b"123")
    found = {state.offered.key: state for state in states_of_weights()}
    here = found["mobilenet_v2", 0.35]
    assert (here.path, here.size) == (places / NAME, 5)
    assert here.folder is not None
    assert here.folder.kind == "keras"
    assert found["vgg16", 1.0].path is None
    assert found["vgg16", 1.0].unfinished == 3


def test_folders_tell_what_is_in_them(places: Path, tmp_path: Path) -> None:
    places.mkdir(parents=True)
    (places / NAME).write_bytes(b"12345")
    (places / "notes.txt").touch()
    (places / "folder.h5").mkdir()
    facts = {each.folder.kind: each for each in facts_of_folders()}
    assert (facts["keras"].files, facts["keras"].size, facts["keras"].is_there) == (1, 5, True)
    assert not facts["packaged"].is_there
    assert files_in(tmp_path / "nowhere") == {}
