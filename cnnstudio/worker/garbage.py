"""Python's search for garbage, kept from holding up the window while many values are made."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def no_garbage_search() -> Iterator[None]:
    """Work that makes a hundred thousand values would set off searches where there is no garbage.

    What is there at the end is never searched again (it goes when nothing needs it any more), or
    the next search would go through all of it at once, a tenth of a second long.
    """
    gc.collect(1)
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
