"""What one source of pictures gives: a folder, a list, a ZIP, or arrays."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from cnnstudio.images.found_pictures import FoundPicture, natural_key
from cnnstudio.images.name_labels import NameOffer
from cnnstudio.project.problems import Problem

SourceKind = Literal["folders", "parts", "list", "names", "zip", "idx", "npz", "files"]


@dataclass(frozen=True)
class SourceFacts:
    """A source in short. ``path`` is empty for single pictures that were added (``files``)."""

    path: str
    kind: SourceKind
    pictures: int
    classes: tuple[str, ...]


@dataclass
class SourceContent:
    """Everything that is known of one source; ``loose`` pictures have no class in it."""

    path: str
    kind: SourceKind = "folders"
    pictures: list[FoundPicture] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty_classes: set[str] = field(default_factory=set)
    offer: NameOffer | None = None
    says_parts_alone: bool = False
    """Whether a part stands even if no other part was found: the folders were sorted so."""

    @property
    def facts(self) -> SourceFacts:
        """The source in short."""
        classes = {picture.label for picture in self.pictures}
        in_order = tuple(sorted(classes, key=natural_key))
        return SourceFacts(self.path, self.kind, len(self.pictures), in_order)

    def as_refused(self) -> "SourceContent":
        """With an error if nothing came of it and only warnings say why."""
        if not self.pictures and not self._is_told:
            self.problems.append(Problem("nothing_usable", "pictures.folders", self.path))
        return self

    @property
    def _is_told(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def loose_problems(self, taken: Collection[str]) -> list[Problem]:
        """What is wrong if nothing, or not everything, is in a class; but for those ``taken``."""
        loose = [path for path in self.loose if path not in taken]
        if not self.pictures and not self._is_told and (loose or not self.loose):
            kind = "folder_empty"
            if loose:
                kind = "no_class_folders" if self.offer is None else "classes_in_names"
            elif self.kind == "zip":
                kind = "archive_empty"
            return [Problem(kind, "pictures.folders", self.path)]
        if self.pictures and loose:
            values: dict[str, str | int | float] = {"count": len(loose)}
            return [Problem("loose_pictures", "pictures.folders", self.path, values)]
        return []
