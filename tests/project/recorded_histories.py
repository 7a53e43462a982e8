"""Histories of real trainings, and what each of them should be found to show.

They were recorded with plain Keras: Fashion-MNIST at 32 pixels (ten classes, or two or three of
them) and photographs of cats and dogs at 32 to 128 pixels; small networks from scratch, and heads
over a frozen MobileNetV2 of width 0.35. Only the numbers are kept, as ``history.csv`` has them.
The thresholds were set with those that are not called unseen; no unseen one changed them.
"""

from dataclasses import dataclass, field
from pathlib import Path

from cnnstudio.project.epochs import EpochFacts, read_history
from cnnstudio.project.explaining import EndedBy, Explanation, explain
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage
from cnnstudio.project.training import TrainingPlan

FOLDER = Path(__file__).parent / "histories"
TEN = (1,) * 10
TWO = (1, 1)


@dataclass(frozen=True)
class Recorded:
    """A history below ``histories/``. ``shares`` say how even the classes are; ``kinds`` are what
    is said after the last epoch, in order, ``around`` the epochs the first may be said to begin."""

    name: str
    training: int
    validation: int
    shares: tuple[int, ...]
    kinds: tuple[str, ...] = ()
    around: tuple[int, int] = (1, 1000)
    plan: TrainingPlan = field(default_factory=lambda: TrainingPlan(epochs=20))
    ended_by: EndedBy = ""

    @property
    def project(self) -> Project:
        """The plan of the run, as far as it matters."""
        return Project(training=self.plan)

    @property
    def classes(self) -> tuple[int, ...]:
        """Training pictures of each class."""
        return tuple(self.training * share // sum(self.shares) for share in self.shares)

    def history(self) -> list[EpochFacts]:
        """All epochs."""
        return read_history(FOLDER / f"{self.name}.csv")

    def explained(self, history: list[EpochFacts]) -> tuple[Explanation, ...]:
        """What the beginning of it that is given shows."""
        return explain(
            history,
            self.project,
            self.training,
            self.validation,
            self.ended_by,
            None,
            self.classes,
        )


def at_rate(rate: float, **more: object) -> TrainingPlan:
    """A plan of 20 epochs with another rate."""
    return TrainingPlan.model_validate({"epochs": 20, "learning_rate": rate, **more})


TWO_STAGES = TrainingPlan(
    stages=(Stage(trains="head", epochs=6), Stage(trains="all", epochs=6, rate=10.0))
)

HEALTHY = (
    Recorded("healthy_lenet_clothes", 2000, 500, TEN),
    Recorded("healthy_small_clothes", 2500, 600, TEN),
    Recorded("healthy_two_clothes", 500, 160, TWO),
    Recorded("healthy_three_clothes", 900, 270, (1, 1, 1)),
    Recorded("healthy_cosine", 1200, 400, TEN),
    Recorded("healthy_step_decay", 1500, 300, TEN),
    Recorded("healthy_rmsprop", 1500, 300, TEN),
    Recorded("healthy_catdog_augmented", 560, 140, TWO),
    Recorded("healthy_catdog_64", 600, 200, TWO),
    Recorded("healthy_mobilenet_frozen", 480, 120, TWO),
    Recorded("healthy_mobilenet_augmented", 200, 100, TWO),
    Recorded("healthy_dense_head", 600, 200, TWO),
    Recorded("healthy_slow_head", 300, 100, TWO, plan=at_rate(0.001, optimizer="sgd")),
    Recorded("healthy_two_stages", 300, 100, TWO),
    Recorded("healthy_two_stages_again", 400, 120, TWO),
    Recorded("early_lenet", 1200, 300, TEN),
    Recorded("unseen_healthy_mnistlike", 4000, 800, TEN),
    Recorded("unseen_healthy_head", 500, 200, TWO),
    Recorded("unseen_healthy_sgd", 2000, 400, TEN),
    Recorded("unseen_healthy_catdog", 500, 150, TWO),
    Recorded("unseen_healthy_stages", 350, 140, TWO),
)
FAULTY = (
    Recorded("high_adam_clothes", 1000, 300, TEN, ("rate_too_high",), (3, 3), at_rate(0.3)),
    Recorded("high_adam_catdog", 300, 100, TWO, ("rate_too_high",), (3, 6), at_rate(0.1)),
    Recorded("high_lenet", 1000, 300, TEN, ("rate_too_high",), (3, 5), at_rate(0.05)),
    Recorded("high_lenet_catdog", 400, 100, TWO, ("rate_too_high",), (3, 6), at_rate(0.03)),
    Recorded("high_sgd", 1000, 300, TEN, ("rate_too_high",), (3, 3), at_rate(1.0)),
    Recorded("high_head_sgd", 300, 100, TWO, ("rate_too_high",), (3, 3), at_rate(1.0)),
    Recorded("high_head_adam", 300, 100, TWO, ("rate_too_high",), (3, 3), at_rate(0.3)),
    Recorded("low_adam", 1000, 300, TEN, ("rate_too_low",), (3, 4), at_rate(1e-6)),
    Recorded("low_sgd", 1000, 300, TEN, ("rate_too_low",), (3, 4), at_rate(1e-3, optimizer="sgd")),
    Recorded("low_head", 480, 120, TWO, ("rate_too_low",), (3, 5), at_rate(1e-5)),
    Recorded("low_lenet", 1000, 300, TEN, ("rate_too_low",), (3, 4), at_rate(1e-5)),
    Recorded("low_lenet_again", 1500, 300, TEN, ("rate_too_low",), (3, 4), at_rate(5e-6)),
    Recorded("none_random_labels", 500, 200, TWO, ("not_learning",), (3, 3), at_rate(1e-4)),
    Recorded("none_tiny_rate", 600, 300, TEN, ("not_learning",), (3, 3), at_rate(1e-6)),
    Recorded("none_dead_units", 600, 300, TEN, ("not_learning",), (3, 3)),
    Recorded("none_uneven", 360, 120, (5, 1), ("not_learning",), (3, 3), at_rate(1e-5)),
    Recorded("none_lenet_catdog", 400, 200, TWO, ("not_learning",), (3, 3)),
    Recorded("over_twenty_pictures", 20, 200, TWO, ("overfitting",), (5, 7)),
    Recorded("over_forty_pictures", 40, 200, TWO, ("overfitting",), (2, 2)),
    Recorded("over_clothes", 600, 300, TEN, ("overfitting",), (4, 7)),
    Recorded("over_head", 60, 200, TWO, ("overfitting",), (2, 4)),
    Recorded("over_small_clothes", 1000, 300, TEN, ("overfitting",), (6, 8)),
    Recorded("over_fast_dense", 1000, 300, TEN, ("overfitting",), (3, 4), at_rate(0.02)),
    Recorded("over_catdog", 400, 200, TWO, ("overfitting",), (5, 6)),
    Recorded("plateau_linear", 3000, 500, TEN, ("plateau",), (9, 14), at_rate(0.01)),
    Recorded("plateau_two_filters", 1500, 400, TEN, ("plateau",), (12, 18), at_rate(0.01)),
    Recorded("plateau_frozen", 2000, 400, TEN, ("plateau", "validation_better"), (18, 24)),
    Recorded("better_augmented_dropout", 1500, 400, TEN, ("validation_better",), (1, 1)),
    Recorded("better_augmented", 240, 120, TWO, ("validation_better",), (2, 9)),
    Recorded("better_dropout_frozen", 300, 150, TWO, ("validation_better",), (1, 2)),
    Recorded("better_slow_head", 400, 160, TWO, ("validation_better",), (1, 9)),
    Recorded("few_twelve", 100, 12, TWO, ("too_few_validation",), (1, 1)),
    Recorded("few_thirty", 600, 30, TEN, ("too_few_validation",), (1, 1)),
    Recorded("nan_sgd", 1000, 300, TEN, ("not_a_number",), (2, 2), at_rate(1.0)),
    Recorded("forget_all", 300, 100, TWO, ("forgetting",), (7, 7), TWO_STAGES),
    Recorded("forget_blocks", 300, 100, TWO, ("forgetting",), (7, 7), TWO_STAGES),
    Recorded(
        "early_overfitted",
        1200,
        300,
        TEN,
        ("overfitting", "early_stopped"),
        (9, 14),
        at_rate(0.002, early_stopping=5),
        "early_stopping",
    ),
    Recorded("unseen_high_adam", 1500, 300, TEN, ("rate_too_high",), (3, 4), at_rate(0.1)),
    Recorded("unseen_high_head", 400, 120, TWO, ("rate_too_high",), (3, 3), at_rate(0.3)),
    Recorded("unseen_high_small", 400, 150, TWO, ("rate_too_high",), (3, 3), at_rate(1.0)),
    Recorded("unseen_low_small", 1500, 300, TEN, ("rate_too_low",), (3, 3), at_rate(3e-6)),
    Recorded("unseen_low_head", 400, 150, TWO, ("rate_too_low",), (3, 5), at_rate(5e-6)),
    Recorded("unseen_none", 300, 120, TWO, ("not_learning",), (3, 3), at_rate(1e-6)),
    Recorded("unseen_over", 200, 200, TWO, ("overfitting",), (4, 8)),
    Recorded("unseen_over_dense", 500, 300, TEN, ("overfitting",), (5, 8)),
    Recorded("unseen_plateau", 2000, 400, TEN, ("plateau",), (9, 14), at_rate(0.02)),
    Recorded("unseen_better", 1200, 400, TEN, ("validation_better",), (1, 3)),
    Recorded("unseen_forget", 300, 120, TWO, ("forgetting",), (6, 6), TWO_STAGES),
)
