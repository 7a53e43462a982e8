"""Whether a run that was broken off has answers of another epoch than its best one."""

from cnnstudio.project.epochs import best_of
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_process import is_trained_now

_SAME_ACCURACY = 1e-4


def lags_behind(run: RunFolder) -> bool:
    """Whether the answers that are kept are of an earlier epoch than the best one: an engine that
    is killed has not always written the models of its last epochs. The checkpoint has them."""
    if not run.checkpoint.is_file():
        return False
    evaluation, best = run.read_evaluation(), best_of(run.read_history())
    if evaluation is None or best is None:
        return True
    if evaluation.epoch:
        return evaluation.epoch != best.epoch
    is_comparable = evaluation.part == "validation"
    return is_comparable and abs(evaluation.accuracy - best.validation_accuracy) > _SAME_ACCURACY


def is_to_be_brought_up_to_date(run: RunFolder) -> bool:
    """Whether an engine should write models and answers of ``run`` anew: nobody is at work on it,
    and it ended without doing so itself."""
    try:
        if run.read_status().state in ("waiting", "finished") or is_trained_now(run):
            return False
        return lags_behind(run) or _lacks_test(run)
    except (ProblemError, OSError):
        return False


def _lacks_test(run: RunFolder) -> bool:
    """Whether it broke off before the best model was asked the test part."""
    if run.read_status().state not in ("running", "crashed") or not run.checkpoint.is_file():
        return False
    evaluation = run.read_evaluation()
    has_test = any(picture.part == "test" for picture in run.read_pictures().pictures)
    return has_test and (evaluation is None or evaluation.part != "test")
