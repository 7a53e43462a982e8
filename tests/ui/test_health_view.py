"""Health: what was found stands beside its pictures, and one click answers it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnnstudio.images.checking import CheckReport
from cnnstudio.project.findings import Finding
from cnnstudio.project.kinds.findings import FINDING_KINDS
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.ui.pages.images_page import ImagesPage
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.studio import Studio
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Notice
from cnnstudio.ui.widgets.finding_card import FIRST_GROUPS, MORE_GROUPS, FindingCard
from cnnstudio.ui.widgets.looked_for_card import LOOKED_FOR, LookedForCard
from cnnstudio.ui.widgets.thumbnail_grid import ThumbnailGrid
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader
from tests.ui.conftest import WAIT_MS, MakeStudio, add_pictures
from tests.ui.test_images_page import words_in

OnProgress = Callable[[int, int], None]


def page_of(studio: Studio) -> ImagesPage:
    page = studio.window.page("images")
    assert isinstance(page, ImagesPage)
    return page


def buttons_of(widget: QWidget, text: str) -> list[QPushButton]:
    found = widget.findChildren(QPushButton)
    return [each for each in found if each.text() == text and not each.isHidden()]


@pytest.fixture
def planted_folder(tmp_path: Path) -> Path:
    """Sixty pictures of noise a class; one of them in both, one twice, and one cut off."""
    folder = tmp_path / "planted"
    for label, start in (("cat", 0), ("dog", 100)):
        (folder / label).mkdir(parents=True)
        for number in range(60):
            noise = Image.effect_noise((80, 60), 40 + start + number)
            noise.save(folder / label / f"{label} {number}.png")
    in_both = (folder / "cat" / "cat 1.png").read_bytes()
    (folder / "dog" / "really a cat.png").write_bytes(in_both)
    twice = (folder / "dog" / "dog 2.png").read_bytes()
    (folder / "dog" / "dog 2 copy.png").write_bytes(twice)
    cut_off = (folder / "cat" / "cat 3.png").read_bytes()
    (folder / "cat" / "cat 3.png").write_bytes(cut_off[: len(cut_off) // 2])
    return folder


@pytest.fixture
def planted_studio(make_studio: MakeStudio, planted_folder: Path, qtbot: QtBot) -> Studio:
    studio = make_studio()
    add_pictures(studio, planted_folder, qtbot)
    page_of(studio).show_view("health")
    return studio


def test_every_planted_fault_has_a_card_with_its_pictures(planted_studio: Studio) -> None:
    page = page_of(planted_studio)
    assert set(page.health.cards) == {"copies_two_classes", "truncated", "copies"}
    assert page.view_buttons["health"].text() == "Health (3)"
    card = page.health.cards["copies_two_classes"]
    assert card.title.text() == "1 picture stands in two classes"
    assert "one class is wrong" in card.why.text()
    assert card.finding is not None
    names = {Path(path).name for path in card.finding.groups[0]}
    assert names == {"cat 1.png", "really a cat.png"}


def test_remedy_is_one_click_and_is_taken_back_by_another(planted_studio: Studio) -> None:
    page = page_of(planted_studio)
    before = planted_studio.session.project
    buttons_of(page.health.cards["truncated"], "Leave out")[0].click()
    assert "truncated" not in page.health.cards
    assert page.done_line.words.text() == "Left out 1 picture."
    page.done_line.undo_button.click()
    assert planted_studio.session.project == before
    assert "truncated" in page.health.cards


def test_picture_in_two_classes_is_given_the_right_one(
    planted_studio: Studio, planted_folder: Path
) -> None:
    page = page_of(planted_studio)
    buttons_of(page.health.cards["copies_two_classes"], "All are cat")[0].click()
    moved = str(planted_folder / "dog" / "really a cat.png")
    assert planted_studio.session.project.edits.moved == {moved: "cat"}
    assert "copies_two_classes" not in page.health.cards
    assert page.health.cards["copies"].title.text() == "2 pictures are there more than once"


def test_captions_tell_the_part_of_now(
    planted_studio: Studio, planted_folder: Path, qtbot: QtBot
) -> None:
    page = page_of(planted_studio)
    card = page.health.cards["copies_two_classes"]

    def parts() -> list[str]:
        grids = card.findChildren(ThumbnailGrid)
        return [words for grid in grids if grid.isVisibleTo(card) for words in grid._captions]

    page.changes.pin([str(planted_folder / "cat" / "cat 1.png")], "test")
    qtbot.waitUntil(lambda: "cat 1.png\ncat · Test" in parts(), timeout=WAIT_MS)
    page.changes.unpin_all()
    qtbot.waitUntil(lambda: "cat 1.png\ncat · Training" in parts(), timeout=WAIT_MS)


def test_broken_files_do_not_make_a_class_wider_than_the_view(planted_studio: Studio) -> None:
    page = page_of(planted_studio)
    page.show_view("classes")
    card = page.classes.cards["cat"]
    without = card.minimumSizeHint().width()
    card.show_pictures([f"{number}.png" for number in range(1234)], broken=567)
    assert card.minimumSizeHint().width() == without
    assert card.count.toolTip() == "1,234 pictures · 567 cannot be read"


def test_why_a_source_cannot_be_used_is_said_and_counted(
    planted_studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    page = page_of(planted_studio)
    empty = tmp_path / "labels.csv"
    empty.touch()
    page.add_folders([str(empty)])
    qtbot.waitUntil(
        lambda: planted_studio.pictures.report is not None and not planted_studio.pictures.is_busy,
        timeout=WAIT_MS,
    )
    assert "labels.csv is empty: 0 bytes." in words_in(page.health)
    boxes = [notice for notice in page.health.findChildren(Notice) if not notice.isHidden()]
    assert page.view_buttons["health"].text() == f"Health ({len(page.health.cards) + len(boxes)})"


def test_what_is_said_to_be_all_right_stays_so(planted_studio: Studio, qtbot: QtBot) -> None:
    page = page_of(planted_studio)
    for kind in ("copies_two_classes", "copies"):
        buttons_of(page.health.cards[kind], "It is all right")[0].click()
    assert set(page.health.cards) == {"truncated"}
    buttons_of(page.health.cards["truncated"], "Leave out")[0].click()
    assert page.health.cards == {}
    qtbot.waitUntil(lambda: "All is well" in words_in(page.health), timeout=WAIT_MS)
    planted_studio.pictures.check_again()
    qtbot.waitUntil(lambda: not planted_studio.pictures.is_busy, timeout=WAIT_MS)
    assert page.health.cards == {}


def test_worst_findings_stand_in_short_beside_the_classes(
    planted_studio: Studio, qtbot: QtBot
) -> None:
    page = page_of(planted_studio)
    page.show_view("classes")
    notices = page.health_card.findChildren(Notice)
    titles = [notice.accessibleName() for notice in notices]
    assert titles[0] == "1 picture stands in two classes"
    assert "1 picture is cut off" in titles
    (compare, *_) = buttons_of(page.health_card, "Compare")
    compare.click()
    assert page.shown_view == "health"


def test_small_classes_are_told_once_and_can_be_accepted(full_studio: Studio, qtbot: QtBot) -> None:
    page = page_of(full_studio)
    page.show_view("health")
    assert "few_pictures" in page.health.cards
    buttons_of(page.health.cards["few_pictures"], "It is all right")[0].click()
    assert "few_pictures" not in page.health.cards
    assert "fifty or more" not in words_in(page.health)


def test_cancelled_check_says_so_and_can_be_begun_again(
    planted_studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, state = page_of(planted_studio), planted_studio.pictures

    def endless(scan: object, on_progress: OnProgress, should_stop: Callable[[], bool]) -> None:
        on_progress(30, 122)
        while not should_stop():
            time.sleep(0.01)
        raise InterruptedError

    with monkeypatch.context() as patched:
        patched.setattr("cnnstudio.images.checking.check_pictures", endless)
        state.refresh()
        qtbot.waitUntil(lambda: "30 of 122" in page.health.words.text(), timeout=WAIT_MS)
        page.health.cancel_button.click()
        assert page.health.words.text().startswith("The check was cancelled")
        page.health.show_progress(31, 122)  # was on its way already
        assert page.health.words.text().startswith("The check was cancelled")
        assert page.health.cancel_button.isHidden()
    page.health.again_button.click()
    qtbot.waitUntil(lambda: state.report is not None and not state.is_busy, timeout=WAIT_MS)
    assert page.health.words.text() == "122 pictures were looked into."
    assert len(page.health.cards) == 3


def test_pictures_of_a_finding_open_large_beside_each_other(
    planted_studio: Studio, planted_folder: Path
) -> None:
    page = page_of(planted_studio)
    card = page.health.cards["copies_two_classes"]
    assert card.finding is not None
    group = card.finding.groups[0]
    card.picture_opened.emit(group[1], group)
    dialog = page.gallery_view.dialog
    assert dialog is not None
    assert dialog.item.path == group[1]
    dialog.leave_button.click()
    assert planted_studio.session.project.edits.left_out == (group[1],)
    dialog.reject()
    assert page.gallery_view.dialog is None


def test_read_only_project_shows_findings_but_no_remedy(
    planted_studio: Studio, make_studio: MakeStudio, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: planted_studio.session.saving_state == "saved", timeout=WAIT_MS)
    second = make_studio(folder=ProjectFolder.open(planted_studio.session.folder.path))
    qtbot.waitUntil(lambda: second.pictures.report is not None, timeout=WAIT_MS)
    page = page_of(second)
    page.show_view("health")
    (remedy,) = buttons_of(page.health.cards["truncated"], "Leave out")
    assert not remedy.isEnabled()
    assert remedy.toolTip() == "The project is read-only."


# Cards


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[ThumbnailLoader]:
    made = ThumbnailLoader()
    yield made
    made.close()


@pytest.fixture
def card(loader: ThumbnailLoader, theme: Theme, qtbot: QtBot) -> FindingCard:
    made = FindingCard(loader, theme, lambda path: "cat · Training")
    qtbot.addWidget(made)
    return made


def test_long_lists_come_page_by_page(card: FindingCard) -> None:
    groups = tuple((f"/p/cat/{number}.jpg",) for number in range(FIRST_GROUPS + MORE_GROUPS + 4))
    card.show_finding(Finding("truncated", groups), allowed=True)
    assert len(buttons_of(card, "Leave out")) == FIRST_GROUPS
    assert card.more_button.text() == f"Show {MORE_GROUPS} more"
    card.more_button.click()
    assert card.more_button.text() == "Show 4 more"
    card.more_button.click()
    assert card.more_button.isHidden()
    assert len(buttons_of(card, "Leave out")) == len(groups)


def test_each_group_has_its_own_remedies(card: FindingCard) -> None:
    groups = tuple((f"/p/cat/{number}.jpg",) for number in range(3))
    finding = Finding("truncated", groups)
    card.show_finding(finding, allowed=True)
    chosen: list[tuple[object, object, object]] = []
    card.remedy_chosen.connect(lambda *what: chosen.append(what))
    buttons_of(card, "Leave out all of them")[0].click()
    buttons_of(card, "Leave out")[1].click()
    assert chosen == [
        (finding, finding.remedies[0], None),
        (finding, finding.remedies_for(groups[1])[0], (groups[1],)),
    ]


def test_very_large_group_shows_its_first_pictures_and_counts_the_rest(card: FindingCard) -> None:
    group = tuple(f"/p/cat/{number}.jpg" for number in range(5000))
    card.show_finding(Finding("copies", (group,), spare=frozenset(group[1:])), allowed=True)
    assert "and 4,988 more" in words_in(card)


def test_open_problems_are_not_told_twice(full_studio: Studio) -> None:
    from cnnstudio.ui.widgets.health_view import open_problems

    state: PicturesState = full_studio.pictures
    assert isinstance(state.report, CheckReport)
    told = {problem.kind for problem in state.problems}
    assert "not_a_picture" in told
    assert "not_a_picture" not in {problem.kind for problem in open_problems(state)}


def test_the_list_of_what_is_looked_for_is_whole() -> None:
    assert set().union(*(kinds for kinds, _ in LOOKED_FOR)) == FINDING_KINDS.keys()


def test_what_was_not_found_is_ticked_off(theme: Theme, qtbot: QtBot) -> None:
    card = LookedForCard(theme)
    qtbot.addWidget(card)
    assert len(card.titles) == len(LOOKED_FOR)
    card.show_found(["truncated", "tiny"])
    assert len(card.titles) == len(LOOKED_FOR) - 2
    assert not any("cut off" in title for title in card.titles)
