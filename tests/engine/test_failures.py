"""What was raised, as a problem with a remedy."""

import errno
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from cnnstudio.engine.failures import problem_of
from cnnstudio.project.problems import Problem, ProblemError


@pytest.mark.parametrize(
    "error",
    [MemoryError(), tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")],
)
def test_too_little_memory_suggests_half_the_batch(error: Exception) -> None:
    problem = problem_of(error, 32)
    assert (problem.kind, problem.values) == ("out_of_memory", {"batch_size": 16})
    assert problem_of(error, 1).kind == "out_of_memory_at_one"


def test_memory_that_ran_out_while_gathering_pictures_is_recognised() -> None:
    def gather(rows: np.ndarray) -> np.ndarray:
        raise MemoryError("Unable to allocate 40 GiB")

    pictures = tf.data.Dataset.range(1).map(lambda row: tf.numpy_function(gather, [row], tf.uint8))
    with pytest.raises(tf.errors.ResourceExhaustedError) as caught:
        next(iter(pictures))
    assert problem_of(caught.value, 8).kind == "out_of_memory"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.ENOSPC, "No space left on device", "/runs/1/.last.77.keras"),
        OSError("Can't write data (file write failed: errno = 28, error message = 'No space')"),
    ],
)
def test_a_full_disk_is_recognised_however_it_is_told(error: OSError) -> None:
    assert problem_of(error, 32).kind == "disk_full"


def test_what_cannot_be_written_is_named_without_our_temporary_names(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        (tmp_path / "absent" / ".last.77.keras").write_text("")
    problem = problem_of(caught.value, 32)
    assert (problem.kind, problem.file) == ("cannot_write", str(tmp_path / "absent"))


def test_a_problem_stays_what_it_is() -> None:
    problem = Problem("run_missing", file="x")
    assert problem_of(ProblemError(problem), 32) is problem


@pytest.mark.parametrize("error", [KeyError("a"), ValueError("one\ntwo"), RuntimeError()])
def test_anything_else_is_told_in_one_line(error: Exception) -> None:
    problem = problem_of(error, 32)
    assert problem.kind == "engine_failed"
    assert type(error).__name__ in problem.message
    assert "\n" not in problem.message
