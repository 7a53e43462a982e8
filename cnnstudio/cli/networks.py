"""The command that lists the networks: a table for people, all that is known for programs."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from cnnstudio.cli.output import Output, percent, plain_table
from cnnstudio.project.network_costs import network_cost
from cnnstudio.project.network_filters import FILTERS, matches
from cnnstudio.project.network_row import NetworkRow, WeightFiles
from cnnstudio.project.network_table import NETWORKS
from cnnstudio.project.weights_places import weights_here
from cnnstudio.project.words import say, say_count

MOST_WITH_SENTENCES = 12
"""So many networks are described one by one; of more there is the table alone."""

_UNKNOWN = "–"


def tell_networks(search: str, filters: Sequence[str], output: Output) -> None:
    """The networks that ``search`` and all of ``filters`` (keys of ``FILTERS``) find."""
    rows = [
        row
        for row in NETWORKS
        if matches(row, search) and all(FILTERS[each].holds(row) for each in filters)
    ]
    if output.as_json:
        output.result(networks=[_values(row) for row in rows])
        return
    if not rows:
        output.sentence(say("No network is like that. 'cnnstudio networks' lists them all."))
        return
    _tell_table(rows, output)
    output.sentence("")
    if any(row.published is not None for row in rows):
        output.sentence(
            say(
                "Parameters as published, with the output for ImageNet's 1,000 classes; under "
                "ImageNet the share of its pictures that the first guess is right about."
            )
        )
    if len(rows) > MOST_WITH_SENTENCES:
        output.sentence(
            say(
                "More of some of them: --search TEXT, or --filter {names}.",
                names=", ".join(FILTERS),
            )
        )
    for row in rows if len(rows) <= MOST_WITH_SENTENCES else ():
        source = f" ({row.source})" if row.source else ""
        output.sentence(f"{row.title}: {say(row.sentence)}{source}")
        for line in _details(row):
            output.sentence(f"  {line}", "dim")
    output.sentence("\n" + say_count("{count} network.", "{count} networks.", len(rows)))
    output.sentence(say("Choose one with --set network.base=NAME."))


def _tell_table(rows: list[NetworkRow], output: Output) -> None:
    table = plain_table(
        say("Name"),
        say("Family"),
        say("Parameters"),
        say("On disk"),
        say("Depth"),
        say("Pictures"),
        say("ImageNet"),
        say("Year"),
        say("Weights"),
        right=(2, 3, 4, 5, 6, 7),
    )
    table.columns[0].no_wrap = True  # to be copied in one piece
    for row in rows:
        published = row.published
        top_1 = published.top_1 if published is not None else None
        depth = published.depth if published is not None else None
        megabytes = row.weights.megabytes if row.weights is not None else 0
        table.add_row(
            row.key,
            say(row.family),
            _parameters(row),
            f"{megabytes:.0f} MB" if megabytes else _UNKNOWN,
            str(depth) if depth is not None else _UNKNOWN,
            f"{row.usual_size} px",
            percent(top_1) if top_1 is not None else _UNKNOWN,
            str(row.year) if row.year else _UNKNOWN,
            _weights(row),
        )
    output.table(table)


def _parameters(row: NetworkRow) -> str:
    """In millions: as published, with the top for ImageNet, otherwise of the base alone."""
    cost = network_cost(row)
    count = cost.parameters if cost is not None else 0
    if row.published is not None:
        count = row.published.parameters
    if not count:
        return _UNKNOWN
    return f"{count / 1e6:.1f} M" if count >= 100_000 else f"{count / 1e6:.2f} M"


def _weights(row: NetworkRow) -> str:
    if row.weights is None:
        return say("in its file") if row.is_pretrained else say("from scratch")
    is_here = weights_here(row, 1.0, row.usual_size) is not None
    return say("here") if is_here else say("to be fetched")


def _details(row: NetworkRow) -> list[str]:
    """What the table has no column for."""
    found = []
    if row.smallest_size != row.usual_size:
        found.append(say("Pictures of at least {size} px.", size=row.smallest_size))
    if len(row.widths) > 1:
        widths = ", ".join(f"{width:g}" for width in row.widths)
        found.append(say("Widths: {widths}.", widths=widths))
    if len(row.variants) > 1:
        for each in row.variants:
            found.append(f"{each.key}: {say(each.title)}. {say(each.sentence)}")
    if row.published is not None:
        found.append(say("Figures: {source}.", source=row.published.source))
    return found


def _values(row: NetworkRow) -> dict[str, Any]:
    """Everything that is known of the network."""
    cost = network_cost(row)
    here = weights_here(row, 1.0, row.usual_size)
    return {
        "name": row.key,
        "title": row.title,
        "family": say(row.family),
        "sentence": say(row.sentence),
        "source": row.source,
        "year": row.year or None,
        "built_from": row.built_from,
        "builder": row.builder or None,
        "pretrained": row.is_pretrained,
        "size": row.usual_size,
        "smallest_size": row.smallest_size,
        "widths": list(row.widths),
        "colours": row.colours,
        "preprocessing": row.preprocessing,
        "variants": [
            {"name": each.key, "title": say(each.title), "sentence": say(each.sentence)}
            for each in row.variants
        ],
        "blocks": [dataclasses.asdict(rule) for rule in row.blocks],
        "published": dataclasses.asdict(row.published) if row.published is not None else None,
        "base": dataclasses.asdict(cost) if cost is not None else None,
        "megabytes": row.weights.megabytes if row.weights is not None else 0.0,
        "weights": _weights_values(row, row.weights) if row.weights is not None else None,
        "weights_here": str(here) if here is not None else None,
        "filters": [name for name, each in FILTERS.items() if each.holds(row)],
    }


def _weights_values(row: NetworkRow, files: WeightFiles) -> dict[str, Any]:
    names = [name for width in row.widths for name in files.names(width, row.usual_size)]
    return {
        "address": files.folder_address,
        "files": [
            {"name": name, "server_name": files.server_name(name), "checksum": files.md5.get(name)}
            for name in names
        ],
        "sizes": list(files.sizes),
        "megabytes": files.megabytes,
    }
