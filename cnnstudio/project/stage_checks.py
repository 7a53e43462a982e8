"""Whether every stage of a plan fits the network it is made for, and the mend."""

from cnnstudio.project.network_facts import NetworkFacts, count_parameters, trained_layers
from cnnstudio.project.network_table import find_network
from cnnstudio.project.problems import Problem, Value
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage, network_in

WHERE = "training.stages"


def stage_problems(project: Project, facts: NetworkFacts) -> list[Problem]:
    """Problems of the plan's own stages, once the network's layers are known; the usual ones fit
    every network."""
    found = []
    title = getattr(find_network(project.network.base), "title", project.network.base)
    for number, stage in enumerate(project.training.stages, 1):
        if stage.trains == "ticked":
            continue  # judged with the ticks
        values: dict[str, Value] = {"stage": number, "network": title}
        problem = _of_layers(stage, facts, values)
        trained = trained_layers(network_in(stage, project.network, facts), facts)
        if problem is None and not count_parameters(facts.layers, trained).trainable:
            problem = Problem("stage_trains_nothing", WHERE, values={"stage": number})
        if problem is not None:
            found.append(problem)
    return found


def frozen_random(project: Project) -> list[Problem]:
    """A warning of the first stage in which a base from scratch stays frozen before it was ever
    trained. Of a pretrained base that begins with random numbers its weights are warned of."""
    row = find_network(project.network.base)
    if row is None or row.is_pretrained:
        return []
    first = project.training.stages[:1]
    if not first or first[0].trains not in ("head", "blocks", "layers"):
        return []
    return [Problem("stage_frozen_random", WHERE, values={"stage": 1})]


def mended_stages(problem: Problem, project: Project, facts: NetworkFacts) -> Project | None:
    """``project`` with the stage of ``problem`` made to fit; None for problems of other kinds."""
    if not problem.kind.startswith("stage_"):
        return None
    stages = list(project.training.stages)
    place = int(problem.values["stage"]) - 1
    stage = stages[place]
    match problem.kind:
        case "stage_unknown_layer":
            known = {layer.name for layer in facts.layers}
            left = tuple(name for name in stage.layers if name in known)
            stages[place] = stage.model_copy(update={"layers": left})
        case "stage_frozen_random":
            everything = {"trains": "all", "count": 0, "layers": ()}
            stages[place] = stage.model_copy(update=everything)
        case "stage_too_many_blocks" | "stage_too_many_layers":
            stages[place] = stage.model_copy(update={"count": int(problem.values["count"])})
        case _ if len(stages) > 1:
            del stages[place]
        case _:
            stages[place] = stage.model_copy(update={"trains": "blocks", "count": 0, "layers": ()})
    training = project.training.model_copy(update={"stages": tuple(stages)})
    return project.replacing(training=training)


def _of_layers(stage: Stage, facts: NetworkFacts, values: dict[str, Value]) -> Problem | None:
    """A name that the network does not have, or a count that is too high."""
    if stage.trains == "own":
        known = {layer.name for layer in facts.layers}
        for name in stage.layers:
            if name not in known:
                return Problem("stage_unknown_layer", WHERE, values=values | {"name": name})
    there = {"blocks": len(facts.base_blocks), "layers": len(facts.base_layers)}
    count = there.get(stage.trains)
    if count is not None and stage.count > count:
        kind = f"stage_too_many_{stage.trains}"
        return Problem(kind, WHERE, values=values | {"count": count, "received": stage.count})
    return None
