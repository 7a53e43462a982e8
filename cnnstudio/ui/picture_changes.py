"""What people change about their pictures: each change one step that can be undone.

Nothing here touches a file; the plan and its edits are replaced, and a quiet sentence says what
was done.
"""

import os
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.project import Project
from cnnstudio.project.words import say, say_count
from cnnstudio.ui.class_colors import class_colors
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.session import ProjectSession

if TYPE_CHECKING:
    from cnnstudio.project.findings import Finding, Group, Remedy


class PictureChanges(QObject):
    """Changes sources, classes and single pictures of the open project."""

    done = Signal(str)
    """A sentence on what was changed. It is told only where something changed."""

    def __init__(
        self, session: ProjectSession, pictures: PicturesState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = pictures

    @property
    def is_allowed(self) -> bool:
        """Whether the project may be changed at all."""
        return not self._session.folder.read_only

    @property
    def edits(self) -> PictureEdits:
        """All changes so far."""
        return self._session.project.edits

    @property
    def classes(self) -> tuple[str, ...]:
        """All classes in order, also those without pictures yet."""
        arrangement = self._pictures.arrangement
        return arrangement.classes if arrangement is not None else self.edits.classes

    @property
    def colors(self) -> dict[str, str]:
        """The colour (``#RRGGBB``) of every class."""
        return class_colors(self.classes, self.edits.colors, self.edits.removed)

    def brings_back(self, name: str) -> bool:
        """Whether pictures of a removed class would be used again under this name."""
        edits, scan = self.edits, self._pictures.scan
        if name not in edits.removed or scan is None:
            return name in edits.removed
        back = edits.taking_class_back(name)
        return any(back.class_for(each.path, each.label) == name for each in scan.pictures)

    # Sources

    def add_sources(self, paths: Iterable[str]) -> None:
        """Take folders, archives and lists; those that are in already are passed over."""
        known = self._session.project.pictures.folders
        normal = [os.path.normpath(path) for path in paths]
        new = tuple(path for path in dict.fromkeys(normal) if path not in known)
        if new:
            self._change_plan({"folders": known + new})
        else:
            self._pictures.refresh()

    def remove_sources(self, paths: Collection[str]) -> None:
        """Take sources out of the project; nothing is deleted."""
        plan = self._session.project.pictures
        kept = tuple(each for each in plan.folders if each not in paths)
        by_names = tuple(each for each in plan.labels_in_names if each not in paths)
        words = say_count("Removed {count} source.", "Removed {count} sources.", len(paths))
        self._change_plan({"folders": kept, "labels_in_names": by_names}, words)

    def take_classes_from_names(self, source: str) -> None:
        """Let the file names of ``source`` say the classes."""
        names = self._session.project.pictures.labels_in_names
        words = say("The file names say the classes now.")
        self._change_plan({"labels_in_names": (*names, source)}, words)

    def forget_classes_from_names(self, source: str) -> None:
        """Let the folders say the classes again."""
        names = self._session.project.pictures.labels_in_names
        kept = tuple(each for each in names if each != source)
        self._change_plan({"labels_in_names": kept}, say("File names do not say classes now."))

    def remove_added(self) -> None:
        """Take out all single pictures that were dropped, pasted or recorded."""
        paths = [each.path for each in self.edits.added]
        words = say_count("Took out {count:,} picture.", "Took out {count:,} pictures.", len(paths))
        self._change_edits(self.edits.without_added(paths), words)

    # Classes

    def add_class(self, name: str) -> None:
        """A class that has no pictures yet; a removed one of this name comes back."""
        if name not in self.classes:
            edits = self._in_order(self.edits).adding_class(name)
            words = say("Made the class {name}.", name=name)
            self._change_edits(edits, self._words_on_coming_back((name,)) or words)

    def rename_class(self, old: str, new: str) -> None:
        """Call a class otherwise; where ``new`` is one already, both become one."""
        words = say("{old} is called {new} now.", old=old, new=new)
        if new in self.classes or self.brings_back(new):
            words = say("{old} and {new} are one class now.", old=old, new=new)
        ordered = self._in_order(self.edits)
        self._change_edits(ordered.renaming_class(old, new, self._labels()), words)

    def remove_class(self, name: str) -> None:
        """Use none of its pictures until it is taken back."""
        edits = self._with_colors(self.edits).removing_class(name)
        self._change_edits(edits, say("Removed the class {name}.", name=name))

    def take_class_back(self, name: str) -> None:
        """Use the pictures of a removed class again."""
        edits = self._with_colors(self.edits).taking_class_back(name)
        self._change_edits(edits, say("{name} is a class again.", name=name))

    def shift_class(self, name: str, steps: int) -> None:
        """Move a class up (negative) or down in the order of the model's outputs."""
        names = list(self.classes)
        place = names.index(name)
        wanted = min(max(place + steps, 0), len(names) - 1)
        if wanted != place:
            names.insert(wanted, names.pop(place))
            words = say("{name} is class {place} now.", name=name, place=wanted + 1)
            self._change_edits(self._in_order(self.edits).ordering(names), words)

    def color_class(self, name: str, color: str) -> None:
        """Give a class its colour (``#RRGGBB``)."""
        if self.colors.get(name) != color:
            edits = self._with_colors(self.edits).coloring(name, color)
            self._change_edits(edits, say("{name} has another colour now.", name=name))

    # Pictures

    def add_pictures(self, by_class: dict[str, list[str]], passed_over: int = 0) -> None:
        """Put single files into classes, in one step; ``passed_over`` others were no pictures."""
        edits = self._in_order(self.edits)
        count = 0
        for name, paths in by_class.items():
            if paths:
                edits = edits.adding(paths, name).taking_back(paths)
                count += len(paths)
        words = say_count("Added {count:,} picture.", "Added {count:,} pictures.", count)
        if passed_over:
            words = say_count(
                "Added the pictures; {count:,} file is none and was passed over.",
                "Added the pictures; {count:,} files are none and were passed over.",
                passed_over,
            )
        if count:
            filled = [name for name, paths in by_class.items() if paths]
            self._change_edits(edits, self._words_on_coming_back(filled) or words)

    def move(self, paths: Sequence[str], name: str) -> None:
        """Put pictures into another class."""
        words = say_count(
            "Moved {count:,} picture to {name}.",
            "Moved {count:,} pictures to {name}.",
            len(paths),
            name=name,
        )
        edits = self._in_order(self.edits).adding_class(name).moving(paths, name)
        self._change_edits(edits, self._words_on_coming_back((name,)) or words)

    def leave_out(self, paths: Sequence[str]) -> None:
        """Do not use pictures."""
        words = say_count("Left out {count:,} picture.", "Left out {count:,} pictures.", len(paths))
        self._change_edits(self.edits.leaving_out(paths), words)

    def take_back(self, paths: Sequence[str]) -> None:
        """Use pictures again that were left out."""
        words = say_count(
            "{count:,} picture is used again.", "{count:,} pictures are used again.", len(paths)
        )
        self._change_edits(self.edits.taking_back(paths), words)

    def pin(self, paths: Sequence[str], part: Part | None) -> None:
        """Fix pictures in a part, or let them go (``None``)."""
        if part is None:
            words = say_count(
                "Unpinned {count:,} picture.", "Unpinned {count:,} pictures.", len(paths)
            )
        else:
            words = say_count("Pinned {count:,} picture.", "Pinned {count:,} pictures.", len(paths))
        self._change_edits(self.edits.pinning(paths, part), words)

    def unpin_all(self) -> None:
        """Let every pinned picture go."""
        self.pin(list(self.edits.pinned), None)

    def remedy(
        self, finding: "Finding", remedy: "Remedy", groups: "Sequence[Group] | None" = None
    ) -> None:
        """Do what a remedy of the health check says, to all its groups or to some."""
        from cnnstudio.project.findings import remedied

        before = self.edits
        after = remedied(before, finding, remedy, groups)
        self._change_edits(after, _what_changed(before, after))

    # Inside

    def _labels(self) -> tuple[str, ...]:
        """Everything that pictures are called by folders, lists and names."""
        scan = self._pictures.scan
        if scan is None:  # still being looked for: all names that are known
            return tuple({*self.edits.class_of, *self.classes})
        return scan.classes

    def _in_order(self, edits: PictureEdits) -> PictureEdits:
        """With the order that is seen made the chosen one, so that a new class comes last."""
        return self._with_colors(edits).ordering(self.classes)

    def _with_colors(self, edits: PictureEdits) -> PictureEdits:
        """With the colours that are seen made the chosen ones, so that each class keeps its own."""
        return edits.model_copy(update={"colors": {**edits.colors, **self.colors}})

    def _words_on_coming_back(self, names: Iterable[str]) -> str:
        """What to say where pictures are put into a class that was removed; else empty."""
        back = next(filter(self.brings_back, names), "")
        if not back:
            return ""
        return say("{name} is a class again, with the pictures it had.", name=back)

    def _change_plan(self, update: dict[str, object], words: str = "") -> None:
        plan: PicturesPlan = self._session.project.pictures.model_copy(update=update)
        edits = self._with_colors(self.edits)
        self._change(self._session.project.replacing(pictures=plan, edits=edits), words)

    def _change_edits(self, edits: PictureEdits, words: str = "") -> None:
        self._change(self._session.project.replacing(edits=edits), words)

    def _change(self, project: Project, words: str) -> None:
        before = self._session.project
        self._session.change(project)
        if words and self._session.project is not before:
            self.done.emit(words)


def _what_changed(before: PictureEdits, after: PictureEdits) -> str:
    left_out = len(after.left_out) - len(before.left_out)
    if left_out > 0:
        return say_count("Left out {count:,} picture.", "Left out {count:,} pictures.", left_out)
    moved = sum(before.moved.get(path) != name for path, name in after.moved.items())
    if moved:
        return say_count("Moved {count:,} picture.", "Moved {count:,} pictures.", moved)
    accepted = len(after.accepted) - len(before.accepted)
    return say_count(
        "Said of {count:,} finding that it is all right.",
        "Said of {count:,} findings that they are all right.",
        accepted,
    )
