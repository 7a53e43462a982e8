"""What a model gave for pictures whose class is known."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class Prediction:
    """The answer for one picture; ``probabilities`` in the order of the model's classes."""

    file: str
    label: str
    probabilities: tuple[float, ...]


class EvaluatedPicture(BaseModel):
    """One picture, its true class, and the probabilities in the order of the classes."""

    model_config = ConfigDict(frozen=True)

    file: str
    label: str
    predicted: str
    probabilities: tuple[float, ...]


class Evaluation(BaseModel):
    """Answers for all pictures of one part; ``confusion[true][given]`` counts them. ``epoch`` is
    the one of its run after which the model was asked, 0 where that is not known."""

    model_config = ConfigDict(frozen=True)

    classes: tuple[str, ...]
    part: str
    confusion: tuple[tuple[int, ...], ...]
    pictures: tuple[EvaluatedPicture, ...]
    epoch: int = 0

    @property
    def count(self) -> int:
        """How many pictures were asked."""
        return len(self.pictures)

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0 to 1 (0 without any picture)."""
        right = sum(row[index] for index, row in enumerate(self.confusion))
        return right / self.count if self.count else 0.0

    def class_accuracy(self, index: int) -> float:
        """Share of the class's pictures that were recognised (0 without any)."""
        total = sum(self.confusion[index])
        return self.confusion[index][index] / total if total else 0.0

    def wrong(self) -> list[EvaluatedPicture]:
        """Wrong answers, the most confident first."""
        found = [each for each in self.pictures if each.predicted != each.label]
        return sorted(found, key=lambda each: -max(each.probabilities))
