"""NASNet: a building plan that a computer searched for."""

from cnnstudio.project.network_row import BlockRule, NetworkRow, Published, WeightFiles
from cnnstudio.project.networks.keras_source import KERAS_PAGE, KERAS_STORE
from cnnstudio.project.words import N_

_CELL = N_("Cell {0}")
_STEM_CELL = N_("Stem, cell {0}")
_REDUCTION_CELL = N_("Reduction cell {0}")

# Activations, and what is added and concatenated without a name, are only numbered. A cell also
# takes what the cell before the last one gave: the first layers on that way come before the end of
# the cell between and have nothing to train, so they count where they stand.
_BLOCKS = (
    BlockRule(r"stem_(?:conv|bn)1$", N_("Stem")),
    BlockRule(r"reduction_concat_stem_(\d+)$", _STEM_CELL, closes=True),
    BlockRule(r"reduction_concat_reduce_(\d+)$", _REDUCTION_CELL, closes=True),
    BlockRule(r"normal_concat_(\d+)$", _CELL, closes=True),
    BlockRule(r"(?!adjust_relu).*_stem_(\d+)$", _STEM_CELL),
    BlockRule(r"(?!adjust_relu).*_reduce_(\d+)$", _REDUCTION_CELL),
    BlockRule(r"(?:normal|separable_conv|adjust_(?!relu)).*_(\d+)$", _CELL),
)


def _nasnet(
    size: str,
    pixels: int,
    sentence: str,
    md5: str,
    megabytes: float,
    published: Published,
) -> NetworkRow:
    file = f"nasnet_{size}_no_top.h5"
    return NetworkRow(
        key=f"nasnet_{size}",
        title=f"NASNet{size.title()}",
        sentence=sentence,
        family="NASNet",
        built_from="application",
        builder=f"NASNet{size.title()}",
        preprocessing="minus_one_to_one",
        usual_size=pixels,
        smallest_size=32,
        blocks=_BLOCKS,
        weights=WeightFiles(
            name=file,
            folder_address=KERAS_STORE + "nasnet/",
            md5={file: md5},
            megabytes=megabytes,
            server_names={file: f"NASNet-{size}-no-top.h5"},
        ),
        published=published,
        source="Zoph et al. 2017, arXiv:1707.07012",
        year=2017,
    )


NASNET = (
    _nasnet(
        "mobile",
        224,
        N_("A computer tried thousands of building plans and chose this one; made for telephones."),
        "1ed92395b5b598bdda52abe5c0dbfd63",
        20.0,
        Published(5_326_716, KERAS_PAGE, 23, 389, 0.744, 0.919),
    ),
    _nasnet(
        "large",
        331,
        N_("NASNetMobile's plan at full size: very accurate and very slow."),
        "d81d89dc07e6e56530c4e77faddd61b5",
        343.6,
        Published(88_949_818, KERAS_PAGE, 343, 533, 0.825, 0.960),
    ),
)
