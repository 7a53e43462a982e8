"""What training a network would cost on this computer, for the command that lists its layers."""

import contextlib
from dataclasses import asdict
from typing import Any

from cnnstudio.cli.engine import ask, engines, stopping_on_interrupt
from cnnstudio.cli.output import Output, plain_table
from cnnstudio.project.amounts import gigabytes, rough_duration
from cnnstudio.project.frozen_part import WHY_NOT
from cnnstudio.project.machine import MachineSpeed, load_machine, save_machine
from cnnstudio.project.network_facts import NetworkFacts
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price import work_of
from cnnstudio.project.price_corrections import corrections_for, load_factors
from cnnstudio.project.price_of_stages import RunPrice, price_of_stages
from cnnstudio.project.project import Project
from cnnstudio.project.stages import stage_title
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import MachineMeasured, MeasureMachine


def price_here(project: Project, facts: NetworkFacts, pictures: int, output: Output) -> RunPrice:
    """The price of all stages of ``project`` with so many pictures, split as it says; this computer
    is measured where that was not done before.

    Raises:
        ProblemError: if it could not be measured.
        StoppedError: after Ctrl-C.
    """
    speed = load_machine() or _measured(output)
    plan = project.pictures
    validation = max(1, round(plan.validation_share * pictures))
    test = round(plan.test_share * pictures)
    work = work_of(project, max(1, pictures - validation - test), validation, test)
    corrections = corrections_for(load_factors(), network_row(project.network).key)
    return price_of_stages(project, facts, work, speed, corrections)


def tell_price(run: RunPrice, pictures: int, output: Output) -> None:
    """In a few lines: an epoch of the first stage, then all stages together."""
    price = run.prices[0]
    output.sentence("")
    output.sentence(say("With {count} pictures on this computer:", count=f"{pictures:,}"), "bold")
    table = plain_table("", "", right=(1,))
    table.show_header = False
    table.add_row(say("one epoch"), rough_duration(price.seconds_per_epoch))
    if price.computed_once:
        table.add_row(say("frozen layers, once"), rough_duration(price.seconds_once))
    table.add_row(
        say("one epoch with everything trained"),
        rough_duration(price.seconds_per_epoch_all_trained),
    )
    if len(run.stages) > 1:
        for number, (stage, seconds) in enumerate(zip(run.stages, run.seconds, strict=True), 1):
            words = say_count(
                "stage {number}, {count} epoch: {title}",
                "stage {number}, {count} epochs: {title}",
                stage.epochs + stage.added,
                number=number,
                title=stage_title(stage),
            )
            table.add_row(words, rough_duration(seconds))
    whole = say_count(
        "the whole training, {count} epoch", "the whole training, {count} epochs", run.epochs
    )
    table.add_row(whole, rough_duration(run.seconds_in_all))
    table.add_row(say("memory"), gigabytes(run.heaviest.memory_bytes))
    output.table(table)
    if price.why_not in WHY_NOT:
        output.sentence(say(WHY_NOT[price.why_not]))


def price_values(run: RunPrice) -> dict[str, Any]:
    """For programs: the first stage's price, and the sums."""
    price = run.prices[0]
    return asdict(price) | {
        "frontier": list(price.frontier),
        "memory_bytes": run.heaviest.memory_bytes,
        "batch_that_fits": run.heaviest.batch_that_fits,
        "seconds_in_all": run.seconds_in_all,
        "seconds_of_stages": list(run.seconds),
        "epochs": run.epochs,
    }


def _measured(output: Output) -> MachineSpeed:
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        answer = ask(keeper, MeasureMachine(), output, should_stop)
    assert isinstance(answer, MachineMeasured)
    with contextlib.suppress(OSError):  # then it is measured again the next time
        save_machine(answer.speed)
    return answer.speed
