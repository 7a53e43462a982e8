"""The names of the commands: light enough to be asked before anything else is imported."""

COMMANDS = (
    "check",
    "split",
    "networks",
    "layers",
    "weights",
    "train",
    "evaluate",
    "predict",
    "export",
    "samples",
    "settings",
)
