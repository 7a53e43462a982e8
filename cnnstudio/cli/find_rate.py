"""Looking for a learning rate in the terminal."""

from functools import partial
from pathlib import Path

from cnnstudio.cli.engine import StoppedError, engines, show_news, stopping_on_interrupt
from cnnstudio.cli.output import Bars, Output, plain_table
from cnnstudio.cli.training import find_weights, look_through
from cnnstudio.project.amounts import plain_number
from cnnstudio.project.project import Project
from cnnstudio.project.words import say
from cnnstudio.protocol import RateFound
from cnnstudio.worker.finding_rate import RateStoppedError
from cnnstudio.worker.finding_rate import find_rate as find_rate_with

_ROWS = 12
_BAR = 40


def find_rate(project: Project, output: Output, split_file: Path) -> None:
    """Try rates on ``project`` and tell the curve of loss against rate, and the choice.

    Raises:
        ProblemError: if it cannot be tried.
        StoppedError: after Ctrl-C.
    """
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        arrangement = look_through(project, output, should_stop, split_file)
        find_weights(keeper, project, output, should_stop)
        try:
            with Bars(output) as bars:
                bars.waiting(is_ready=False)
                tell = partial(show_news, output, bars)
                found = find_rate_with(keeper, project, arrangement, tell, should_stop)
        except RateStoppedError as error:
            raise StoppedError from error
    tell_rates(found, project, output)


def tell_rates(found: RateFound, project: Project, output: Output) -> None:
    """A line for every few rates, with a bar as long as the loss is high, and the choice."""
    table = plain_table(say("Learning rate"), say("Loss"), "", right=(0, 1))
    highest = max((loss for _, loss in found.points), default=1.0) or 1.0
    for rate, loss in found.points[:: max(1, len(found.points) // _ROWS)]:
        bar = "█" * max(1, round(_BAR * loss / highest))
        table.add_row(plain_number(rate), f"{loss:.3f}", bar)
    output.table(table)
    words = plain_number(found.suggested)
    output.sentence("")
    if found.suggested:
        output.sentence(
            say(
                "A learning rate of {rate} suits: a tenth of where the loss is lowest.", rate=words
            ),
            "bold",
        )
        output.sentence(
            say("Take it with: {setting}", setting=f"--set training.learning_rate={words}")
        )
    else:
        output.sentence(
            say(
                "The loss did not clearly go down at any rate, no further than it wavers from one "
                "batch to the next, so none can be suggested."
            ),
            "bold",
        )
    output.result(
        suggested=found.suggested,
        now=project.training.learning_rate,
        points=[{"rate": rate, "loss": loss} for rate, loss in found.points],
    )
