"""The networks that learn from nothing but the pictures at hand, each as its paper has it.

What is done differently today is a variant of its own.
"""

from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.networks.alexnet import ALEXNET
from cnnstudio.project.networks.course_networks import (
    FASHION_CNN,
    LSTM_ROW_READER,
    MNIST_CNN,
    MULTILAYER_PERCEPTRON,
)
from cnnstudio.project.networks.googlenet import GOOGLENET
from cnnstudio.project.networks.lenet import LENET_5
from cnnstudio.project.networks.resnet_from_scratch import RESNETS
from cnnstudio.project.networks.small_cnn import SMALL_CNN
from cnnstudio.project.networks.vgg_from_scratch import VGG16_FROM_SCRATCH

CLASSICS: tuple[NetworkRow, ...] = (
    SMALL_CNN,
    MNIST_CNN,
    FASHION_CNN,
    MULTILAYER_PERCEPTRON,
    LSTM_ROW_READER,
    LENET_5,
    ALEXNET,
    VGG16_FROM_SCRATCH,
    GOOGLENET,
    *RESNETS,
)
