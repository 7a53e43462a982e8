"""KERAS: networks, weights, training, answers, export. Runs only in the child; no Qt."""

import os

# A person's own keras.json may name another backend.
os.environ["KERAS_BACKEND"] = "tensorflow"
