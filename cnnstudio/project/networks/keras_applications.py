"""The networks of ``keras.applications``: pretrained on ImageNet."""

from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.networks.convnext import CONVNEXT
from cnnstudio.project.networks.densenet import DENSENET
from cnnstudio.project.networks.efficientnet import EFFICIENTNET
from cnnstudio.project.networks.inception import INCEPTION
from cnnstudio.project.networks.mobilenet import MOBILENET
from cnnstudio.project.networks.nasnet import NASNET
from cnnstudio.project.networks.resnet import RESNET
from cnnstudio.project.networks.vgg import VGG

KERAS_APPLICATIONS: tuple[NetworkRow, ...] = (
    *MOBILENET,
    *EFFICIENTNET,
    *RESNET,
    *VGG,
    *DENSENET,
    *INCEPTION,
    *NASNET,
    *CONVNEXT,
)
