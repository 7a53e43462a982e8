"""What a training shows in the terminal while it runs."""

from typing import assert_never

from rich.cells import cell_len

from cnnstudio.cli.engine import show_news
from cnnstudio.cli.output import Bars, Output, duration, percent
from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.frozen_part import once_words
from cnnstudio.project.words import say
from cnnstudio.protocol import (
    BatchEnded,
    EngineReady,
    EpochEnded,
    News,
    Paused,
    PictureLeftOut,
    Progress,
    StageStarted,
    TrainingStarted,
    WentOn,
)


class TrainingDisplay:
    """The bar of the epoch in hand and a line for each one that is done."""

    def __init__(self, output: Output, bars: Bars) -> None:
        self._output = output
        self._bars = bars
        self._epochs = 0
        self._batches = 0
        self._seconds_left = 0.0
        self._headings = (
            say("Epoch"),
            say("Loss"),
            say("Accuracy"),
            say("Validation loss"),
            say("Validation accuracy"),
            say("Time"),
        )

    def tell(self, event: News) -> None:
        match event:
            case Progress() | PictureLeftOut() | EngineReady():
                show_news(self._output, self._bars, event)
            case TrainingStarted():
                self._bars.remove("waiting")
                self._begin(event)
            case StageStarted():
                self._begin_stage(event)
            case Paused() | WentOn():
                pass  # nobody pauses a training in the terminal
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

    def _begin_stage(self, event: StageStarted) -> None:
        self._output.event(
            "stage",
            stage=event.stage,
            stages=event.stages,
            epoch=event.epoch,
            trained_parameters=event.trained_parameters,
            computed_once=event.computed_once,
            seconds_once=round(event.seconds_once, 2),
            why_not_once=event.why_not_once,
        )
        if event.note is not None:
            self._output.warning(event.note)
        words = once_words(event.computed_once, event.seconds_once, event.why_not_once)
        if words:
            self._output.sentence(words, "dim")
        self._output.sentence("\n" + self._row(self._headings), "bold")

    def _tell_epoch(self, facts: EpochFacts, is_best: bool, seconds_left: float) -> None:
        self._output.event(
            "epoch",
            epoch=facts.epoch,
            loss=facts.loss,
            accuracy=facts.accuracy,
            validation_loss=facts.validation_loss,
            validation_accuracy=facts.validation_accuracy,
            seconds=round(facts.seconds, 3),
            best=is_best,
            seconds_left=round(seconds_left, 1),
        )
        row = (
            f"{facts.epoch}/{self._epochs}",
            f"{facts.loss:.4f}",
            percent(facts.accuracy),
            f"{facts.validation_loss:.4f}",
            percent(facts.validation_accuracy),
            duration(facts.seconds),
        )
        mark = f"  {say('best so far')}" if is_best else ""
        self._output.sentence(self._row(row) + mark)

    def _row(self, cells: tuple[str, ...]) -> str:
        widths = [max(cell_len(heading), 7) for heading in self._headings]
        padded = [
            " " * (width - cell_len(cell)) + cell for width, cell in zip(widths, cells, strict=True)
        ]
        return "  ".join(padded)
