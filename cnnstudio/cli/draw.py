"""The command that draws: a network as an SVG file, without any window."""

from pathlib import Path

from cnnstudio.cli.output import Output
from cnnstudio.cli.tables import describe_network
from cnnstudio.project.drawing.inks import print_palette
from cnnstudio.project.drawing.layout import PAGE, best_row_width, layout
from cnnstudio.project.drawing.picture import as_svg
from cnnstudio.project.drawing.values import Level
from cnnstudio.project.fields import apply_settings
from cnnstudio.project.files import write_text_atomically
from cnnstudio.project.network_facts import trained_layers
from cnnstudio.project.network_table import network_row
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import write_problem
from cnnstudio.project.words import say


def draw(
    network: str,
    to: Path,
    every_layer: bool,
    assignments: list[str],
    num_classes: int,
    output: Output,
) -> None:
    """Write ``network`` with a head for ``num_classes`` to the SVG file ``to``.

    Raises:
        ProblemError: if there is no such network, the settings do not fit it, or the file cannot
            be written.
        StoppedError: after Ctrl-C.
    """
    if to.suffix.lower() != ".svg":
        raise ProblemError(Problem("drawing_not_svg", file=str(to)))
    project = apply_settings(Project(), [f"network.base={network}", *assignments])
    facts = describe_network(project, num_classes, output)
    level: Level = "layers" if every_layer else "blocks"
    drawing = layout(facts, level, row_width=best_row_width(facts, level, frozenset(), *PAGE))
    layers = {layer.name: layer for layer in facts.layers}
    trained = trained_layers(project.network, facts)
    title = network_row(project.network).title
    try:
        write_text_atomically(to, as_svg(title, drawing, layers, trained, print_palette))
    except OSError as error:
        raise ProblemError(write_problem(error, to)) from error
    output.sentence(say("Drawn: {file}", file=to.absolute()))
    output.result(file=str(to.absolute()), level=level, boxes=len(drawing.boxes))
