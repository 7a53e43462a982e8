"""What a model file is, for a person who has just chosen it."""

from pathlib import Path

from cnnstudio.engine.networks.own_model import classes_of, values_note, values_of
from cnnstudio.engine.own_models.own_model import OwnModel, open_own_model
from cnnstudio.engine.own_models.parts import ModelParts
from cnnstudio.project.network_table import find_network
from cnnstudio.protocol import LookIntoModel, ModelLookedInto


def look_into_model(command: LookIntoModel) -> ModelLookedInto:
    """Parse the file, compare all shapes with its numbers, and tell what was found.

    Raises:
        ProblemError: what the file is instead, or why it is not opened.
    """
    own = open_own_model(Path(command.file))
    own.check()
    parts = ModelParts(own)
    height, width = own.sides
    output = own.output_shape
    outputs = output[0] if len(output) == 1 and output[0] else 0
    cut = parts.last_of_base
    return ModelLookedInto(
        file=command.file,
        title=_title(own, parts),
        layers=len(own.looked.layers),
        parameters=own.parameters,
        height=height or 0,
        width=width or 0,
        channels=own.channels,
        outputs=outputs,
        classes=own.classes if outputs and len(own.classes) == classes_of(outputs) else (),
        values=values_of(own, parts, "automatic"),
        cut=own.graph.steps[cut.index].path[-1] if cut.index >= 0 else "",
        cut_shape=tuple(side or 0 for side in own.looked.out_of(cut).shape[1:]),
        problems=(values_note(own, parts),),
    )


def _title(own: OwnModel, parts: ModelParts) -> str:
    """The network that it is, as the table calls it, else what the file calls it."""
    known = parts.known_as
    if known is None and own.container.class_names is not None:
        known = find_network(own.name)
    return known.title if known is not None else own.name
