"""What is said when a training has run out of memory."""

from cnnstudio.project.problems import Problem


def out_of_memory(batch_size: int) -> Problem:
    """Batches of ``batch_size`` were too much; half as many may fit, where that is possible."""
    if batch_size <= 1:
        return Problem("out_of_memory_at_one")
    return Problem("out_of_memory", values={"batch_size": batch_size // 2})
