"""What the person changed about the pictures: classes, labels, left out, pinned.

The files themselves are never touched. Pictures are named by their full path as the scan names
them, classes by the name that is shown.
"""

from collections.abc import Collection, Iterable

from pydantic import Field

from cnnstudio.project.chapter import Chapter
from cnnstudio.project.pictures import Part

REMOVED = ""
"""The class of a label whose pictures are not used."""


class AddedPicture(Chapter):
    """A single picture that was dropped, pasted or recorded into a class."""

    path: str
    label: str


class PictureEdits(Chapter):
    """All changes together; empty: every picture as its folder says."""

    added: tuple[AddedPicture, ...] = ()
    classes: tuple[str, ...] = Field((), description="The chosen order; others come after it.")
    class_of: dict[str, str] = Field({}, description="Class of a label as found, if another one.")
    removed: tuple[str, ...] = Field((), description="Classes whose pictures are not used.")
    colors: dict[str, str] = Field({}, description="Chosen colour of a class, as #RRGGBB.")
    moved: dict[str, str] = Field({}, description="Path of a picture and its new class.")
    left_out: tuple[str, ...] = Field((), description="Paths of pictures that are not used.")
    pinned: dict[str, Part] = Field({}, description="Path of a picture and the part it stays in.")
    accepted: tuple[str, ...] = Field((), description="Keys of findings said to be all right.")

    def class_for(self, path: str, label: str) -> str:
        """The class of a picture found under ``label``; :data:`REMOVED` if it has none."""
        name = self.moved.get(path, self.class_of.get(label, label))
        return REMOVED if name in self.removed else name

    # Pictures

    def adding(self, paths: Iterable[str], name: str) -> "PictureEdits":
        """With single pictures put into the class ``name``; those that are in already move."""
        paths = tuple(dict.fromkeys(paths))
        known = {each.path for each in self.added}
        new = tuple(AddedPicture(path=path, label=name) for path in paths if path not in known)
        # Also where that label means another class by now.
        moved = {path: name for path in paths if path in known or name in self.class_of}
        edits = self._with(added=self.added + new, moved={**self.moved, **moved})
        return edits.adding_class(name)

    def without_added(self, paths: Collection[str]) -> "PictureEdits":
        """Without single pictures that were added."""
        gone = frozenset(paths)
        return self._with(added=tuple(each for each in self.added if each.path not in gone))

    def moving(self, paths: Iterable[str], name: str) -> "PictureEdits":
        """With pictures moved to the class ``name``."""
        return self._with(moved={**self.moved, **dict.fromkeys(paths, name)})

    def leaving_out(self, paths: Iterable[str]) -> "PictureEdits":
        """With pictures not used any more."""
        return self._with(left_out=tuple(dict.fromkeys((*self.left_out, *paths))))

    def taking_back(self, paths: Collection[str]) -> "PictureEdits":
        """With pictures used again that were left out."""
        back = frozenset(paths)
        return self._with(left_out=tuple(each for each in self.left_out if each not in back))

    def pinning(self, paths: Iterable[str], part: Part | None) -> "PictureEdits":
        """With pictures fixed in ``part``, or no longer fixed (``None``)."""
        paths = tuple(paths)
        pinned = {path: kept for path, kept in self.pinned.items() if path not in frozenset(paths)}
        if part is not None:
            pinned.update(dict.fromkeys(paths, part))
        return self._with(pinned=pinned)

    def accepting(self, keys: Iterable[str]) -> "PictureEdits":
        """With findings said to be all right."""
        return self._with(accepted=tuple(dict.fromkeys((*self.accepted, *keys))))

    # Classes

    def adding_class(self, name: str) -> "PictureEdits":
        """With a class that may have no pictures yet; a removed one comes back."""
        kept = tuple(each for each in self.removed if each != name)
        return self._with(classes=tuple(dict.fromkeys((*self.classes, name))), removed=kept)

    def renaming_class(self, old: str, new: str, labels: Iterable[str]) -> "PictureEdits":
        """With the class ``old`` called ``new``; where ``new`` is a class, both become one.

        A removed class of the new name comes back into it with its pictures. ``labels`` are all
        labels that were found in the folders.
        """
        if old == new:
            return self
        labels = {*labels, *(each.label for each in self.added)}
        changed = {each: new for each in labels if self.class_of.get(each, each) == old}
        class_of = {**self.class_of, **changed}
        return self._with(
            classes=tuple(dict.fromkeys(new if each == old else each for each in self.classes)),
            class_of={label: name for label, name in class_of.items() if label != name},
            moved={path: new if name == old else name for path, name in self.moved.items()},
            removed=tuple(each for each in self.removed if each != new),
            colors=self._recolored(old, new, labels),
        )

    def removing_class(self, name: str) -> "PictureEdits":
        """Without the class: its pictures are not used until it is taken back."""
        return self._with(removed=tuple(dict.fromkeys((*self.removed, name))))

    def taking_class_back(self, name: str) -> "PictureEdits":
        """With a removed class and its pictures again."""
        return self._with(removed=tuple(each for each in self.removed if each != name))

    def ordering(self, classes: Iterable[str]) -> "PictureEdits":
        """With the classes in this order (the order of the model's outputs)."""
        return self._with(classes=tuple(dict.fromkeys(classes)))

    def coloring(self, name: str, color: str) -> "PictureEdits":
        """With a colour (``#RRGGBB``) for a class."""
        return self._with(colors={**self.colors, name: color})

    # Inside

    def _with(self, **changes: object) -> "PictureEdits":
        return self.model_copy(update=changes)

    def _recolored(self, old: str, new: str, labels: Iterable[str]) -> dict[str, str]:
        """The colour goes with the class; a class that takes another one in keeps its own."""
        there = {*self.classes, *self.moved.values()}
        there.update(self.class_of.get(each, each) for each in labels)
        colors = {name: color for name, color in self.colors.items() if name != old}
        if old in self.colors and (new in self.removed or new not in there):
            colors[new] = self.colors[old]
        return colors
