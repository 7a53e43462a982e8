"""Bases of the person's own: a list of layers, or a model file."""

from cnnstudio.project.network import OWN_LAYERS, OWN_MODEL
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.words import N_

OWN = (
    NetworkRow(
        key=OWN_LAYERS,
        title="Own layers",
        family=N_("Own"),
        sentence=N_("Your own list of layers, built from nothing or from a classic."),
        built_from="own_layers",
        usual_size=96,
        smallest_size=8,
    ),
    NetworkRow(
        key=OWN_MODEL,
        title="Own model",
        family=N_("Own"),
        sentence=N_("A model file of yours, such as one from Teachable Machine, as the beginning."),
        built_from="own_model",
        preprocessing="none",
        usual_size=224,
        smallest_size=8,
    ),
)
