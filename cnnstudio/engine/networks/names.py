"""Names that Keras gives by counting: the same ones in every process and at every build."""

import collections
import contextlib
from collections.abc import Iterator

from keras.src.backend.common import global_state

_COUNTERS = "object_name_uids"


@contextlib.contextmanager
def counted_from_the_start() -> Iterator[None]:
    """Layers without a name of their own are ``conv2d``, ``conv2d_1``, … within the block.

    Otherwise the numbers would go on from the networks built before, and a plan that names such
    a layer would mean another one, or none, in the next process. Afterwards no name of the block
    is given again, so that more layers can be put onto what was built.
    """
    before = global_state.get_global_attribute(_COUNTERS) or {}
    global_state.set_global_attribute(_COUNTERS, collections.defaultdict(int))
    try:
        yield
    finally:
        counted = global_state.get_global_attribute(_COUNTERS) or {}
        both = collections.defaultdict(int, before)
        for name, count in counted.items():
            both[name] = max(both[name], count)
        global_state.set_global_attribute(_COUNTERS, both)
