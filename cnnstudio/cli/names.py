"""The names of the commands: light enough to be asked before anything else is imported."""

COMMANDS = (
    "check",
    "split",
    "networks",
    "layers",
    "draw",
    "weights",
    "train",
    "continue",
    "runs",
    "find-rate",
    "evaluate",
    "predict",
    "export",
    "samples",
    "settings",
)
