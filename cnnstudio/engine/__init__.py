"""KERAS: networks, weights, training, answers, export. Runs only in the child; no Qt."""

import os

# A person's own keras.json may name another backend.
os.environ["KERAS_BACKEND"] = "tensorflow"

# Two engines share a graphics card while an export is checked; neither may take all of it.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
