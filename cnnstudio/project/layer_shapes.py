"""What comes out of each layer of a list, and what is wrong with it: without Keras.

So the editor answers while one types. Shapes and parameters are exactly those of the model that
``engine/networks/layer_list.py`` builds.
"""

from dataclasses import dataclass
from math import prod

from cnnstudio.project import layer_kinds as kinds
from cnnstudio.project import layer_pieces as pieces
from cnnstudio.project.layer_block_pieces import inception_module, residual_block
from cnnstudio.project.layer_blocks import LSTM, AuxiliaryClassifier, InceptionModule, ResidualBlock
from cnnstudio.project.layer_formulas import Formula, window_side
from cnnstudio.project.layer_list import AnyLayer, LayerList
from cnnstudio.project.layer_names import is_reserved, is_usable, names_of
from cnnstudio.project.layer_pieces import Outcome, Shape
from cnnstudio.project.problems import Problem, Value, errors_in
from cnnstudio.project.words import N_

WHERE = "network.layers"

MOST_NUMBERS = 2_000_000_000
"""Of parameters in a layer, and of numbers that it gives for one picture: 8 GB."""

_BYTES_PER_GIGABYTE = 1e9
_BYTES_PER_NUMBER = 4

Group = tuple[str, str]
"""As in ``network_facts.py``: the marked title of a block, and what fills its ``{0}``."""

BLOCK = N_("Block {0}")
AFTER_MAPS = N_("After the maps")

_LOOKING = (
    kinds.Conv2D,
    kinds.SeparableConv2D,
    kinds.DepthwiseConv2D,
    ResidualBlock,
    InceptionModule,
)
_MAKES_LIST = (kinds.Flatten, kinds.GlobalAveragePooling2D, kinds.GlobalMaxPooling2D, LSTM)

_Window = kinds.Conv2D | kinds.SeparableConv2D | kinds.DepthwiseConv2D
_Pooling = kinds.MaxPooling2D | kinds.AveragePooling2D
_GlobalPooling = kinds.GlobalAveragePooling2D | kinds.GlobalMaxPooling2D


