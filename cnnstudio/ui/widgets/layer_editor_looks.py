"""How each kind of layer looks in the editor: its icon, and its settings in a few words."""

from cnnstudio.project import layer_kinds as kinds
from cnnstudio.project.layer_blocks import LSTM, AuxiliaryClassifier, InceptionModule, ResidualBlock
from cnnstudio.project.layer_kinds import Layer
from cnnstudio.project.layer_list import AnyLayer
from cnnstudio.project.words import N_, say

ICONS: dict[type[Layer], str] = {
    kinds.Conv2D: "layer-convolution",
    kinds.SeparableConv2D: "layer-separable",
    kinds.DepthwiseConv2D: "layer-depthwise",
    kinds.MaxPooling2D: "layer-max-pool",
    kinds.AveragePooling2D: "layer-average-pool",
    kinds.BatchNormalization: "layer-norm",
    kinds.ActivationLayer: "layer-activation",
    kinds.Dropout: "layer-dropout",
    kinds.LocalResponseNormalization: "layer-response-norm",
    kinds.Flatten: "layer-flatten",
    kinds.GlobalAveragePooling2D: "layer-global-average",
    kinds.GlobalMaxPooling2D: "layer-global-max",
    kinds.Dense: "layer-dense",
    ResidualBlock: "layer-residual",
    InceptionModule: "layer-inception",
    AuxiliaryClassifier: "layer-auxiliary",
    LSTM: "layer-lstm",
}

GROUPS: tuple[tuple[type[Layer], ...], ...] = (
    (
        kinds.Conv2D,
        kinds.SeparableConv2D,
        kinds.DepthwiseConv2D,
        ResidualBlock,
        InceptionModule,
    ),
    (kinds.MaxPooling2D, kinds.AveragePooling2D),
    (
        kinds.BatchNormalization,
        kinds.ActivationLayer,
        kinds.Dropout,
        kinds.LocalResponseNormalization,
    ),
    (
        kinds.Flatten,
        kinds.GlobalAveragePooling2D,
        kinds.GlobalMaxPooling2D,
        LSTM,
    ),
    (kinds.Dense, AuxiliaryClassifier),
)
"""Every kind, as the menu offers them: what looks, shrinks, steadies, makes a list, decides."""


def settings_words(layer: AnyLayer) -> str:
    """The settings that count, as drawings of networks write them: ``32 × 3 × 3, same, relu``."""
    match layer:
        case kinds.Conv2D() | kinds.SeparableConv2D():
            said = [f"{layer.filters} × {layer.kernel} × {layer.kernel}", _strides(layer.strides)]
            said += [layer.padding, _activation(layer.activation)]
        case kinds.DepthwiseConv2D():
            said = [f"{layer.kernel} × {layer.kernel}", _strides(layer.strides)]
            said += [layer.padding, _activation(layer.activation)]
        case kinds.MaxPooling2D() | kinds.AveragePooling2D():
            said = [f"{layer.size} × {layer.size}", _strides(layer.strides), layer.padding]
        case kinds.Dense():
            said = [f"{layer.units:,}", _activation(layer.activation)]
        case kinds.ActivationLayer():
            said = [layer.activation]
        case kinds.Dropout():
            said = [f"{layer.rate:.0%}", say("whole maps") if layer.whole_maps else ""]
        case kinds.BatchNormalization():
            said = []
        case kinds.LocalResponseNormalization():
            said = [str(layer.neighbours)]
        case ResidualBlock():
            form = say(N_("Bottleneck")).lower() if layer.form == "bottleneck" else ""
            said = [str(layer.filters), _strides(layer.strides), form]
        case InceptionModule():
            counts = (layer.filters_1x1, layer.filters_3x3, layer.filters_5x5, layer.filters_pool)
            said = [" + ".join(map(str, counts))]
        case AuxiliaryClassifier():
            said = [f"× {layer.loss_weight:g}"]
        case LSTM():
            said = [str(layer.units)]
        case _:
            said = []
    return ", ".join(each for each in said if each)


def kind_and_settings(layer: AnyLayer) -> str:
    """The kind with its settings: ``Convolution: 32 × 3 × 3, same, relu``."""
    settings = settings_words(layer)
    title = say(type(layer).title)
    if not settings:
        return title
    return say("{kind}: {settings}", kind=title, settings=settings)


def shape_words(shape: tuple[int, ...]) -> str:
    """A shape as people write it: ``28 × 28 × 32``, or ``1,024`` for a list of numbers."""
    return " × ".join(f"{side:,}" for side in shape)


def _strides(strides: int) -> str:
    """A slash before the strides, as in the drawings of He et al. 2015, arXiv:1512.03385."""
    return f"/{strides}" if strides > 1 else ""


def _activation(activation: str) -> str:
    return activation if activation != "linear" else ""
