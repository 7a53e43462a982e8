"""All classes as cards, and the ways to get more of them."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from cnnstudio.project.words import say, say_count
from cnnstudio.ui.picture_changes import PictureChanges
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Column, button, clear_layout, label
from cnnstudio.ui.widgets.class_card import ClassCard
from cnnstudio.ui.widgets.drop_area import DropArea
from cnnstudio.ui.widgets.flow_layout import FlowLayout
from cnnstudio.ui.widgets.name_offer_card import NameOfferCard
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement
    from cnnstudio.images.name_labels import NameOffer

MOST_CLASS_CARDS = 60


class ClassesView(Column):
    """What needs a question or a dialog is only said; the page asks."""

    rename_wanted = Signal(str, str)
    adding_wanted = Signal(str)
    recording_wanted = Signal(str)
    pasting_wanted = Signal(str)
    showing_all_wanted = Signal(str)
    picture_opened = Signal(str, str)
    files_dropped = Signal(str, list)
    dropped = Signal(list)
    offers_changed = Signal()

    def __init__(
        self,
        pictures: PicturesState,
        changes: PictureChanges,
        loader: ThumbnailLoader,
        theme: Theme,
        choose_folder: Callable[[], object],
        choose_files: Callable[[], object],
    ) -> None:
        super().__init__()
        self._pictures = pictures
        self._changes = changes
        self._loader = loader
        self._theme = theme
        self._passed_over: set[str] = set()
        self._shown_offers: tuple[object, ...] = ()
        self._shown_removed: tuple[object, ...] = ()
        self._naming = ""
        self._broken: Counter[str] = Counter()
        self._broken_of: Arrangement | None = None
        self.cards: dict[str, ClassCard] = {}
        self._offers = QVBoxLayout()
        self._offers.setSpacing(16)
        self.body.addLayout(self._offers)
        self._classes = QVBoxLayout()
        self._classes.setSpacing(16)
        self.body.addLayout(self._classes)
        self._more = label("", "quiet")
        self._more.hide()
        self.body.addWidget(self._more)
        self.body.addWidget(self._make_drop_area(choose_folder, choose_files))
        self._removed = QVBoxLayout()
        self._removed.setSpacing(4)
        self.body.addLayout(self._removed)
        self.body.addStretch(1)
        rename = QShortcut(QKeySequence("F2"), self)
        rename.activated.connect(self._rename_focused)

    def _make_drop_area(
        self, choose_folder: Callable[[], object], choose_files: Callable[[], object]
    ) -> DropArea:
        area = DropArea()
        area.dropped.connect(self.dropped)
        inside = QVBoxLayout(area)
        inside.setContentsMargins(16, 12, 16, 12)
        words = label(say("Drop folders, ZIP files or pictures here, or"), "quiet")
        self.folder_button = button(say("choose a folder"), choose_folder, "link")
        self.files_button = button(say("choose a file"), choose_files, "link")
        self.new_button = button(say("make a new class"), self.add_class, "link")
        row = FlowLayout(across=14, down=4, centred=True)
        for each in (words, self.folder_button, self.files_button, self.new_button):
            row.addWidget(each)
        inside.addLayout(row)
        return area

    def refresh(self) -> None:
        """Show the classes as they are now."""
        self._refresh_offers()
        self._refresh_cards()
        self._refresh_removed()
        allowed = self._changes.is_allowed
        reason = "" if allowed else say("The project is read-only.")
        for each in (self.folder_button, self.files_button, self.new_button):
            each.setEnabled(allowed)
            each.setToolTip(reason)

    def add_class(self) -> None:
        """A new class whose name can be typed at once."""
        number = len(self._changes.classes) + 1
        taken = {*self._changes.classes, *self._changes.edits.removed}
        while (name := say("Class {number}", number=number)) in taken:
            number += 1
        self._naming = name
        self._changes.add_class(name)
        self.refresh()

    def focused_class(self) -> str:
        """The class in whose card the keyboard is, or empty."""
        widget: QWidget | None = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, ClassCard):
            widget = widget.parentWidget()
        return widget.name if isinstance(widget, ClassCard) else ""

    def focus_class(self, name: str) -> None:
        """Show the card of a class and put the keyboard there."""
        if name in self.cards:
            self.ensureWidgetVisible(self.cards[name])
            self.cards[name].menu_button.setFocus()

    # Inside

    def _refresh_cards(self) -> None:
        arrangement = self._pictures.arrangement
        classes = self._changes.classes
        shown = classes[:MOST_CLASS_CARDS]
        if tuple(self.cards) != tuple(shown):
            self._place_cards(shown)
        is_looking = arrangement is None and self._pictures.is_busy
        by_class = arrangement.paths_by_class if arrangement is not None else {}
        broken = self._count_broken()
        colors = self._changes.colors
        allowed = self._changes.is_allowed
        reason = "" if allowed else say("The project is read-only.")
        for name, card in self.cards.items():
            if is_looking:
                card.show_looking()
            else:
                card.show_pictures(by_class.get(name, ()), broken[name])
            card.show_color(colors[name])
            card.allow_changes(allowed, reason)
        more = len(classes) - len(shown)
        self._more.setVisible(more > 0)
        self._more.setText(
            say_count(
                "and {count:,} more class, under All pictures",
                "and {count:,} more classes, under All pictures",
                more,
            )
        )
        if self._naming in self.cards:
            card, self._naming = self.cards[self._naming], ""
            QTimer.singleShot(0, card, lambda: self._name(card))

    def _count_broken(self) -> Counter[str]:
        """How many pictures of each class cannot be read; counted once an arrangement."""
        arrangement = self._pictures.arrangement
        if arrangement is not self._broken_of:
            self._broken_of = arrangement
            self._broken = Counter()
            if arrangement is not None and arrangement.unreadable:
                self._broken.update(
                    picture.label
                    for picture in arrangement.scan.pictures
                    if picture.path in arrangement.unreadable
                )
        return self._broken

    def _name(self, card: ClassCard) -> None:
        self.ensureWidgetVisible(card)
        card.title.edit()

    def _place_cards(self, names: tuple[str, ...]) -> None:
        """Cards of classes that stay are kept, so that nothing flickers."""
        kept = {}
        for name in names:
            card = self.cards.pop(name, None) or self._make_card(name)
            kept[name] = card
        while self._classes.count():
            self._classes.takeAt(0)
        for card in self.cards.values():
            card.hide()
            card.deleteLater()
        for card in kept.values():
            self._classes.addWidget(card)
        self.cards = kept

    def _make_card(self, name: str) -> ClassCard:
        card = ClassCard(name, self._changes, self._loader, self._theme)
        card.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Keys such as F2 mean the clicked card.
        card.rename_wanted.connect(partial(self.rename_wanted.emit, name))
        card.adding_wanted.connect(partial(self.adding_wanted.emit, name))
        card.recording_wanted.connect(partial(self.recording_wanted.emit, name))
        card.pasting_wanted.connect(partial(self.pasting_wanted.emit, name))
        card.showing_all_wanted.connect(partial(self.showing_all_wanted.emit, name))
        card.picture_opened.connect(partial(self.picture_opened.emit, name))
        card.files_dropped.connect(partial(self.files_dropped.emit, name))
        card.pictures_dropped.connect(lambda paths: self._changes.move(paths, name))
        return card

    def _refresh_removed(self) -> None:
        removed = self._changes.edits.removed
        allowed = self._changes.is_allowed
        if (removed, allowed) == self._shown_removed:
            return
        self._shown_removed = (removed, allowed)
        clear_layout(self._removed)
        for name in removed:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addStretch(1)
            row.addWidget(label(say("Removed: {name}", name=name), "quiet"))
            link = button(say("Take back"), partial(self._changes.take_class_back, name), "link")
            link.setAccessibleName(say("Take back {name}", name=name))
            link.setEnabled(allowed)
            row.addWidget(link)
            row.addStretch(1)
            self._removed.addLayout(row)

    def _refresh_offers(self) -> None:
        offers = self.open_offers()
        allowed = self._changes.is_allowed
        if (*offers, allowed) == self._shown_offers:
            return
        self._shown_offers = (*offers, allowed)
        clear_layout(self._offers)
        for offer in offers:
            self._offers.addWidget(self.make_offer(offer))

    def open_offers(self) -> "list[NameOffer]":
        """What file names offer and nobody has answered."""
        scan = self._pictures.scan
        offers = scan.offers if scan is not None else ()
        return [offer for offer in offers if offer.folder not in self._passed_over]

    def make_offer(self, offer: "NameOffer") -> NameOfferCard:
        """The notice of one offer."""
        use = partial(self._changes.take_classes_from_names, offer.folder)
        card = NameOfferCard(
            offer, self._loader, self._theme, use, partial(self._pass_over, offer.folder)
        )
        card.allow_changes(self._changes.is_allowed)
        return card

    def _pass_over(self, folder: str) -> None:
        self._passed_over.add(folder)
        self.offers_changed.emit()

    def _rename_focused(self) -> None:
        card = self.cards.get(self.focused_class())
        if card is not None:
            card.title.edit()
