"""The project: a name and one chapter for each step."""

from pydantic import Field

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.chapter import Chapter
from cnnstudio.project.export import ExportPlan
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.picture_edits import PictureEdits
from cnnstudio.project.pictures import PicturesPlan
from cnnstudio.project.training import TrainingPlan

SCHEMA_VERSION = 1
MOST_NAME_LETTERS = 200

CHAPTERS: tuple[str, ...] = ("pictures", "augmentation", "network", "training", "export")


class Project(Chapter):
    """Everything a person chose. A value: changed by replacement, compared by equality."""

    name: str = Field("", max_length=MOST_NAME_LETTERS)
    pictures: PicturesPlan = PicturesPlan()
    augmentation: AugmentationPlan = AugmentationPlan()
    network: NetworkPlan = NetworkPlan()
    training: TrainingPlan = TrainingPlan()
    export: ExportPlan = ExportPlan()
    edits: PictureEdits = PictureEdits()

    def chapter(self, name: str) -> Chapter:
        """The chapter called ``name`` (one of :data:`CHAPTERS`)."""
        found = getattr(self, name)
        assert isinstance(found, Chapter)
        return found

    def replacing(self, **chapters: Chapter | str) -> "Project":
        """This project with whole chapters (or the name) replaced."""
        return self.model_copy(update=chapters)
