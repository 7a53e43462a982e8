"""Looking into every picture: which can be used, and what is known of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cnnstudio.images.facts import PictureFacts
from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.read import read_picture
from cnnstudio.images.scan import Scan
from cnnstudio.images.threads import in_order
from cnnstudio.project.problems import Problem, ProblemError

_CHECK_SIZE = 64


@dataclass(frozen=True)
class CheckReport:
    """What looking into every picture showed; nothing in it depends on what the person changes."""

    scan: Scan
    facts: Mapping[str, PictureFacts] = field(default_factory=dict)
    look_alikes: LookAlikes = LookAlikes()

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Why pictures cannot be used, in the scan's order."""
        found = (self.facts[each.path].problem for each in self.scan.pictures)
        return tuple(problem for problem in found if problem is not None)


def check_pictures(
    scan: Scan,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> CheckReport:
    """Look into every picture.

    Raises:
        InterruptedError: once ``should_stop`` answers yes.
    """
    paths = [picture.path for picture in scan.pictures]
    facts = in_order(_look_into, paths, on_progress, should_stop)
    return CheckReport(scan, {each.path: each for each in facts})


def _look_into(path: str) -> PictureFacts:
    try:
        read_picture(path, _CHECK_SIZE, "stretch")
    except ProblemError as error:
        return PictureFacts(path, error.problem)
    return PictureFacts(path)
