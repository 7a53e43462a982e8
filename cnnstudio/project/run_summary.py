"""Runs as a list shows them."""

from collections.abc import Sequence

from cnnstudio.project.run_folder import RunFolder


def run_to_show(runs: Sequence[RunFolder]) -> RunFolder | None:
    """The newest of ``runs`` (which begin with the newest) that finished an epoch; where none did,
    the newest with a model."""
    with_model = [run for run in runs if run.best_model.is_file() or run.last_model.is_file()]
    whole = (run for run in with_model if run.read_history())
    return next(whole, with_model[0] if with_model else None)
