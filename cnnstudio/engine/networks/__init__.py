"""From a plan to a Keras model: one flat network of preprocessing, base and head."""
