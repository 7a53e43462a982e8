"""Notices how short the memory gets while an engine works, so that its end can be explained.

Not every system says whom it ended for want of memory: Linux counts it, but a helper such as
systemd-oomd or macOS just sends SIGKILL.
"""

import time
from pathlib import Path

SHORT_SHARE = 0.04
SHORT_BYTES = 256 * 1024**2
"""With less than this share and less than eight times these bytes, or with less than these bytes,
memory is short."""

_SECONDS_BETWEEN_LOOKS = 1.0


class MemoryWatch:
    """Watches from its making on; :meth:`look` is cheap enough to be called at every turn."""

    def __init__(self) -> None:
        self.was_short = False
        self._kills = out_of_memory_kills()
        self._looked = 0.0

    def look(self) -> None:
        """Look at the memory, at most once a second."""
        now = time.monotonic()
        if self.was_short or now - self._looked < _SECONDS_BETWEEN_LOOKS:
            return
        self._looked = now
        self.was_short = is_short()

    def explains_a_kill(self) -> bool:
        """Whether a process that was killed meanwhile was so for want of memory."""
        kills = out_of_memory_kills()
        is_counted = kills is not None and self._kills is not None and kills > self._kills
        return is_counted or self.was_short


def is_short() -> bool:
    """Whether the computer has hardly any memory left."""
    import psutil  # not at start-up

    memory = psutil.virtual_memory()
    available = int(memory.available)
    share = available / max(1, int(memory.total))
    return available < SHORT_BYTES or (share < SHORT_SHARE and available < 8 * SHORT_BYTES)


def out_of_memory_kills() -> int | None:
    """How many processes the kernel has ended for want of memory; none where it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), None)
