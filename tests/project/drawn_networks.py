"""Small networks to be drawn: a straight one, one with ways past blocks, one with branches."""

from cnnstudio.project.network_facts import Group, LayerFacts, LayerPart, NetworkFacts

_TYPES = {
    "in": "InputLayer",
    "conv": "Conv2D",
    "bn": "BatchNormalization",
    "relu": "ReLU",
    "pool": "MaxPooling2D",
    "add": "Add",
    "cat": "Concatenate",
    "mean": "GlobalAveragePooling2D",
    "dense": "Dense",
}


def block(number: int | str) -> tuple[Group, ...]:
    """The group of a block."""
    return (("Block {0}", str(number)),)


def layer(
    name: str,
    shape: tuple[int, ...],
    inputs: str = "",
    groups: tuple[Group, ...] = (),
    part: LayerPart = "base",
) -> LayerFacts:
    """A layer whose type is the last word of its name; those with weights have ten."""
    kind = _TYPES[name.rsplit("_", 1)[-1].rstrip("0123456789")]
    weights = 10 if kind in ("Conv2D", "Dense", "BatchNormalization") else 0
    return LayerFacts(
        name, kind, shape, weights, weights, part, groups, tuple(inputs.split()), detail=""
    )


def network(*layers: LayerFacts) -> NetworkFacts:
    """``layers`` and a head of two."""
    last = layers[-1].name
    head = (
        layer("head_mean", layers[-1].output_shape[-1:], last, part="head"),
        layer("output_dense", (1,), "head_mean", part="head"),
    )
    return NetworkFacts((*layers, *head), 2, "sigmoid")


def straight() -> NetworkFacts:
    """Two blocks of convolution and pooling, one after the other."""
    return network(
        layer("in", (32, 32, 3), part="input"),
        layer("a_conv", (32, 32, 16), "in", block(1)),
        layer("a_bn", (32, 32, 16), "a_conv", block(1)),
        layer("a_pool", (16, 16, 16), "a_bn", block(1)),
        layer("b_conv", (16, 16, 64), "a_pool", block(2)),
        layer("b_pool", (8, 8, 64), "b_conv", block(2)),
    )


def residual() -> NetworkFacts:
    """A block with a way past it that has a convolution, and one whose way past it has nothing."""
    return network(
        layer("in", (32, 32, 3), part="input"),
        layer("a_conv1", (32, 32, 16), "in", block(1)),
        layer("a_bn", (32, 32, 16), "a_conv1", block(1)),
        layer("a_conv2", (32, 32, 16), "a_bn", block(1)),
        layer("a_side_conv", (32, 32, 16), "in", block(1)),
        layer("a_add", (32, 32, 16), "a_conv2 a_side_conv", block(1)),
        layer("b_conv1", (32, 32, 16), "a_add", block(2)),
        layer("b_conv2", (32, 32, 16), "b_conv1", block(2)),
        layer("b_add", (32, 32, 16), "a_add b_conv2", block(2)),
    )


def branching() -> NetworkFacts:
    """A block of three branches, one of which parts once more, as in Inception v3."""
    groups = block("mixed")
    return network(
        layer("in", (16, 16, 3), part="input"),
        layer("stem_conv", (16, 16, 16), "in"),
        layer("a_conv", (16, 16, 30), "stem_conv", groups),
        layer("b_conv1", (16, 16, 8), "stem_conv", groups),
        layer("c_pool", (16, 16, 16), "stem_conv", groups),
        layer("b_conv2", (16, 16, 20), "b_conv1", groups),
        layer("b_conv3", (16, 16, 10), "b_conv1", groups),
        layer("b_cat", (16, 16, 30), "b_conv2 b_conv3", groups),
        layer("c_conv", (16, 16, 40), "c_pool", groups),
        layer("all_cat", (16, 16, 100), "a_conv b_cat c_conv", groups),
    )
