"""What training a network would cost on this computer, for the command that lists its layers."""

import contextlib
from dataclasses import asdict
from typing import Any

from cnnstudio.cli.engine import ask, engines, stopping_on_interrupt
from cnnstudio.cli.output import Output, plain_table
from cnnstudio.project.amounts import gigabytes, rough_duration
from cnnstudio.project.frozen_part import WHY_NOT
from cnnstudio.project.machine import MachineSpeed, load_machine, save_machine
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price import Price, price_of, work_of
from cnnstudio.project.price_corrections import corrections_for, load_factors
from cnnstudio.project.project import Project
from cnnstudio.project.words import say
from cnnstudio.protocol import MachineMeasured, MeasureMachine


def price_here(project: Project, facts: NetworkFacts, pictures: int, output: Output) -> Price:
    """The price of ``project`` with so many pictures, split as it says; this computer is measured
    where that was not done before.

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
    return price_of(facts, trained_layers(project.network, facts), work, speed, corrections)


def tell_price(price: Price, pictures: int, output: Output) -> None:
    """In a few lines."""
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
    table.add_row(say("memory"), gigabytes(price.memory_bytes))
    output.table(table)
    if price.why_not in WHY_NOT:
        output.sentence(say(WHY_NOT[price.why_not]))


def price_values(price: Price) -> dict[str, Any]:
    """For programs."""
    return asdict(price) | {"frontier": list(price.frontier)}


def _measured(output: Output) -> MachineSpeed:
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        answer = ask(keeper, MeasureMachine(), output, should_stop)
    assert isinstance(answer, MachineMeasured)
    with contextlib.suppress(OSError):  # then it is measured again the next time
        save_machine(answer.speed)
    return answer.speed
