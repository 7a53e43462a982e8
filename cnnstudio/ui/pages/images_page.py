"""Images: where they come from, the classes, every picture, what is wrong, and the split."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.dialogs.asking import Asking
from cnnstudio.ui.own_pictures import OwnPictures, Record
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import SIDE_WIDTH, Column, Page, button
from cnnstudio.ui.widgets.class_shelf import ClassShelf
from cnnstudio.ui.widgets.classes_view import ClassesView
from cnnstudio.ui.widgets.done_line import DoneLine
from cnnstudio.ui.widgets.drop_area import dropped_files
from cnnstudio.ui.widgets.first_pictures import FirstPictures
from cnnstudio.ui.widgets.health_card import HealthCard
from cnnstudio.ui.widgets.health_view import HealthView, health_count
from cnnstudio.ui.widgets.pictures_view import PicturesView
from cnnstudio.ui.widgets.size_card import SizeCard
from cnnstudio.ui.widgets.sources_card import SourcesCard
from cnnstudio.ui.widgets.split_card import SplitCard
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

CLASSES, ALL_PICTURES, HEALTH = "classes", "pictures", "health"


class ImagesPage(Page):
    """The first step. ``samples_wanted`` asks for the sample pictures."""

    samples_wanted = Signal()
    recent_wanted = Signal(str)

    def __init__(
        self,
        session: ProjectSession,
        pictures: PicturesState,
        thumbnails: ThumbnailLoader,
        theme: Theme,
        asking: Asking,
        record: Record | None = None,
    ) -> None:
        super().__init__(say("Images"))
        self._session = session
        self._pictures = pictures
        self._thumbnails = thumbnails
        self._theme = theme
        self._asking = asking
        self.changes = PictureChanges(session, pictures, self)
        self.own = OwnPictures(session, self.changes, asking, theme, self, record)
        self._is_stale = True
        self.setAcceptDrops(True)
        self._make_head()
        self.first = FirstPictures(thumbnails, theme, self._choose_folder, self._choose_files)
        self.first.dropped.connect(self.own.take)
        self.first.samples_wanted.connect(self.samples_wanted)
        self.first.recent_wanted.connect(self.recent_wanted)
        self.choose_button = self.first.choose_button
        self.samples_button = self.first.samples_button
        self.show_recent = self.first.show_recent
        self._stack = QStackedWidget()
        self._stack.addWidget(self.first)
        self._stack.addWidget(self._make_full())
        self.body.addWidget(self._stack)
        self.first.class_wanted.connect(self.classes.add_class)
        self._make_foot()
        session.project_changed.connect(lambda *_: self._refresh_if_seen())
        pictures.changed.connect(self._refresh_if_seen)
        pictures.check_progressed.connect(self._on_check_progressed)
        self.changes.done.connect(self.done_line.show_done)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.activated.connect(lambda: self.own.paste(self.classes.focused_class()))
        self.refresh()

    # Making

    def _make_head(self) -> None:
        self._views = QButtonGroup(self)
        self.view_buttons: dict[str, QPushButton] = {}
        titles = {
            CLASSES: say("Classes"),
            ALL_PICTURES: say("All pictures"),
            HEALTH: say("Health"),
        }
        self.head_buttons.setSpacing(8)
        for key, title in titles.items():
            made = button(title, partial(self.show_view, key), "segment")
            made.setCheckable(True)
            self._views.addButton(made)
            self.view_buttons[key] = made
            self.head_buttons.addWidget(made)
        self.view_buttons[CLASSES].setChecked(True)

    def _make_full(self) -> QWidget:
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        self.classes = ClassesView(
            self._pictures,
            self.changes,
            self._thumbnails,
            self._theme,
            self._choose_folder,
            self._choose_files,
        )
        self.more_button = self.classes.folder_button
        self.classes.dropped.connect(self.own.take)
        self.classes.files_dropped.connect(lambda name, paths: self.own.take(paths, name))
        self.classes.adding_wanted.connect(self.own.choose_files)
        self.classes.recording_wanted.connect(self.own.record)
        self.classes.pasting_wanted.connect(self.own.paste)
        self.classes.rename_wanted.connect(self._on_rename_wanted)
        self.classes.showing_all_wanted.connect(self._show_class)
        self.classes.picture_opened.connect(self._on_picture_opened)
        self.classes.offers_changed.connect(self.refresh)
        self.health = HealthView(self._pictures, self.changes, self._thumbnails, self._theme)
        self.gallery_view = PicturesView(
            self._session, self._pictures, self.changes, self._thumbnails, self._theme
        )
        self.gallery_view.new_class_wanted.connect(self._on_new_class_wanted)
        self.health.picture_opened.connect(self.gallery_view.open_picture)
        self._view = QStackedWidget()
        for widget in (self.classes, self.gallery_view, self.health):
            self._view.addWidget(widget)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._make_side())
        return whole

    def _make_side(self) -> Column:
        self._side = Column(SIDE_WIDTH)
        self.shelf = ClassShelf()
        self.shelf.pictures_dropped.connect(lambda name, paths: self.changes.move(paths, name))
        self.shelf.files_dropped.connect(lambda name, paths: self.own.take(paths, name))
        self.split = SplitCard(self._session, self._pictures, self._theme, self.changes)
        self.health_card = HealthCard(self._pictures, self.changes)
        self.health_card.kind_wanted.connect(self._show_finding)
        self.size_card = SizeCard(self._session, self._pictures, self._theme, self.changes)
        self.sources = SourcesCard(
            self._session,
            self._pictures,
            self._theme,
            self.changes,
            self._choose_folder,
            self._choose_files,
        )
        for card in (self.shelf, self.split, self.health_card, self.size_card, self.sources):
            self._side.body.addWidget(card)
        self._side.body.addStretch(1)
        self.shelf.hide()
        return self._side

    def _make_foot(self) -> None:
        self.done_line = DoneLine(self._session)
        self.footer.removeWidget(self.hint)
        self.hint.hide()
        self.footer.addWidget(self.done_line, 1)
        self.next_button = self.add_main_button(say("Augment →"), self.next_wanted.emit)

    # Showing

    @property
    def shown_view(self) -> str:
        """``classes``, ``pictures`` or ``health``."""
        return next(key for key, made in self.view_buttons.items() if made.isChecked())

    def show_view(self, key: str) -> None:
        """Go to a view."""
        self.view_buttons[key].setChecked(True)
        widgets = {CLASSES: self.classes, ALL_PICTURES: self.gallery_view, HEALTH: self.health}
        self._view.setCurrentWidget(widgets[key])
        self._side.setVisible(key != HEALTH)
        self.shelf.setVisible(key == ALL_PICTURES)
        self.health_card.setVisible(key == CLASSES)
        self.refresh()

    def show_samples_progress(
        self, done: int | None, total: int, newest: Sequence[str] = ()
    ) -> None:
        """How far the drawing of the sample pictures is (``None``: not being drawn), and the
        newest of them."""
        self.first.show_samples_progress(done, total, newest)

    def refresh(self) -> None:
        """Show what is known of the pictures now."""
        self._is_stale = False
        allowed = self.changes.is_allowed
        is_full = self._has_anything()
        self._stack.setCurrentIndex(1 if is_full else 0)
        for made in self.view_buttons.values():
            made.setVisible(is_full)
        self.first.allow_changes(allowed)
        if not is_full:
            self._refresh_first()
        self.next_button.setEnabled(self._pictures.listing is not None)
        self.sentence.setText(self._sentence())
        next_words = say("Next: make more of what you have") if self._pictures.listing else ""
        self.done_line.show_usual(next_words)
        if is_full:
            self._refresh_full()

    def _refresh_if_seen(self) -> None:
        """Nobody looks: then only what others ask this page for."""
        if self.isVisible() or self._stack.currentIndex() == 0:
            self.refresh()
        else:
            self._is_stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _has_anything(self) -> bool:
        """Whether there is something to show but the teaching page."""
        project = self._session.project
        if self.changes.classes or project.edits.added:
            return True
        scan = self._pictures.scan
        found_none = scan is not None and not scan.pictures
        return bool(project.pictures.folders) and not found_none

    def _refresh_first(self) -> None:
        offers = self.classes.open_offers()
        folders = self._session.project.pictures.folders
        cards = [self.classes.make_offer(offer) for offer in offers]
        self.first.show_offers(cards)
        problems = self._pictures.problems if folders and not offers else []
        forget = partial(self.changes.remove_sources, folders)
        self.first.show_reasons(problems, self._pictures.refresh, forget)

    def _refresh_full(self) -> None:
        state = self._pictures
        view = self.shown_view
        arrangement = state.arrangement
        words = say("All pictures")
        if arrangement is not None:
            count = len(arrangement.scan.pictures) + len(arrangement.left_out)
            words = say("All pictures ({count:,})", count=count)
        self.view_buttons[ALL_PICTURES].setText(words)
        wrong = health_count(state)
        words = say("Health ({count})", count=wrong) if wrong else say("Health")
        self.view_buttons[HEALTH].setText(words)
        if view == CLASSES:
            self.classes.refresh()
            self.health_card.refresh()
        elif view == HEALTH:
            self.health.refresh()
        else:
            self._refresh_gallery()
        if view != HEALTH:
            self.split.refresh()
            self.size_card.refresh()
            self.sources.refresh()

    def _sentence(self) -> str:
        arrangement = self._pictures.arrangement
        if not self._has_anything() and not self._session.project.pictures.folders:
            return say("What shall be told apart? Begin with some pictures of each class.")
        if arrangement is None and self._pictures.is_busy:
            return say("Looking for pictures…")
        if not self._has_anything():
            return say("Nothing here can be told apart yet.")
        count = sum(arrangement.counts().values()) if arrangement is not None else 0
        pictures = say_count("{count:,} picture", "{count:,} pictures", count)
        classes = say_count("{count} class", "{count} classes", len(self.changes.classes))
        return say(
            "{pictures} in {classes}. The originals are never changed.",
            pictures=pictures,
            classes=classes,
        )

    def _show_class(self, name: str) -> None:
        self.show_view(ALL_PICTURES)
        self.gallery_view.show_class(name)

    def _refresh_gallery(self) -> None:
        arrangement = self._pictures.arrangement
        counts = arrangement.counts() if arrangement is not None else {}
        self.shelf.show_classes(counts, self.changes.colors, self.changes.is_allowed)
        self.gallery_view.refresh()

    def _on_new_class_wanted(self, paths: list[str]) -> None:
        title = say("Which class shall they be put into?")
        name = self._asking.class_name(self, title, self.changes.classes, say("New class"))
        if name:
            self.changes.move(paths, name)

    # What people ask for

    def add_folders(self, folders: list[str]) -> None:
        """Take folders into the project; those that are in it already are passed over."""
        self.changes.add_sources(folders)

    def _choose_folder(self) -> None:
        folder = self._asking.folder(self, say("Choose a folder of pictures"))
        if folder:
            self.own.take([folder])

    def _choose_files(self) -> None:
        kinds = (
            (say("Archives, lists and arrays"), "*.zip *.csv *.tsv *.txt *.xlsx *.npz *ubyte *.gz"),
            (say("Pictures"), "*.jpg *.jpeg *.png *.gif *.bmp *.webp *.tif *.tiff *.heic *.avif"),
        )
        files = self._asking.files(self, say("Choose files"), kinds)
        if files:
            self.own.take(files)

    def _on_rename_wanted(self, old: str, new: str) -> None:
        is_there = new in self.changes.classes
        if is_there or self.changes.brings_back(new):
            title = say("There is a class {name} already. Make both one class?", name=new)
            text = say("All pictures of {old} become pictures of {new}.", old=old, new=new)
            if not is_there:
                title = say("There is a removed class {name}. Make both one class?", name=new)
                text = say(
                    "Its pictures come back, and all pictures of {old} become pictures of {new}.",
                    old=old,
                    new=new,
                )
            choices = (say("Make them one class"), say("Cancel"))
            if self._asking.choice(self, title, text, choices, 0) != 0:
                return
        self.changes.rename_class(old, new)
        QTimer.singleShot(0, self, lambda: self.classes.focus_class(new))

    def _show_finding(self, kind: str) -> None:
        self.show_view(HEALTH)
        # The cards get their places first.
        QTimer.singleShot(0, self, lambda: self.health.show_kind(kind))

    def _on_picture_opened(self, name: str, path: str) -> None:
        arrangement = self._pictures.arrangement
        paths = arrangement.paths_by_class.get(name, [path]) if arrangement is not None else [path]
        self.gallery_view.open_picture(path, paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.changes.is_allowed and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.own.take(paths)

    def close_jobs(self) -> None:
        """End the threads; what is pasted is still written."""
        self.size_card.fits.close()
        self.own.close()

    def _on_check_progressed(self, done: int, total: int) -> None:
        self.health.show_progress(done, total)
        self.health_card.show_progress(done, total)