@dataclass(frozen=True)
class LayerShape:
    """What one layer of a list makes.

    ``input_shape`` and ``output_shape`` are without the batch axis; ``output_shape`` is None where
    the layer does not fit (then ``problems`` say why), and both are None for those that wait
    behind such a layer. ``parameters`` counts all weights, ``trainable_parameters`` those that
    training can change; ``multiply_adds`` is what one picture costs forward. ``size`` and
    ``cost`` are the formulas of the output's size and of the number of parameters.
    """

    name: str
    input_shape: Shape | None = None
    output_shape: Shape | None = None
    parameters: int = 0
    trainable_parameters: int = 0
    multiply_adds: int = 0
    size: Formula | None = None
    cost: Formula | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether a layer before it does not fit, so that nothing is known of this one."""
        return self.input_shape is None


def list_shapes(layers: LayerList, input_shape: tuple[int, ...]) -> tuple[LayerShape, ...]:
    """What each of ``layers`` makes of pictures of ``input_shape`` (height, width, channels).

    An auxiliary classifier passes its maps on; its own layers are there only while training and
    are not counted.
    """
    seen: set[str] = set()
    found = []
    now: Shape | None = input_shape
    maker = ""
    for layer in layers:
        names = names_of(layer)
        wrong = _name_problems(layer, is_again=not seen.isdisjoint(names))
        seen |= names
        if now is None:
            found.append(LayerShape(layer.name, problems=tuple(wrong)))
            continue
        misfit = _misfit(layer, now, maker)
        if misfit is not None:
            found.append(LayerShape(layer.name, now, problems=(*wrong, misfit)))
            now = None
            continue
        made = _outcome(layer, now)
        wrong += _remarks(layer, now, made)
        found.append(
            LayerShape(
                layer.name,
                now,
                made.shape,
                made.parameters,
                made.trainable,
                made.multiply_adds,
                made.size,
                made.cost,
                tuple(wrong),
            )
        )
        if len(now) > 1 and len(made.shape) == 1:
            maker = layer.name
        now = made.shape
    return tuple(found)


def problems_of_list(layers: LayerList, input_shape: tuple[int, ...]) -> list[Problem]:
    """Everything that is wrong with ``layers``, the first one first."""
    shapes = list_shapes(layers, input_shape)
    return [problem for shape in shapes for problem in shape.problems]


def fits(shapes: tuple[LayerShape, ...]) -> bool:
    """Whether a network can be built of the list that has these ``shapes``."""
    return not any(errors_in(shape.problems) for shape in shapes)


def name_problem(layer: AnyLayer, others: LayerList) -> Problem | None:
    """Why ``layer`` cannot have its name beside ``others``; None where it can."""
    taken = {name for other in others for name in names_of(other)}
    found = _name_problems(layer, is_again=not taken.isdisjoint(names_of(layer)))
    return found[0] if found else None


def _name_problems(layer: AnyLayer, is_again: bool) -> list[Problem]:
    values = {"name": layer.name}
    if is_again:
        return [Problem("layer_name_twice", WHERE, values=values)]
    if not is_usable(layer.name):
        return [Problem("layer_name_unusable", WHERE, values=values)]
    if is_reserved(layer.name):
        return [Problem("layer_name_reserved", WHERE, values=values)]
    return []


def _misfit(layer: AnyLayer, shape: Shape, maker: str) -> Problem | None:
    """Why ``layer`` cannot be given ``shape``. ``maker`` made the list of numbers, if it is one."""
    is_list = len(shape) == 1
    if isinstance(layer, kinds.Dense) and not is_list:
        values: dict[str, Value] = {
            "name": layer.name,
            "height": shape[0],
            "width": shape[1],
        }
        return Problem("layer_wants_list", WHERE, values=values)
    if isinstance(layer, _GlobalPooling) and is_list:
        values = {"name": layer.name, "count": f"{shape[0]:,}"}
        return Problem("layer_list_already", WHERE, values=values)
    if is_list and _wants_maps(layer):
        values = {"name": layer.name, "count": f"{shape[0]:,}", "maker": maker}
        return Problem("layer_wants_maps", WHERE, values=values)
    window = _window_of(layer)
    if window and not all(window_side(side, window, 1, "valid") for side in shape[:2]):
        values = {"name": layer.name, "window": window, "height": shape[0], "width": shape[1]}
        return Problem("layer_window_too_large", WHERE, values=values)
    return None


def _wants_maps(layer: AnyLayer) -> bool:
    if isinstance(layer, kinds.Dropout):
        return layer.whole_maps
    return not isinstance(
        layer, kinds.Dense | kinds.Flatten | kinds.BatchNormalization | kinds.ActivationLayer
    )


def _window_of(layer: AnyLayer) -> int:
    """Side of the square that must have room in the maps; 0 where anything has."""
    if isinstance(layer, _Window | _Pooling) and layer.padding == "valid":
        return layer.size if isinstance(layer, _Pooling) else layer.kernel
    return 0


def _remarks(layer: AnyLayer, shape: Shape, made: Outcome) -> list[Problem]:
    """What is wrong with a layer whose shape is known nevertheless."""
    name = layer.name
    count = made.parameters
    if count > MOST_NUMBERS:
        values: dict[str, Value] = {
            "name": name,
            "count": f"{count:,}",
            "gigabytes": _gigabytes(count),
        }
        return [Problem("layer_too_many_parameters", WHERE, values=values)]
    count = prod(made.shape)
    if count > MOST_NUMBERS:
        values = {"name": name, "count": f"{count:,}", "gigabytes": _gigabytes(count)}
        return [Problem("layer_maps_too_large", WHERE, values=values)]
    if isinstance(layer, _Pooling):
        if layer.size == 1 and layer.strides == 1:
            return [Problem("layer_changes_nothing", WHERE, values={"name": name})]
        if shape[0] == 1 and shape[1] == 1:
            return [Problem("layer_maps_are_points", WHERE, values={"name": name})]
    if isinstance(layer, kinds.Flatten) and len(shape) == 1:
        values = {"name": name, "count": f"{shape[0]:,}"}
        return [Problem("layer_flat_already", WHERE, values=values)]
    return []


def _gigabytes(count: int) -> str:
    return f"{count * _BYTES_PER_NUMBER / _BYTES_PER_GIGABYTE:,.0f}"


def _outcome(layer: AnyLayer, shape: Shape) -> Outcome:
    """What a layer that fits makes of ``shape``."""
    match layer:
        case kinds.Conv2D():
            return pieces.convolution(
                shape, layer.filters, layer.kernel, layer.strides, layer.padding, layer.use_bias
            )
        case kinds.SeparableConv2D():
            return pieces.separable(
                shape, layer.filters, layer.kernel, layer.strides, layer.padding, layer.use_bias
            )
        case kinds.DepthwiseConv2D():
            return pieces.depthwise(
                shape, layer.multiplier, layer.kernel, layer.strides, layer.padding, layer.use_bias
            )
        case kinds.MaxPooling2D() | kinds.AveragePooling2D():
            return pieces.pooled(shape, layer.size, layer.strides, layer.padding)
        case kinds.BatchNormalization():
            return pieces.normalisation(shape)
        case kinds.ActivationLayer() | kinds.Dropout() | AuxiliaryClassifier():
            return pieces.unchanged(shape)
        case kinds.LocalResponseNormalization():
            return pieces.merged(shape, 2)
        case kinds.Flatten():
            return pieces.flattened(shape)
        case kinds.GlobalAveragePooling2D() | kinds.GlobalMaxPooling2D():
            return pieces.pooled_whole(shape)
        case kinds.Dense():
            return pieces.dense(shape, layer.units, layer.use_bias)
        case ResidualBlock():
            return residual_block(layer, shape)
        case InceptionModule():
            return inception_module(layer, shape)
        case LSTM():
            return pieces.lstm(shape, layer.units)


def groups_of_list(layers: LayerList, input_shape: tuple[int, ...]) -> dict[str, Group]:
    """Which block each layer stands in, by name.

    A block ends with the pooling that makes its maps smaller, and the small layers behind that
    (normalisation, dropout); or before a convolution with strides. From Flatten or global pooling
    on, all layers stand together.
    """
    found: dict[str, Group] = {}
    number = 1
    has_looked = is_over = is_list = False
    for layer, shape in zip(layers, list_shapes(layers, input_shape), strict=True):
        is_list = is_list or isinstance(layer, _MAKES_LIST)
        if isinstance(layer, _LOOKING) and not is_list:
            if is_over or (has_looked and _strides(layer) > 1):
                number, is_over = number + 1, False
            has_looked = True
        elif has_looked and _makes_smaller(layer, shape):
            is_over = True
        found[layer.name] = (AFTER_MAPS, "") if is_list else (BLOCK, str(number))
    return found


def _strides(layer: AnyLayer) -> int:
    """How many pixels its window moves at each step; 1 for layers without a window."""
    return int(getattr(layer, "strides", 1))


def _makes_smaller(layer: AnyLayer, shape: LayerShape) -> bool:
    """Whether a pooling has maps go on smaller; where nothing is known, its strides tell."""
    if not isinstance(layer, kinds.MaxPooling2D | kinds.AveragePooling2D):
        return False
    if shape.input_shape is None or shape.output_shape is None:
        return layer.strides > 1
    return shape.output_shape[0] < shape.input_shape[0]
