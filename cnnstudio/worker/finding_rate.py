"""Having learning rates tried: on a run that is made for it and leaves no trace."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.protocol import FindRate, News, RateFound, WorkFailed
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.runs import begin_run

if TYPE_CHECKING:
    from cnnstudio.images.arrangement import Arrangement


class RateStoppedError(Exception):
    """The test was ended early."""


def find_rate(
    keeper: EngineKeeper,
    project: Project,
    arrangement: "Arrangement | None" = None,
    on_event: Callable[[News], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RateFound:
    """Try learning rates on the pictures and the first stage of ``project``.

    Raises:
        ProblemError: if it cannot be tried.
        RateStoppedError: if ``should_stop`` said so.
    """
    try:
        place = tempfile.TemporaryDirectory(prefix="cnnstudio-rate-", ignore_cleanup_errors=True)
    except OSError as error:
        raise ProblemError(write_problem(error, Path(tempfile.gettempdir()))) from error
    with place as folder:
        run = begin_run(project, Path(folder), arrangement)
        engine = keeper.take()
        try:
            answer = engine.run(FindRate(str(run.path)), on_event, should_stop)
        finally:
            keeper.give_back(engine)
    if isinstance(answer, WorkFailed):
        raise ProblemError(answer.problem)
    if not isinstance(answer, RateFound):
        raise RateStoppedError
    return answer
