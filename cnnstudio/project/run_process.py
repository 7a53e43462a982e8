"""Whether a process is at work on a run, asked by the window, the commands and the engine alike."""

from cnnstudio.project.problems import ProblemError
from cnnstudio.project.run_folder import RunFolder

_CLOCK_SECONDS = 60.0
"""By so much the clocks of this computer and of a network drive may differ."""


def is_trained_now(run: RunFolder) -> bool:
    """Whether an engine, of this program or another, is at work on ``run``."""
    import psutil  # not at start-up

    try:
        status = run.read_status()
        if status.state != "running" or not status.engine_process:
            return False
        written = (run.path / "run.json").stat().st_mtime
        process = psutil.Process(status.engine_process)
        # Numbers of processes are given again: one that began later is another.
        is_the_one = process.create_time() <= written + _CLOCK_SECONDS
        return bool(is_the_one and process.status() != psutil.STATUS_ZOMBIE)
    except (OSError, ProblemError, psutil.Error):
        return False
