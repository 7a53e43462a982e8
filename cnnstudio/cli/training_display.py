"""What a training shows in the terminal while it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from rich.cells import cell_len

from cnnstudio.cli.engine import show_news
from cnnstudio.cli.output import Bars, Output, duration, percent
from cnnstudio.project.amounts import plain_number
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.fields import field_facts
from cnnstudio.project.frozen_part import once_words
from cnnstudio.project.project import Project
from cnnstudio.project.stage_reasons import why
from cnnstudio.project.stages import stage_title, stages_of
from cnnstudio.project.training import TrainingPlan
from cnnstudio.project.words import say
from cnnstudio.protocol import (
    BatchEnded,
    EngineReady,
    EpochEnded,
    News,
    Paused,
    PictureLeftOut,
    Progress,
    RateTried,
    StageStarted,
    TrainingStarted,
    WentOn,
)


@dataclass(frozen=True)
class _Column:
    """One figure of an epoch; ``words`` makes it readable."""

    title: str
    words: Callable[[EpochFacts], str]


class TrainingDisplay:
    """The bar of the epoch in hand and a line for each one that is done, by stages."""

    def __init__(self, output: Output, bars: Bars, project: Project) -> None:
        self._output = output
        self._bars = bars
        self._project = project
        self._stages = stages_of(project)
        self._epochs = 0
        self._batches = 0
        self._seconds_left = 0.0
        self._columns = self._columns_of(project.training)

    def _columns_of(self, plan: TrainingPlan) -> list[_Column]:
        """What is told of an epoch: more where more is measured, the rate where it changes."""
        columns = [
            _Column(say("Epoch"), lambda facts: f"{facts.epoch}/{self._epochs}"),
            _Column(say("Loss"), lambda facts: f"{facts.loss:.4f}"),
            _Column(say("Accuracy"), lambda facts: percent(facts.accuracy)),
            _Column(say("Validation loss"), lambda facts: f"{facts.validation_loss:.4f}"),
            _Column(say("Validation accuracy"), lambda facts: percent(facts.validation_accuracy)),
        ]
        if plan.top_k:
            title = say("Top {count}", count=plan.top_k)
            columns.append(_Column(title, lambda facts: _share(facts.top_k)))
        if plan.macro_f1:
            columns.append(_Column(say("Macro F1"), lambda facts: _figure(facts.macro_f1)))
        if plan.auc:
            columns.append(_Column(say("AUC"), lambda facts: _figure(facts.auc)))
        if plan.schedule != "constant":
            columns.append(_Column(say("Rate"), lambda facts: plain_number(facts.learning_rate)))
        columns.append(_Column(say("Time"), lambda facts: duration(facts.seconds)))
        return columns

    def tell(self, event: News) -> None:
        match event:
            case Progress() | PictureLeftOut() | EngineReady():
                show_news(self._output, self._bars, event)
            case TrainingStarted():
                self._bars.remove("waiting")
                self._begin(event)
            case StageStarted():
                self._begin_stage(event)
            case Paused() | WentOn() | RateTried():
                pass  # nobody pauses a training in the terminal, and it tries no rates
            case BatchEnded():
                self._tell_batch(event)
            case EpochEnded():
                self._seconds_left = event.seconds_left
                self._step(event.facts.epoch, self._batches)
                self._tell_epoch(event.facts, event.is_best, event.seconds_left)
            case _:
                assert_never(event)

    def _tell_batch(self, event: BatchEnded) -> None:
        facts = [
            say("loss {loss}", loss=f"{event.loss:.3f}"),
            say("accuracy {accuracy}", accuracy=percent(event.accuracy)),
        ]
        if event.pictures_per_second:
            rate = f"{event.pictures_per_second:.0f}"
            facts.append(say("{rate} pictures a second", rate=rate))
        if self._seconds_left:
            facts.append(say("{time} left", time=duration(self._seconds_left)))
        self._step(event.epoch, event.batch, ", ".join(facts))

    def _step(self, epoch: int, batch: int, note: str = "") -> None:
        title = say("Epoch {epoch} of {epochs}", epoch=epoch, epochs=self._epochs)
        self._bars.step(title, batch, self._batches, "epoch", note)

    def _begin(self, event: TrainingStarted) -> None:
        self._epochs, self._batches = event.epochs, event.batches
        self._output.event(
            "started",
            epochs=event.epochs,
            first_epoch=event.first_epoch,
            batches=event.batches,
            training_pictures=event.training_pictures,
            validation_pictures=event.validation_pictures,
        )
        self._output.sentence(
            say(
                "Training on {training} pictures, watched with {validation} others.",
                training=event.training_pictures,
                validation=event.validation_pictures,
            )
        )
        if event.first_epoch > 1:
            self._output.sentence(say("Goes on with epoch {epoch}.", epoch=event.first_epoch))

    def _begin_stage(self, event: StageStarted) -> None:
        number = min(event.stage, len(self._stages))
        stage = self._stages[number - 1]
        plan = self._project.training
        rate = plain_number(plan.learning_rate * stage.rate)
        reason = why(stage, number, self._stages, self._project)
        self._output.event(
            "stage",
            stage=event.stage,
            stages=event.stages,
            epoch=event.epoch,
            trains=stage.trains,
            title=stage_title(stage),
            why=reason,
            learning_rate=plan.learning_rate * stage.rate,
            trained_parameters=event.trained_parameters,
            computed_once=event.computed_once,
            seconds_once=round(event.seconds_once, 2),
            why_not_once=event.why_not_once,
        )
        if event.note is not None:
            self._output.warning(event.note)
        self._output.sentence("")
        if event.stages > 1:
            heading = say(
                "Stage {stage} of {stages}: {title}.",
                stage=event.stage,
                stages=event.stages,
                title=stage_title(stage),
            )
            self._output.sentence(heading, "bold")
        self._output.sentence(f"{reason} {_rate_words(plan, rate)}")
        words = once_words(event.computed_once, event.seconds_once, event.why_not_once)
        if words:
            self._output.sentence(words, "dim")
        self._output.sentence(self._row([each.title for each in self._columns]), "bold")

    def _tell_epoch(self, facts: EpochFacts, is_best: bool, seconds_left: float) -> None:
        more = {"top_k": facts.top_k, "macro_f1": facts.macro_f1, "auc": facts.auc}
        self._output.event(
            "epoch",
            epoch=facts.epoch,
            stage=facts.stage,
            loss=facts.loss,
            accuracy=facts.accuracy,
            validation_loss=facts.validation_loss,
            validation_accuracy=facts.validation_accuracy,
            **{name: value for name, value in more.items() if value is not None},
            learning_rate=facts.learning_rate,
            seconds=round(facts.seconds, 3),
            best=is_best,
            seconds_left=round(seconds_left, 1),
        )
        mark = f"  {say('best so far')}" if is_best else ""
        self._output.sentence(self._row([each.words(facts) for each in self._columns]) + mark)

    def _row(self, cells: list[str]) -> str:
        widths = [max(cell_len(column.title), 7) for column in self._columns]
        padded = [
            " " * (width - cell_len(cell)) + cell for width, cell in zip(widths, cells, strict=True)
        ]
        return "  ".join(padded)


def _rate_words(plan: TrainingPlan, rate: str) -> str:
    if plan.schedule == "constant":
        return say("Learning rate {rate}.", rate=rate)
    titles = field_facts("training.schedule").choice_titles
    way = say(titles[plan.schedule])
    return say("Learning rate {rate}, over time: {way}.", rate=rate, way=way)


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
