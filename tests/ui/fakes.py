"""Hand-written stand-ins for the engine and for the person."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.problems import Problem
from cnnstudio.project.results import EvaluatedPicture, Evaluation
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.stages import planned_epochs
from cnnstudio.protocol import (
    AugmentationShown,
    BatchEnded,
    BringUpToDate,
    ClosingEvent,
    Command,
    DescribeNetwork,
    EpochEnded,
    FindWeights,
    NetworkDescribed,
    Paused,
    Predict,
    Predicted,
    ShowAugmentation,
    StageStarted,
    Train,
    TrainingEnded,
    TrainingStarted,
    WeightsFound,
    WentOn,
    WorkFailed,
    WorkStopped,
)
from cnnstudio.ui.dialogs.asking import Asking

BLOCK1 = (("Block {0}", "1"),)
BLOCK2 = (("Block {0}", "2"),)

FACTS = NetworkFacts(
    layers=(
        LayerFacts("picture", "InputLayer", (8, 8, 3), 0, 0, "input"),
        LayerFacts("block1_conv", "Conv2D", (8, 8, 4), 112, 112, "base", BLOCK1),
        LayerFacts("block1_norm", "BatchNormalization", (8, 8, 4), 16, 8, "base", BLOCK1),
        LayerFacts("block2_conv", "Conv2D", (4, 4, 8), 296, 296, "base", BLOCK2),
        LayerFacts("pooling", "GlobalAveragePooling2D", (8,), 0, 0, "head"),
        LayerFacts("output", "Dense", (1,), 9, 9, "head"),
    ),
    num_classes=2,
    output="sigmoid",
)


class FakeEngine:
    """Answers at once; a training has as many epochs as planned, three batches each."""

    is_ready = True

    def __init__(self, answers: dict[type, Any]) -> None:
        self.asked: list[Command] = []
        self._answers = answers
        self._may_go_on = threading.Event()
        self._may_go_on.set()

    def run(
        self,
        command: Command,
        on_event: Callable[[Any], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> ClosingEvent:
        self.asked.append(command)
        planned = self._answers.get(type(command))
        if planned is not None:
            return planned(command) if callable(planned) else planned
        match command:
            case DescribeNetwork():
                return NetworkDescribed(FACTS)
            case FindWeights():
                return WeightsFound("")
            case Train(run_folder=folder):
                assert on_event is not None
                stop = should_stop or (lambda: False)
                return _train(RunFolder(Path(folder)), on_event, stop, self._wait_if_paused)
            case ShowAugmentation(count=count):
                picture = bytes(4 * 4 * 3)
                return AugmentationShown(picture, (picture,) * count, 4)
            case Predict(files=files):
                from cnnstudio.project.results import Prediction

                answers = tuple(Prediction(file, "cat", (0.9, 0.1)) for file in files)
                return Predicted(("cat", "dog"), answers)
            case _:
                return WorkStopped()

    def pause(self) -> None:
        """The training waits before its next epoch."""
        self._may_go_on.clear()

    def go_on(self) -> None:
        """The training goes on."""
        self._may_go_on.set()

    def kill(self) -> None:
        """Nothing to end."""

    def _wait_if_paused(self, on_event: Callable[[Any], None]) -> None:
        if not self._may_go_on.is_set():
            on_event(Paused())
            self._may_go_on.wait(20)
            on_event(WentOn(0.1))


def _train(
    run: RunFolder,
    on_event: Callable[[Any], None],
    should_stop: Callable[[], bool],
    wait_if_paused: Callable[[Callable[[Any], None]], None],
) -> TrainingEnded:
    epochs = planned_epochs(run.read_project())
    before = len(run.read_history())
    listing = run.read_pictures()
    training = listing.of_part("training")
    validation = listing.of_part("validation")
    on_event(TrainingStarted(epochs, 3, len(training), len(validation), before + 1))
    on_event(StageStarted(1, 1, before + 1, 100))
    done = before
    for epoch in range(before + 1, epochs + 1):
        wait_if_paused(on_event)
        for batch in (1, 2, 3):
            on_event(BatchEnded(epoch, batch, 1 / epoch, 1 - 0.5 / epoch, 100.0))
        facts = EpochFacts(epoch, 1 / epoch, 1 - 0.5 / epoch, 1 / epoch, 1 - 0.4 / epoch, 0.1)
        run.append_epoch(facts)
        run.best_model.write_bytes(b"model")
        run.last_model.write_bytes(b"model")
        run.checkpoint.write_bytes(b"as far as it came")
        on_event(EpochEnded(facts, True, float(epochs - epoch)))
        done = epoch
        if should_stop():
            break
    state = "finished" if done == epochs else "stopped"
    pictures = tuple(
        EvaluatedPicture(file=p.path, label=p.label, predicted="cat", probabilities=(0.8, 0.2))
        for p in validation
    )
    cats = sum(p.label == "cat" for p in validation)
    matrix = ((cats, 0), (len(validation) - cats, 0))
    run.write_evaluation(
        Evaluation(classes=listing.classes, part="validation", confusion=matrix, pictures=pictures)
    )
    run.end(state, 0.3)
    return TrainingEnded(state, str(run.path), done, done, 1 - 0.4 / done, 0.3)


class FakeKeeper:
    """Lends one fake engine; ``answers`` replaces what it says to a type of command."""

    def __init__(self, **answers: Any) -> None:
        by_type = {
            "train": Train,
            "find_weights": FindWeights,
            "describe": DescribeNetwork,
            "predict": Predict,
            "bring_up_to_date": BringUpToDate,
        }
        self.engine = FakeEngine({by_type[name]: answer for name, answer in answers.items()})
        self.closed = False

    def warm_up(self) -> None:
        """It is always warm."""

    def take(self) -> FakeEngine:
        return self.engine

    def give_back(self, engine: FakeEngine) -> None:
        assert engine is self.engine

    def close(self) -> None:
        self.closed = True


class FakeAsking(Asking):
    """Answers what the test says and remembers what it was told."""

    def __init__(self) -> None:
        self.next_folder = ""
        self.next_file = ""
        self.next_files: list[str] = []
        self.next_pictures: list[str] = []
        self.next_class = ""
        self.next_choice = 0
        self.questions: list[str] = []
        self.suggested: list[str] = []
        self.told: list[Problem] = []
        self.copied: list[str] = []

    def folder(self, parent: QWidget, title: str, start: str = "") -> str:
        return self.next_folder

    def pictures(self, parent: QWidget) -> list[str]:
        return self.next_pictures

    def files(self, parent: QWidget, title: str, kinds: Sequence[tuple[str, str]]) -> list[str]:
        return self.next_files

    def class_name(
        self, parent: QWidget, title: str, names: Sequence[str], suggested: str = ""
    ) -> str:
        self.questions.append(title)
        self.suggested.append(suggested)
        return self.next_class

    def weights_file(self, parent: QWidget) -> str:
        return self.next_file

    def file_to_write(self, parent: QWidget, title: str, suggested: Path, kind: str) -> str:
        return self.next_file

    def choice(
        self, parent: QWidget, title: str, text: str, choices: tuple[str, ...], default: int
    ) -> int:
        self.questions.append(title)
        return self.next_choice

    def tell(self, parent: QWidget, problem: Problem, details: str = "") -> None:
        self.told.append(problem)

    def copy(self, text: str) -> None:
        self.copied.append(text)


def crashed(command: Train) -> TrainingEnded:
    """A training whose engine was killed."""
    problem = Problem("engine_killed", values={"signal": "SIGKILL"})
    return TrainingEnded("crashed", command.run_folder, 0, 0, 0.0, 1.0, problem, "details")


def weights_missing(command: FindWeights) -> WorkFailed | WeightsFound:
    """No weights are here until they are downloaded."""
    if command.download:
        return WeightsFound("somewhere.h5")
    values = {"network": "MobileNetV2", "name": "mobilenet.h5"}
    return WorkFailed(Problem("weights_missing", values=values))
