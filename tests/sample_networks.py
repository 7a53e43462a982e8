"""Networks as the engine tells of them, made by hand: no TensorFlow is needed for the tree."""

from cnnstudio.project.network_facts import Group, LayerFacts, NetworkFacts

PRETRAINED = "mobilenet_v2"
"""A base of the table that begins with something learned; names of layers are those of below."""


def pretrained_facts(blocks_of_stages: tuple[int, ...] = (2, 2)) -> NetworkFacts:
    """A stem and stages of so many blocks, each of convolution, normalisation and activation.

    Every stage halves the picture of 64 pixels. The head has pooling and output.
    """
    layers = [
        LayerFacts("picture", "InputLayer", (64, 64, 3), 0, 0, "input"),
        LayerFacts("preprocessing_rescaling", "Rescaling", (64, 64, 3), 0, 0, "input"),
        *_block("stem", (("Stem", ""),), 32, "preprocessing_rescaling"),
    ]
    number, side = 0, 32
    for blocks in blocks_of_stages:
        side = max(1, side // 2)
        stage: Group = ("Blocks {0}", f"{number + 1}–{number + blocks}")
        for _ in range(blocks):
            number += 1
            groups = (stage, ("Block {0}", str(number)))
            layers += _block(f"block_{number}", groups, side, layers[-1].name)
    layers += [
        LayerFacts("head_pooling", "GlobalAveragePooling2D", (4,), 0, 0, "head"),
        LayerFacts("output", "Dense", (1,), 5, 5, "head", inputs=("head_pooling",)),
    ]
    return NetworkFacts(tuple(layers), 2, "sigmoid")


def _block(name: str, groups: tuple[Group, ...], side: int, before: str) -> list[LayerFacts]:
    shape = (side, side, 4)
    return [
        LayerFacts(
            f"{name}_conv", "Conv2D", shape, 144, 144, "base", groups, (before,), 99, "3 × 3"
        ),
        LayerFacts(
            f"{name}_norm", "BatchNormalization", shape, 16, 8, "base", groups, (f"{name}_conv",)
        ),
        LayerFacts(f"{name}_relu", "ReLU", shape, 0, 0, "base", groups, (f"{name}_norm",)),
    ]
