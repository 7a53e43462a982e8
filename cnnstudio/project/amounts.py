"""Durations and amounts of memory in words, the same in window and commands."""

from cnnstudio.project.words import say


def duration(seconds: float) -> str:
    """Seconds as people read them."""
    if seconds < 60:
        decimals = 0 if seconds >= 10 else 1 if seconds >= 1 else 2
        return say("{seconds} s", seconds=f"{seconds:.{decimals}f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return say("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return say("{hours} h {minutes} min", hours=hours, minutes=minutes)


def rough_duration(seconds: float) -> str:
    """A predicted duration, without digits that nobody can know."""
    if seconds < 0.95:
        return say("under 1 s")
    if seconds < 59.5:
        return say("{seconds} s", seconds=f"{seconds:.0f}")
    if seconds < 3570:
        return say("{minutes} min", minutes=f"{seconds / 60:.{1 if seconds < 570 else 0}f}")
    return say("{hours} h", hours=f"{seconds / 3600:.1f}")


def gigabytes(count: float) -> str:
    """Bytes as people read them: ``0.9 GB``, or ``85 MB`` where they are few."""
    if count < 100e6:
        return say("{count} MB", count=f"{count / 1e6:.0f}")
    return say("{count} GB", count=f"{count / 1e9:.{1 if count < 99.5e9 else 0}f}")


def plain_number(value: float) -> str:
    """Three digits of a number without an exponent: ``0.00001``, not ``1e-05``."""
    return f"{float(f'{value:.3g}'):.12f}".rstrip("0").rstrip(".")
