"""What the window asks of the engine: frozen dataclasses."""

from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.pictures import PicturesPlan


@dataclass(frozen=True)
class DescribeNetwork:
    """Build the network without weights and tell its layers."""

    network: NetworkPlan
    picture_size: int
    num_classes: int


@dataclass(frozen=True)
class FindWeights:
    """Say where the plan's weights are; with ``download``, fetch them if they are nowhere."""

    network: NetworkPlan
    picture_size: int
    download: bool = False


@dataclass(frozen=True)
class FetchWeights:
    """See to it that the weights of the row ``network`` are here; missing ones are downloaded.

    With ``to``, they shall be in that folder. A download that was ended early goes on.
    """

    network: str
    width: float
    picture_size: int
    to: str = ""


@dataclass(frozen=True)
class CheckWeights:
    """Look into weight files."""

    files: tuple[str, ...]


@dataclass(frozen=True)
class Train:
    """Train what stands in ``run_folder``; missing weights are fetched only with ``download``.

    A run that was broken off goes on after its last whole epoch, as if nothing had happened.
    """

    run_folder: str
    download: bool = False


@dataclass(frozen=True)
class BringUpToDate:
    """See to it that models and answers in ``run_folder`` are of the epochs that it reached, as
    they are after an engine ended by itself."""

    run_folder: str


@dataclass(frozen=True)
class FindRate:
    """Try learning rates, from low to high, on what stands in ``run_folder``, which stays as it is;
    missing weights are fetched only with ``download``."""

    run_folder: str
    download: bool = False


@dataclass(frozen=True)
class Evaluate:
    """Ask ``model`` for pictures whose class is known: ``(path, label)`` each."""

    model: str
    pictures: tuple[tuple[str, str], ...]
    part: str


@dataclass(frozen=True)
class Predict:
    """Ask ``model`` for pictures."""

    model: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """Write the run's model to ``to``, and to ``probe`` (somewhere in the cache where that is
    empty) what :class:`CheckExport` needs."""

    run_folder: str
    which: Literal["best", "last"]
    to: str
    probe: str = ""


@dataclass(frozen=True)
class CheckExport:
    """In a fresh process: load ``model`` with plain Keras and compare with ``probe``'s answers.

    With ``waits``, both files may still be on their way: each is there as soon as it is whole.
    """

    model: str
    probe: str
    waits: bool = False


@dataclass(frozen=True)
class ShowAugmentation:
    """Make ``count`` variants of a picture, on the same path as training.

    Without a ``file`` it is a drawn one. ``label`` is its class; where the plan mixes pictures,
    it is mixed with ``others``, ``(path, label)`` each. ``effects`` names settings whose own effect
    is wanted too, as a small picture.
    """

    file: str
    pictures: PicturesPlan
    augmentation: AugmentationPlan
    count: int
    seed: int
    label: str = ""
    others: tuple[tuple[str, str], ...] = ()
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class LookIntoModel:
    """Say what the model file ``file`` is; nothing in it is run."""

    file: str


@dataclass(frozen=True)
class MeasureMachine:
    """Measure how fast this computer is; a few seconds."""


@dataclass(frozen=True)
class PauseWork:
    """Wait, at any moment, until :class:`GoOn` or :class:`StopWork` comes."""


@dataclass(frozen=True)
class GoOn:
    """Go on after :class:`PauseWork`."""


@dataclass(frozen=True)
class StopWork:
    """End the command in hand early and keep what was reached."""


@dataclass(frozen=True)
class Quit:
    """Leave."""


Work = (
    DescribeNetwork
    | FindWeights
    | FetchWeights
    | CheckWeights
    | Train
    | BringUpToDate
    | FindRate
    | Evaluate
    | Predict
    | Export
    | CheckExport
    | ShowAugmentation
    | LookIntoModel
    | MeasureMachine
)
"""What is carried out one after the other, each with an answer."""

Command = Work | PauseWork | GoOn | StopWork | Quit
