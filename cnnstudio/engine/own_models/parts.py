"""Where in a model the base ends and the head begins, and which network it is.

The **base** reaches to the last feature maps: the last step with maps as output (height, width,
channels) that everything after it depends on, before the maps are first made a list of numbers (by
Flatten or a global pooling). What comes after is the **head**. Where the head has no weights of its
own, the last convolution with one channel for each class is the head's, too. A net without
convolutions ends before its last Dense. Dropout right before the cut is the head's.
"""

from functools import cached_property
from typing import Any

import keras

from cnnstudio.engine.own_models.calls import Ref
from cnnstudio.engine.own_models.graph import Step
from cnnstudio.engine.own_models.known import known_network
from cnnstudio.engine.own_models.own_model import OwnModel
from cnnstudio.project.network_row import NetworkRow

_DROPOUTS = frozenset(
    ("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout")
)
_PREPARING = frozenset(("Rescaling", "Normalization"))
_PREPARING_OPERATIONS = frozenset(
    [
        "TrueDivide",
        "Divide",
        "Subtract",
        "Multiply",
        "Add",
        "Flip",
        "TFOpLambda",
        "TensorFlowOpLayer",
        "SlicingOpLambda",
    ]
)
_BEFORE_PREPARING = frozenset(("ZeroPadding2D", "Resizing", "CenterCrop", "Cropping2D", "Cast"))


class ModelParts:
    """What the steps of ``own`` are for."""

    def __init__(self, own: OwnModel) -> None:
        self._own = own
        self._steps = own.graph.steps
        self._tensors = own.looked.tensors

    @cached_property
    def chain(self) -> list[int]:
        """Indices of the steps that lie on every way from the picture to the output, in order."""
        output = self._own.graph.output.index
        last_use: dict[int, int] = {}
        for index in self._own.looked.tensors:
            if index >= 0:
                for ref in self._steps[index].refs:
                    last_use[ref.index] = max(last_use.get(ref.index, -1), index)
        found, open_until = [], -1
        for index in sorted(each for each in self._tensors if each >= 0):
            # No step before this one is used by one after it: all ways lead through it.
            before = max(open_until, last_use.get(-1, -1))
            if before <= index and index <= output:
                found.append(index)
            open_until = max(open_until, last_use.get(index, -1))
        return found

    @cached_property
    def last_of_base(self) -> Ref:
        """The step whose output is what a new head is put on."""
        chain, maps = self.chain, []
        for index in chain:
            if not self._has_maps(index):
                break
            maps.append(index)
        if not any(self._is_weighted(each) for each in maps):
            return self._before_last_dense()
        ends_in_maps = len(maps) == len(chain)
        after = chain[len(maps) :]
        if not ends_in_maps and not any(self._is_weighted(each) for each in after):
            maps = self._without_classifying(maps)
        return Ref(self._without_dropout(maps))

    @cached_property
    def head_names(self) -> frozenset[str]:
        """Names of the layers after the cut."""
        return frozenset(step.name for step, _ in self._layers()) - self.base_names

    @cached_property
    def base_names(self) -> frozenset[str]:
        """Names of the layers up to the cut."""
        layers = self._own.looked.layers
        needed = self._own.graph.needed(self.last_of_base)
        return frozenset(layers[index][0].name for index in needed if index in layers)

    @cached_property
    def known_as(self) -> NetworkRow | None:
        """The network of the table that the base is, where its names tell that."""
        names = [
            step.path[-1]
            for step, layer in self._layers()
            if layer.weights and step.name in self.base_names
        ]
        return known_network(self._model_names, names)

    @property
    def _model_names(self) -> list[str]:
        """The file's own name of the model, and of those in it."""
        config = self._own.container.config["config"]
        own = [str(config.get("name", ""))] if isinstance(config, dict) else []
        return own + list(
            dict.fromkeys(name for step, _ in self._layers() for name in step.path[:-1])
        )

    @property
    def preparing_step(self) -> Step | None:
        """The layer at the beginning that brings pixels into the form that the rest wants."""
        for index in self.chain:
            step = self._steps[index]
            if step.type in _PREPARING:
                return step
            if step.type in _PREPARING_OPERATIONS and self._is_plain(index):
                return step
            if step.type not in _BEFORE_PREPARING and step.type not in _DROPOUTS:
                if self._tensors[index] is self._tensors[self._steps[index].refs[0].index]:
                    continue  # a layer that was passed over, such as augmentation
                return None
        return None

    @property
    def ends_in_activation(self) -> bool:
        """Whether the output is probabilities already, as far as the last layers tell."""
        for index in reversed(self.chain):
            step = self._steps[index]
            if step.type in ("Softmax", "Sigmoid", "Activation"):
                return step.config.get("activation", "softmax") not in ("linear", None)
            activation = step.config.get("activation", "linear")
            if self._is_weighted(index):
                return activation not in ("linear", None)
        return False

    def _layers(self) -> list[tuple[Step, keras.Layer]]:
        return list(self._own.looked.layers.values())

    def _is_weighted(self, index: int) -> bool:
        found = self._own.looked.layers.get(index)
        return found is not None and bool(found[1].trainable_variables)

    def _is_plain(self, index: int) -> bool:
        """Whether a calculation takes nothing but the picture and numbers."""
        return len(self._steps[index].refs) == 1

    def _has_maps(self, index: int) -> bool:
        """Whether maps come out that were not already pooled to a single number each."""
        if self._steps[index].type.startswith("Global"):
            return False
        return len(self._shape(index)) == 3

    def _shape(self, index: int) -> tuple[Any, ...]:
        return tuple(self._tensors[index].shape[1:])

    def _without_classifying(self, maps: list[int]) -> list[int]:
        """``maps`` up to before the last convolution, where that gives a map for each class."""
        last = max(place for place, index in enumerate(maps) if self._is_weighted(index))
        units = self._own.output_shape
        is_for_classes = len(units) == 1 and self._shape(maps[last])[-1] == units[0]
        return maps[:last] if is_for_classes and last else maps

    def _without_dropout(self, chain: list[int]) -> int:
        kept = list(chain)
        while len(kept) > 1 and self._steps[kept[-1]].type in _DROPOUTS:
            kept.pop()
        return kept[-1] if kept else -1

    def _before_last_dense(self) -> Ref:
        weighted = [place for place, index in enumerate(self.chain) if self._is_weighted(index)]
        end = weighted[-1] if weighted else len(self.chain)
        return Ref(self._without_dropout(self.chain[:end]))
