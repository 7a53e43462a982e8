"""What the rows of ``keras.applications`` have in common: where they and their figures are from."""

KERAS_STORE = "https://storage.googleapis.com/tensorflow/keras-applications/"

KERAS_PAGE = "keras.io/api/applications"
"""The page that publishes parameters, megabytes, depth and accuracy of its networks."""
