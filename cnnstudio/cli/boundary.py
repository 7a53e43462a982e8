"""The one boundary where whatever was raised becomes a sentence, a remedy and an exit code."""

import os
import sys
import time
import traceback
from collections.abc import Callable

import typer

from cnnstudio.cli.engine import StoppedError
from cnnstudio.cli.output import Output
from cnnstudio.project.places import cache_folder
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.words import say

USAGE_CODE = 2
STOPPED_CODE = 130


def guarded(carry_out: Callable[[], int], output: Output) -> int:
    """Carry out, and turn whatever is raised into a sentence, a remedy and an exit code."""
    try:
        return carry_out()
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        name = context.command_path if context is not None else "cnnstudio"
        remedy = say("'{command} --help' shows how it is used.", command=name)
        output.failure(error.format_message(), remedy)
        return USAGE_CODE
    except ProblemError as error:
        output.failure(error.problem.message, error.problem.remedy)
        return 1
    except (StoppedError, KeyboardInterrupt, typer.Abort):
        output.failure(say("Stopped."), "")
        return STOPPED_CODE
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python would complain once more while leaving.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        log = cache_folder() / "logs" / f"command-{time.strftime('%Y%m%d-%H%M%S')}.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(traceback.format_exc(), encoding="utf-8")
        values: dict[str, str | int | float] = {"reason": f"{type(error).__name__}: {error}"}
        problem = Problem("went_wrong", file=str(log), values=values)
        output.failure(problem.message, problem.remedy)
        return 1
