"""How the pictures are split into training, validation and test."""

from cnnstudio.project.words import say
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card, label
from cnnstudio.ui.widgets.field_form import FieldForm
from cnnstudio.ui.widgets.split_bar import SplitBar


class SplitCard(Card):
    """The bar, the numbers, and what can be chosen."""

    def __init__(self, session: ProjectSession, pictures: PicturesState, theme: Theme) -> None:
        super().__init__(say("Split"))
        self._pictures = pictures
        self._bar = SplitBar(theme)
        self.body.addWidget(self._bar)
        self._words = label("", "small", wrap=True)
        self.body.addWidget(self._words)
        self.form = FieldForm(
            ("pictures.validation_share", "pictures.test_share", "pictures.seed"),
            lambda: session.project,
            session.change,
            spacing=10,
        )
        self.body.addWidget(self.form)

    def refresh(self) -> None:
        """Show the split as it is now."""
        listing = self._pictures.listing
        self._words.setVisible(listing is not None)
        if listing is None:
            self._bar.show_counts(0, 0, 0)
            return
        counts = {part: counter.total() for part, counter in listing.counts().items()}
        self._bar.show_counts(counts["training"], counts["validation"], counts["test"])
        words = say(
            "Training {training:,} · Validation {validation:,} · Test {test:,}",
            **{str(part): count for part, count in counts.items()},
        )
        if self._pictures.scan is not None and self._pictures.scan.has_parts:
            words = f"{words}\n{say('The folders themselves name the parts.')}"
        self._words.setText(words)
