"""Whether ``cnnstudio layers`` counts as Keras itself does.

VGG16 at 224 px with Flatten, a dense layer of 1024 and one sigmoid output: once with a frozen base,
once with all but its last four layers frozen. Keras' own figures are taken from the same network
built by hand.
"""

import json
import subprocess
import sys
from typing import Any

HEAD = ("pictures.size=224", "network.pooling=flatten", "network.dense=1024")
WANTED = {"base": 14_714_688, "total": 40_406_849, "trainable": 25_692_161}


def main() -> None:
    frozen = layers_command(*HEAD)
    print(f"{'':24}{'cnnstudio':>14}{'Keras':>14}{'wanted':>14}")
    own = keras_counts(0)
    for key, wanted in WANTED.items():
        print(f"{key:24}{frozen[key]:14,}{own[key]:14,}{wanted:14,}")
    last_four = layers_command(*HEAD, "network.train_last=4")
    print(
        f"{'trainable, last four':24}{last_four['trainable']:14,}{keras_counts(4)['trainable']:14,}"
    )
    trained = [
        layer["name"]
        for layer in last_four["layers"]
        if layer["trained"] and layer["name"].startswith("block")
    ]
    print(f"trained layers of the base: {', '.join(trained)}")


def layers_command(*settings: str) -> dict[str, Any]:
    """The last line of ``cnnstudio layers VGG16 --json``."""
    command = [sys.executable, "-m", "cnnstudio", "layers", "VGG16", "--json"]
    command += [word for each in settings for word in ("--set", each)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def keras_counts(trained_last: int) -> dict[str, int]:
    """The same network by Keras' own hand, the base frozen but for its last layers."""
    import keras

    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(224, 224, 3))
    for layer in base.layers[: len(base.layers) - trained_last]:
        layer.trainable = False
    numbers = keras.layers.Flatten()(base.output)
    numbers = keras.layers.Dense(1024, activation="relu")(numbers)
    numbers = keras.layers.Dense(1, activation="sigmoid")(numbers)
    model = keras.Model(base.input, numbers)
    trainable = sum(keras.ops.size(each).numpy() for each in model.trainable_weights)
    return {
        "base": base.count_params(),
        "total": model.count_params(),
        "trainable": int(trainable),
    }


if __name__ == "__main__":
    main()
