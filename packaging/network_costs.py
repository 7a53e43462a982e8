"""Count what each network of the table costs: ``python packaging/network_costs.py``.

Builds each one without weights, at its usual size, and writes ``resources/networks/costs.json``,
from which the gallery of networks takes its figures. To be run again when the table changes.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def main() -> int:
    from cnnstudio.engine.facts import describe
    from cnnstudio.engine.networks.build import build, without_weights
    from cnnstudio.project.network import NetworkPlan
    from cnnstudio.project.network_costs import cost_of
    from cnnstudio.project.network_table import NETWORKS

    costs = {}
    for row in NETWORKS:
        if row.built_from in ("own_layers", "own_model"):
            continue
        plan = NetworkPlan(base=row.key)
        with without_weights():
            facts = describe(build(plan, row.usual_size, 2, None), plan, 2)
        costs[row.key] = asdict(cost_of(facts))
        print(row.key, costs[row.key], flush=True)
    file = CHECKOUT / "resources" / "networks" / "costs.json"
    file.parent.mkdir(exist_ok=True)
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(cost)}" for key, cost in costs.items())
    file.write_text("{\n" + lines + "\n}\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
