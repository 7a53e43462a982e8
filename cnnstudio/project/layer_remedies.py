"""What mends a list of layers with one click, where it is certain what would."""

from dataclasses import dataclass

from cnnstudio.project import layer_kinds as kinds
from cnnstudio.project.layer_blocks import LSTM
from cnnstudio.project.layer_edits import insert_layer, move_layers, remove_layers, replace_layer
from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_names import new_name
from cnnstudio.project.problems import Problem
from cnnstudio.project.words import N_


@dataclass(frozen=True)
class Remedy:
    """A marked title, and the list as it is afterwards."""

    title: str
    layers: LayerList


def remedies_for(layers: LayerList, place: int, problem: Problem) -> tuple[Remedy, ...]:
    """Ways to mend the ``problem`` of the layer at ``place``, the usual one first."""
    layer = layers[place]
    match problem.kind:
        case "layer_wants_list":
            return (
                _inserting(N_("Insert Flatten"), layers, place, kinds.Flatten()),
                _inserting(
                    N_("Insert global average pooling"),
                    layers,
                    place,
                    kinds.GlobalAveragePooling2D(),
                ),
            )
        case "layer_window_too_large":
            return (_changing(N_("Use padding 'same'"), layers, place, padding="same"),)
        case "layer_wants_maps" if isinstance(layer, kinds.Dropout):
            return (_changing(N_("Leave out single numbers"), layers, place, whole_maps=False),)
        case "layer_wants_maps" if isinstance(layer, LSTM):
            # Before the maker it would only make the list itself.
            return (Remedy(N_("Remove it"), remove_layers(layers, [place])),)
        case "layer_wants_maps":
            names = [each.name for each in layers[:place]]
            maker = str(problem.values.get("maker", ""))
            if maker not in names:
                return ()
            moved = move_layers(layers, [place], names.index(maker))
            return (Remedy(N_("Move it there"), moved),)
        case (
            "layer_list_already"
            | "layer_flat_already"
            | "layer_changes_nothing"
            | "layer_maps_are_points"
        ):
            return (Remedy(N_("Remove it"), remove_layers(layers, [place])),)
        case "layer_name_twice" | "layer_name_reserved" | "layer_name_unusable":
            name = new_name(layer, {each.name for each in layers})
            return (_changing(N_("Give it another name"), layers, place, name=name),)
        case _:
            return ()


def _inserting(title: str, layers: LayerList, place: int, layer: AnyLayer) -> Remedy:
    return Remedy(title, insert_layer(layers, place, layer))


def _changing(title: str, layers: LayerList, place: int, **update: object) -> Remedy:
    changed: Layer = layers[place].model_copy(update=update)
    return Remedy(title, replace_layer(layers, place, changed))  # type: ignore[arg-type]
