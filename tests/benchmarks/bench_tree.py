"""How soon a network's layers are known and shown, and how soon a tick of the largest answers.

``python -m tests.benchmarks.bench_tree``: for each network the time from DescribeNetwork to
NetworkDescribed in a warm engine, which has not seen the network before; the time until the tree
is painted for the first time, closed and with every row open; and, with every row open, the time
of a tick of one layer and of a whole stage, from the model's ``setData`` through a session that
keeps the plan to the end of the painting.
"""

import argparse
import gc
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

TICK_MS = 50.0
DESCRIBED_SECONDS = 1.5
LARGEST = ("nasnet_large", "efficientnet_v2_l")
TICKS = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=[*LARGEST, "efficientnet_b7", "resnet50"])
    networks = parser.parse_args().networks
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "CACHE", "PROJECTS"):
            os.environ[f"CNNSTUDIO_{name}"] = f"{folder}/{name.lower()}"
        if not os.environ.get("DISPLAY"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        measure(networks, Path(folder))


def measure(networks: list[str], folder: Path) -> None:
    """Ask one engine for all networks, then show each."""
    from cnnstudio.project.network import NetworkPlan
    from cnnstudio.project.network_table import find_network
    from cnnstudio.protocol import DescribeNetwork, NetworkDescribed
    from cnnstudio.worker.engine_process import EngineProcess

    engine = EngineProcess()
    engine.start()
    while not engine.is_ready:
        time.sleep(0.05)
    print(f"from DescribeNetwork to NetworkDescribed, warm engine; limit {DESCRIBED_SECONDS} s")
    described = {}
    try:
        # The first network of all also loads what Keras loads late.
        for key in ("small_cnn", *networks):
            row = find_network(key)
            assert row is not None, key
            plan = NetworkPlan(base=row.key)
            began = time.perf_counter()
            answer = engine.run(DescribeNetwork(plan, row.usual_size, 2))
            seconds = time.perf_counter() - began
            assert isinstance(answer, NetworkDescribed), answer
            described[row.title] = (plan, answer.facts)
            print(f"  {row.title:20}{len(answer.facts.layers):6} layers{seconds:8.2f} s")
    finally:
        engine.kill()
    measure_trees(described, folder)


def measure_trees(described: dict[Any, Any], folder: Path) -> None:
    """Show every network and tick it; prints milliseconds."""
    from PySide6.QtWidgets import QApplication

    from cnnstudio.ui.theme import Theme

    app = QApplication([])
    app.setStyle("Fusion")
    theme = Theme("light")
    theme.apply()
    print(f"the tree, in ms; limit of a tick {TICK_MS:.0f} ms (middle / slowest of {TICKS})")
    titles = ("closed", "all open", "one layer", "a stage", "undone")
    print(f"  {'':20}" + "".join(f"{each:>15}" for each in titles))
    for number, (title, (plan, facts)) in enumerate(described.items()):
        figures = measure_tree(theme, plan, facts, folder / str(number))
        print(f"  {title:20}" + "".join(f"{figure:>15}" for figure in figures))


def measure_tree(theme: Any, plan: Any, facts: Any, folder: Path) -> list[str]:
    """Closed, all open, a tick of a layer, of a stage, and both undone."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtWidgets import QApplication

    from cnnstudio.project.project import Project
    from cnnstudio.project.project_folder import ProjectFolder
    from cnnstudio.ui.session import ProjectSession
    from cnnstudio.ui.widgets.layers_view import LayersView

    class Paintings(QObject):
        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += event.type() == QEvent.Type.Paint
            return False

    session = ProjectSession(ProjectFolder.create(folder, Project(name="Bench", network=plan)))
    view = LayersView(theme)
    view.resize(760, 640)

    def refresh() -> None:
        view.show_network(facts, session.project.network, ("cat", "dog"), True)

    view.plan_changed.connect(lambda changed: session.change_chapter("network", changed))
    session.project_changed.connect(lambda *_: refresh())

    paintings = Paintings()
    view.tree.viewport().installEventFilter(paintings)

    def painted(act: Any) -> float:
        gc.collect()
        before, began = paintings.count, time.perf_counter()
        act()
        while paintings.count == before:
            QApplication.processEvents()
        return 1000 * (time.perf_counter() - began)

    def first_shown() -> None:
        refresh()
        view.setVisible(True)

    closed = painted(first_shown)
    opened = painted(view.tree.expandAll)
    layers = view.tree.layers
    last = [each.name for each in facts.base_layers if each.type.endswith("Conv2D")][-1]
    leaf = layers.layer_index(last)
    view.show_layer(last)
    stage = leaf
    while stage.parent().isValid():
        stage = stage.parent()
    check = Qt.ItemDataRole.CheckStateRole

    def toggle(index: Any) -> float:
        is_on = layers.data(index, check) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
        before = session.project
        took = painted(lambda: layers.setData(index, wanted, check))
        assert session.project != before
        return took

    one = [toggle(leaf) for _ in range(TICKS)]
    many = [toggle(stage) for _ in range(TICKS)]
    undone = [painted(session.undo) for _ in range(TICKS)]
    view.setVisible(False)
    session.close()
    return [
        f"{closed:.0f}",
        f"{opened:.0f}",
        *(middle_and_most(each) for each in (one, many, undone)),
    ]


def middle_and_most(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} / {max(times):.1f}"


if __name__ == "__main__":
    main()
