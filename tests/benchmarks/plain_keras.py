"""What a reader of Keras' guide to transfer learning writes: the script to be compared with.

Pictures by ``image_dataset_from_directory``, prefetched; augmentation as the first layers of the
model; the base called with ``training=False``; pooling, dropout, one dense layer; ``fit`` with
validation pictures; ``model.save``. With ``--judge`` it asks a saved model of anybody's what is in
the pictures of a folder and prints how often it is right.
"""

import argparse
from typing import Any

import keras
from keras import layers

BATCH_SIZE = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", default="mobilenet_v2")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--augment", action="store_true")
    parser.add_argument("--units", type=int, default=0)
    parser.add_argument("--weights", default=None)
    parser.add_argument("--train")
    parser.add_argument("--watch")
    parser.add_argument("--to")
    parser.add_argument("--judge", default=None)
    chosen = parser.parse_args()
    if chosen.judge:
        judge(chosen.judge, chosen.watch)
        return
    keras.utils.set_random_seed(1)
    train = pictures(chosen.train, chosen.size)
    watch = pictures(chosen.watch, chosen.size)
    model = NETWORKS[chosen.network](chosen)
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy")],
    )
    model.fit(train, epochs=chosen.epochs, validation_data=watch, verbose=2)
    model.save(chosen.to)


def pictures(folder: str, size: int, shuffle: bool = True) -> Any:
    import tensorflow as tf

    found = keras.utils.image_dataset_from_directory(
        folder, image_size=(size, size), batch_size=BATCH_SIZE, shuffle=shuffle, seed=1
    )
    return found.prefetch(tf.data.AUTOTUNE)


def mobilenet_v2(chosen: argparse.Namespace) -> keras.Model:
    """The guide's model: everything of the base frozen, a new head on it."""
    shape = (chosen.size, chosen.size, 3)
    base = keras.applications.MobileNetV2(
        weights=chosen.weights, include_top=False, input_shape=shape
    )
    base.trainable = False
    inputs = keras.Input(shape)
    x = augmented(inputs) if chosen.augment else inputs
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x, training=False)
    return with_head(inputs, x, chosen.units)


def vgg16(chosen: argparse.Namespace) -> keras.Model:
    """Random weights, the last four layers trained."""
    shape = (chosen.size, chosen.size, 3)
    base = keras.applications.VGG16(weights=chosen.weights, include_top=False, input_shape=shape)
    for layer in base.layers[:-4]:
        layer.trainable = False
    inputs = keras.Input(shape)
    x = augmented(inputs) if chosen.augment else inputs
    x = keras.applications.vgg16.preprocess_input(x)
    x = base(x, training=False)
    return with_head(inputs, x, chosen.units)


def small_cnn(chosen: argparse.Namespace) -> keras.Model:
    """The small network from scratch."""
    inputs = keras.Input((chosen.size, chosen.size, 3))
    x = augmented(inputs) if chosen.augment else inputs
    x = layers.Rescaling(1 / 255)(x)
    for number, filters in enumerate((16, 32, 64, 96, 128), start=1):
        x = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D(padding="same")(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        if number >= 3:
            x = layers.SpatialDropout2D(0.1)(x)
    return with_head(inputs, x, chosen.units)


NETWORKS = {"mobilenet_v2": mobilenet_v2, "vgg16": vgg16, "small_cnn": small_cnn}


def augmented(x: Any) -> Any:
    x = layers.RandomFlip("horizontal")(x)
    return layers.RandomRotation(0.1)(x)


def with_head(inputs: Any, x: Any, units: int) -> keras.Model:
    x = layers.GlobalAveragePooling2D()(x)
    if units:
        x = layers.Dense(units, activation="relu")(x)
    x = layers.Dropout(0.2)(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


def judge(path: str, folder: str) -> None:
    """The share of the pictures in ``folder`` about which the model is right, as the last line."""
    model = keras.saving.load_model(path)
    size = model.input_shape[1]
    right = total = 0
    for batch, labels in pictures(folder, size, shuffle=False):
        right += int(((model(batch, training=False).numpy()[:, 0] > 0.5) == labels.numpy()).sum())
        total += len(labels)
    print(right / total)


if __name__ == "__main__":
    main()
