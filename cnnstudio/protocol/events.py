"""What the engine tells the window: frozen dataclasses."""

from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.checked_weights import CheckedFile
from cnnstudio.project.epochs import EpochDetails, EpochFacts
from cnnstudio.project.frozen_part import WhyNot
from cnnstudio.project.machine import MachineSpeed
from cnnstudio.project.network import PixelValues
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.problems import Problem
from cnnstudio.project.results import Evaluation, Prediction

Job = Literal[
    "pictures",
    "variants",
    "weights",
    "weight_files",
    "network",
    "answers",
    "features",
    "rates",
    "machine",
]


@dataclass(frozen=True)
class EngineReady:
    """TensorFlow is imported; ``devices`` names what computes, e.g. ``("CPU",)``."""

    tensorflow: str
    keras: str
    devices: tuple[str, ...]
    cores: int


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` (0: not known) pictures, bytes or steps of ``job``."""

    job: Job
    done: int
    total: int


@dataclass(frozen=True)
class PictureLeftOut:
    """A picture that could not be read was left out."""

    problem: Problem


@dataclass(frozen=True)
class TrainingStarted:
    """Pictures and network are ready. ``epochs`` are those of all stages; ``first_epoch`` is the
    one that comes next, more than 1 where a run goes on."""

    epochs: int
    batches: int
    training_pictures: int
    validation_pictures: int
    first_epoch: int = 1


@dataclass(frozen=True)
class StageStarted:
    """The first batch of a stage comes next, in ``epoch``. Stages count from 1.

    ``computed_once`` frozen layers of the base ran once for every picture, in ``seconds_once``;
    where there are none, ``why_not_once`` says why, and ``note`` what went wrong with that.
    """

    stage: int
    stages: int
    epoch: int
    trained_parameters: int
    computed_once: int = 0
    seconds_once: float = 0.0
    why_not_once: WhyNot = ""
    note: Problem | None = None


@dataclass(frozen=True)
class BatchEnded:
    """Running means of the epoch so far, at most ten times a second. ``epoch`` from 1,
    ``batch`` from 1."""

    epoch: int
    batch: int
    loss: float
    accuracy: float
    pictures_per_second: float


@dataclass(frozen=True)
class EpochEnded:
    """An epoch's figures; checkpoint and history line are on disk. ``seconds_left`` from now."""

    facts: EpochFacts
    is_best: bool
    seconds_left: float
    details: EpochDetails | None = None


@dataclass(frozen=True)
class Paused:
    """The work in hand waits."""


@dataclass(frozen=True)
class WentOn:
    """The work in hand goes on after a pause of ``seconds``."""

    seconds: float


@dataclass(frozen=True)
class RateTried:
    """A step was made at ``rate``; ``loss`` is smoothed over the steps so far."""

    rate: float
    loss: float


@dataclass(frozen=True)
class NetworkDescribed:
    """Answer to :class:`DescribeNetwork`."""

    facts: NetworkFacts


@dataclass(frozen=True)
class WeightsFound:
    """Answer to :class:`FindWeights`: the file, or empty for a base that begins at random."""

    file: str


@dataclass(frozen=True)
class WeightsFetched:
    """Answer to :class:`FetchWeights`."""

    file: str
    was_here: bool


@dataclass(frozen=True)
class WeightsChecked:
    """Answer to :class:`CheckWeights`, in the same order."""

    files: tuple[CheckedFile, ...]


@dataclass(frozen=True)
class TrainingEnded:
    """Answer to :class:`Train`. ``evaluation`` is of the best model on the test part, or on
    validation where there is no test part. Of a crash the worker tells, not the engine."""

    outcome: Literal["finished", "stopped", "failed", "crashed"]
    run_folder: str
    epochs_done: int
    best_epoch: int
    validation_accuracy: float
    seconds: float
    problem: Problem | None = None
    details: str = ""
    ended_by: Literal["plan", "early_stopping", "time_limit", "window_gone"] = "plan"


@dataclass(frozen=True)
class RunIsUpToDate:
    """Answer to :class:`BringUpToDate`."""

    run_folder: str


@dataclass(frozen=True)
class RateFound:
    """Answer to :class:`FindRate`: every rate tried with its smoothed loss, and the rate that is
    suggested, 0 where the loss did not clearly go down. Rates are values for
    ``training.learning_rate``: the first stage's share of it is taken into account."""

    points: tuple[tuple[float, float], ...]
    suggested: float


@dataclass(frozen=True)
class Evaluated:
    """Answer to :class:`Evaluate`."""

    evaluation: Evaluation
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Predicted:
    """Answer to :class:`Predict`; files that could not be read are in ``problems``."""

    classes: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Exported:
    """Answer to :class:`Export`: the file as written, not yet checked, and the probe."""

    file: str
    probe: str
    classes: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class ExportChecked:
    """Answer to :class:`CheckExport`: the largest difference of a probability."""

    difference: float
    pictures: int


@dataclass(frozen=True)
class AugmentationShown:
    """Answer to :class:`ShowAugmentation`: RGB bytes of ``size`` × ``size`` × 3 each.

    ``mixtures`` says of each variant which classes it shows, ``(label, share)``, the largest first;
    it is empty where nothing is mixed. ``effects`` are ``(setting, RGB bytes)`` of
    ``effect_size`` × ``effect_size`` × 3. ``milliseconds`` is what changing one picture took.
    """

    original: bytes
    variants: tuple[bytes, ...]
    size: int
    mixtures: tuple[tuple[tuple[str, float], ...], ...] = ()
    effects: tuple[tuple[str, bytes], ...] = ()
    effect_size: int = 0
    milliseconds: float = 0.0


@dataclass(frozen=True)
class ModelLookedInto:
    """Answer to :class:`LookIntoModel`.

    ``height`` and ``width`` in pixels are 0 where any size will do; ``outputs`` is 0 where there
    is not one number for each class. ``classes`` are their names, empty where nobody says.
    ``values`` is what 'automatic' takes the pixels as. As a base it ends with the layer ``cut``,
    which gives ``cut_shape`` (without batch axis; 0 where a side depends on the picture).
    ``problems`` are notes on what was found.
    """

    file: str
    title: str
    layers: int
    parameters: int
    height: int
    width: int
    channels: int
    outputs: int
    classes: tuple[str, ...]
    values: PixelValues
    cut: str
    cut_shape: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class MachineMeasured:
    """Answer to :class:`MeasureMachine`."""

    speed: MachineSpeed


@dataclass(frozen=True)
class WorkStopped:
    """The command was ended early by :class:`StopWork`."""


@dataclass(frozen=True)
class WorkFailed:
    """The command could not be carried out. ``details`` is for the log and 'Copy details'."""

    problem: Problem
    details: str = ""


ClosingEvent = (
    NetworkDescribed
    | WeightsFound
    | WeightsFetched
    | WeightsChecked
    | TrainingEnded
    | RunIsUpToDate
    | RateFound
    | Evaluated
    | Predicted
    | Exported
    | ExportChecked
    | AugmentationShown
    | ModelLookedInto
    | MachineMeasured
    | WorkStopped
    | WorkFailed
)

News = (
    EngineReady
    | Progress
    | PictureLeftOut
    | TrainingStarted
    | StageStarted
    | BatchEnded
    | EpochEnded
    | RateTried
    | Paused
    | WentOn
)

Event = News | ClosingEvent
