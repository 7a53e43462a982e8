"""What is wrong with a plan, before anything is computed."""

from cnnstudio.project.files import is_file
from cnnstudio.project.layer_shapes import problems_of_list
from cnnstudio.project.losses import loss_problems, planned_output
from cnnstudio.project.network_facts import NetworkFacts, count_parameters, trained_layers
from cnnstudio.project.network_table import find_network, nearest_network, sees_grey
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.stage_checks import frozen_random, stage_problems
from cnnstudio.project.stages import stages_of
from cnnstudio.project.time_limit import is_time_limit


def problems_of(project: Project, num_classes: int | None = None) -> list[Problem]:
    """Problems of the chapters together; ``num_classes`` where the pictures are known."""
    plan = project.network
    row = find_network(plan.base)
    if row is None:
        values: dict[str, str | int | float] = {
            "name": plan.base,
            "nearest": nearest_network(plan.base).key,
        }
        return [Problem("unknown_network", "network.base", values=values)]
    found = []
    if plan.width not in row.widths:
        values = {
            "network": row.title,
            "received": f"{plan.width:g}",
            "choices": ", ".join(f"{width:g}" for width in row.widths),
        }
        found.append(Problem("unknown_width", "network.width", values=values))
    if plan.variant and row.variant(plan.variant) is None:
        values = {
            "network": row.title,
            "received": plan.variant,
            "choices": ", ".join(each.key for each in row.variants) or "-",
        }
        found.append(Problem("unknown_variant", "network.variant", values=values))
    if plan.colours == "grey" and row.built_from == "application":
        values = {"network": row.title}
        found.append(Problem("colours_needed", "network.colours", values=values))
    if project.pictures.size < row.smallest_size:
        values = {
            "network": row.title,
            "size": project.pictures.size,
            "smallest": row.smallest_size,
        }
        found.append(Problem("size_too_small", "pictures.size", values=values))
    if row.built_from == "own_layers":
        picture = (project.pictures.size, project.pictures.size, 1 if sees_grey(plan) else 3)
        found += problems_of_list(plan.layers, picture)
    if plan.output == "sigmoid" and num_classes is not None and num_classes != 2:
        found.append(Problem("sigmoid_needs_two", "network.output", values={"count": num_classes}))
    if row.built_from == "own_model" and not plan.model_file:
        found.append(Problem("own_model_not_chosen", "network.model_file"))
    elif row.built_from == "own_model" and not is_file(plan.model_file):
        found.append(Problem("own_model_missing", "network.model_file", file=plan.model_file))
    if plan.weights not in ("imagenet", "random") and not is_file(plan.weights):
        found.append(Problem("weights_file_missing", "network.weights", file=plan.weights))
    if not is_time_limit(project.training.time_limit):
        values = {"received": project.training.time_limit}
        found.append(Problem("time_limit_not_understood", "training.time_limit", values=values))
    stays_frozen = plan.trained_layers is None and not (plan.train_last or plan.train_last_blocks)
    if row.is_pretrained and plan.weights == "random" and stays_frozen:
        found.append(Problem("frozen_random", "network.weights"))
    found += frozen_random(project)
    found += loss_problems(project, num_classes)
    return found


def freezing_problems(project: Project, facts: NetworkFacts) -> list[Problem]:
    """Problems of ticks and stages, once the network's layers are known."""
    found = stage_problems(project, facts)
    if any(stage.trains == "ticked" for stage in stages_of(project)):
        found += _tick_problems(project, facts)
    if planned_output(project, facts.num_classes) is None:
        # What a model of one's own gives is only known once it is opened.
        judged = loss_problems(project, facts.num_classes)
        all_of_loss = loss_problems(project, facts.num_classes, facts.output)
        found += [problem for problem in all_of_loss if problem not in judged]
    return found


def _tick_problems(project: Project, facts: NetworkFacts) -> list[Problem]:
    plan = project.network
    title = getattr(find_network(plan.base), "title", plan.base)
    found = []
    base = facts.base_layers
    if plan.trained_layers is None and plan.train_last > len(base):
        values: dict[str, str | int | float] = {
            "network": title,
            "count": len(base),
            "received": plan.train_last,
        }
        found.append(Problem("train_last_too_many", "network.train_last", values=values))
    known = {layer.name for layer in facts.layers}
    for name in plan.trained_layers or ():
        if name not in known:
            values = {"network": title, "name": name}
            found.append(Problem("unknown_layer", "network.trained_layers", values=values))
    trained = trained_layers(plan, facts)
    if count_parameters(facts.layers, trained).trainable == 0:
        found.append(Problem("nothing_trained", "network.trained_layers"))
    return found
