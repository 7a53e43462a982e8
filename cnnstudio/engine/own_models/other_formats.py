"""What a file is that is no model of Keras, told by its content."""

from collections.abc import Sequence
from pathlib import Path

from cnnstudio.project.problems import Problem

_PICKLE_PROTOCOLS = range(2, 6)
_MOST_NAMES = 3


def problem_of_zip(path: Path, names: Sequence[str]) -> Problem:
    """What an archive with members of these ``names`` is."""
    file = str(path)
    ends = [name.rpartition("/")[2].lower() for name in names]
    models = [n for n, end in zip(names, ends, strict=True) if end.endswith((".keras", ".h5"))]
    whole = [name for name in models if not name.endswith(".weights.h5")]
    if "saved_model.pb" in ends:
        return Problem("model_is_saved_model", file=file)
    if whole:
        return Problem("model_in_archive", file=file, values={"name": whole[0]})
    if "data.pkl" in ends or "constants.pkl" in ends:
        return Problem("model_from_pytorch", file=file)
    if "model.json" in ends and any(end.endswith(".bin") for end in ends):
        return Problem("model_from_tensorflow_js", file=file)
    if any(end.endswith(".tflite") for end in ends):
        return Problem("model_from_tflite", file=file)
    if any(end.endswith(".npy") for end in ends):
        return Problem("model_only_weights", file=file)
    return Problem("model_damaged", file=file)


def problem_of_bytes(path: Path, head: bytes) -> Problem:
    """What a file that is neither zip nor HDF5 is, by its first few hundred bytes."""
    file = str(path)
    if head[4:8] == b"TFL3":
        return Problem("model_from_tflite", file=file)
    if path.suffix.lower() == ".pb" or b"saved_model_schema_version" in head:
        return Problem("model_is_saved_model", file=file)
    if _is_onnx(head):
        return Problem("model_from_onnx", file=file)
    if head[:1] == b"\x80" and len(head) > 1 and head[1] in _PICKLE_PROTOCOLS:
        # PyTorch before 1.6 began every file with this number, pickled.
        if b"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19" in head[:32] or b"torch" in head:
            return Problem("model_from_pytorch", file=file)
        return Problem("model_is_pickle", file=file)
    if head.lstrip()[:1] == b"{" and b'"modelTopology"' in head:
        return Problem("model_from_tensorflow_js", file=file)
    return Problem("model_damaged", file=file)


def _is_onnx(head: bytes) -> bool:
    """A protocol buffer that begins with ``ir_version``, then the producer's name (ModelProto)."""
    if len(head) < 4 or head[0] != 0x08 or not 1 <= head[1] <= 32:
        return False
    length = head[3]
    producer = head[4 : 4 + length]
    return head[2] in (0x12, 0x3A, 0x42) and (head[2] != 0x12 or producer.isascii())
