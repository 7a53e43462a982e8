"""Second outputs half-way, which are there only while training."""

from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from cnnstudio.engine.networks.head import output_layer
from cnnstudio.project.layer_blocks import AuxiliaryClassifier
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_table import layers_of

_POOL_SIDE = 5
_POOL_STRIDES = 3
_FILTERS = 128
_UNITS = 1024
_DROPOUT = 0.7


@dataclass(frozen=True)
class TrainingModel:
    """What is trained: the same layers as the network, and the outputs beside the real one.

    The first output is the real one; ``loss_weights`` has one for each.
    """

    model: keras.Model
    loss_weights: tuple[float, ...]

    def with_labels_for_all(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """``batches`` whose labels are there for every output; a third part, the weights of the
        pictures, holds for all of them."""
        count = len(self.loss_weights)
        if count == 1:
            return batches

        @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
        def load(given: Any, labels: tf.Tensor, *weights: tf.Tensor) -> tuple[Any, ...]:
            return given, (labels,) * count, *weights

        return batches.map(load)


def with_auxiliary(model: keras.Model, plan: NetworkPlan, num_classes: int) -> TrainingModel:
    """``model`` as it is, or with an output for each auxiliary classifier in the plan's layers."""
    wanted = [each for each in layers_of(plan) if isinstance(each, AuxiliaryClassifier)]
    if not wanted:
        return TrainingModel(model, (1.0,))
    outputs = [model.output]
    for layer in wanted:
        outputs.append(_output(layer, model.get_layer(layer.name).output, plan, num_classes))
    made = keras.Model(model.input, outputs, name=model.name)
    return TrainingModel(made, (1.0, *(layer.loss_weight for layer in wanted)))


def _output(layer: AuxiliaryClassifier, maps: Any, plan: NetworkPlan, num_classes: int) -> Any:
    """From (batch, height, width, channels) to probabilities, as the network itself gives them.

    Maps that are smaller than the paper's pooling are pooled whole. Source: Szegedy et al. 2014,
    arXiv:1409.4842, section 5.
    """
    layers = keras.layers
    sides = [min(_POOL_SIDE, side) for side in maps.shape[1:3]]
    numbers = layers.AveragePooling2D(sides, _POOL_STRIDES, name=f"{layer.name}_pool")(maps)
    numbers = layers.Conv2D(_FILTERS, 1, activation="relu", name=f"{layer.name}_conv")(numbers)
    numbers = layers.Flatten(name=f"{layer.name}_flatten")(numbers)
    numbers = layers.Dense(_UNITS, activation="relu", name=f"{layer.name}_dense")(numbers)
    numbers = layers.Dropout(_DROPOUT, name=f"{layer.name}_dropout")(numbers)
    return output_layer(plan, num_classes, f"{layer.name}_output")(numbers)
