"""The commands that list: settings, and the layers of one network."""

from pathlib import Path
from typing import Any

from cnnstudio.cli.engine import ask, engines, stopping_on_interrupt
from cnnstudio.cli.output import Output, plain_table
from cnnstudio.cli.price import price_here, price_values, tell_price
from cnnstudio.project.amounts import plain_number
from cnnstudio.project.checks import freezing_problems, problems_of
from cnnstudio.project.fields import FieldFacts, all_fields, apply_settings
from cnnstudio.project.layer_files import write_layers
from cnnstudio.project.network_facts import (
    LayerFacts,
    NetworkFacts,
    count_parameters,
    trained_layers,
)
from cnnstudio.project.network_table import NETWORKS, layers_of, network_row
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.words import say
from cnnstudio.protocol import DescribeNetwork, NetworkDescribed


def tell_settings(output: Output) -> None:
    """Every setting with default, limits and help."""
    table = plain_table(
        say("Setting"), say("Title"), say("Default"), say("Limits"), say("What it does")
    )
    table.columns[0].no_wrap = True  # to be copied in one piece
    chapter = ""
    for facts in all_fields():
        if chapter and facts.chapter != chapter:
            table.add_section()
            table.add_row()
        chapter = facts.chapter
        table.add_row(
            facts.path, say(facts.title), _default(facts), _limits(facts), say(facts.help)
        )
    output.table(table)
    output.sentence("\n" + say("Use them as --set CHAPTER.FIELD=VALUE, as often as you like."))
    output.result(settings=[_setting_values(facts) for facts in all_fields()])


def tell_layers(
    network: str,
    assignments: list[str],
    num_classes: int,
    save_to: Path | None,
    pictures: int | None,
    output: Output,
) -> None:
    """Every layer of ``network`` with a head for ``num_classes``, and the totals.

    With ``save_to``, the list of layers that its base is made of is written there; with
    ``pictures``, what training on so many takes here is predicted.

    Raises:
        ProblemError: if there is no such network, the settings do not fit it, or it has no list
            of layers to be saved.
        StoppedError: after Ctrl-C.
    """
    project = apply_settings(Project(), [f"network.base={network}", *assignments])
    if save_to is not None:
        _save_layers(project, save_to)
    facts = describe_network(project, num_classes, output)
    trained = trained_layers(project.network, facts)
    totals = count_parameters(facts.layers, trained)
    base = sum(layer.parameters for layer in facts.base_layers)
    _tell_table(facts.layers, trained, output)
    output.sentence("")
    table = plain_table("", "", right=(1,))
    table.show_header = False
    table.add_row(say("Parameters in all"), f"{totals.total:,}")
    table.add_row(say("of these in the base"), f"{base:,}")
    table.add_row(say("trained"), f"{totals.trainable:,}")
    table.add_row(say("frozen"), f"{totals.frozen:,}")
    output.table(table)
    price = None if pictures is None else price_here(project, facts, pictures, output)
    if price is not None:
        tell_price(price, pictures or 0, output)
    if save_to is not None:
        output.sentence("\n" + say("The list of layers is in {file}.", file=save_to.absolute()))
        output.sentence(say("Change it, and give it with --set network.layers=FILE."))
    output.result(
        saved_layers=str(save_to.absolute()) if save_to is not None else "",
        total=totals.total,
        trainable=totals.trainable,
        base=base,
        price=None if price is None else price_values(price),
        layers=[
            {
                "name": layer.name,
                "type": layer.type,
                "output_shape": list(layer.output_shape),
                "parameters": layer.parameters,
                "trained": layer.name in trained,
                "part": layer.part,
                "block": _block(layer),
            }
            for layer in facts.layers
        ],
    )


def describe_network(project: Project, num_classes: int, output: Output) -> NetworkFacts:
    """The network of ``project`` with a head for ``num_classes``, as the engine builds it.

    Raises:
        ProblemError: if there is no such network, or the settings do not fit it.
        StoppedError: after Ctrl-C.
    """
    # Nothing is trained here, so it does not matter where the numbers would come from.
    _raise_first([p for p in problems_of(project, num_classes) if p.where != "network.weights"])
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        command = DescribeNetwork(project.network, project.pictures.size, num_classes)
        answer = ask(keeper, command, output, should_stop)
    assert isinstance(answer, NetworkDescribed)
    _raise_first(freezing_problems(project, answer.facts))
    return answer.facts


def _tell_table(layers: tuple[LayerFacts, ...], trained: frozenset[str], output: Output) -> None:
    table = plain_table(
        say("Block"),
        say("Layer"),
        say("Type"),
        say("Output shape"),
        say("Parameters"),
        "",
        right=(4,),
    )
    block = None
    for layer in layers:
        shown = "" if _block(layer) == block else _block(layer)
        block = _block(layer)
        shape = " × ".join(str(size) for size in layer.output_shape)
        state = say("trained") if layer.name in trained else say("frozen")
        style = "" if layer.name in trained else "dim"
        table.add_row(
            shown, layer.name, layer.type, shape, f"{layer.parameters:,}", state, style=style
        )
    output.table(table)


def _block(layer: LayerFacts) -> str:
    return " · ".join(say(title).replace("{0}", value) for title, value in layer.groups)


def _save_layers(project: Project, to: Path) -> None:
    saved = layers_of(project.network)
    if not saved:
        example = next(row.key for row in NETWORKS if row.variants)
        title = network_row(project.network).title
        values: dict[str, str | int | float] = {"network": title, "example": example}
        raise ProblemError(Problem("network_without_list", "network.base", values=values))
    write_layers(saved, to)


def _raise_first(problems: list[Any]) -> None:
    for problem in errors_in(problems):
        raise ProblemError(problem)


def _default(facts: FieldFacts) -> str:
    value = facts.default
    if value is None or value in ((), ""):
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    return plain_number(value) if isinstance(value, float) else str(value)


def _limits(facts: FieldFacts) -> str:
    if facts.type == "switch":
        return "true, false"
    if facts.choices:
        return ", ".join(facts.choices)
    if facts.low is None or facts.high is None:
        return "–"
    low = f"{facts.low:g}"
    if facts.low_open:
        low = say("more than {number}", number=low)
    high = f"{facts.high:.0f}" if facts.high % 1 == 0 else f"{facts.high:g}"
    limits = say("{low} to {high}", low=low, high=high)
    return limits if facts.unit in ("", "share") else f"{limits} {say(facts.unit)}"


def _setting_values(facts: FieldFacts) -> dict[str, Any]:
    return {
        "name": facts.path,
        "title": say(facts.title),
        "type": facts.type,
        "default": facts.default,
        "low": facts.low,
        "high": facts.high,
        "choices": list(facts.choices),
        "unit": say(facts.unit),
        "help": say(facts.help),
    }
