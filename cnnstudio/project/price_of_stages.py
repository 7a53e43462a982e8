"""What a whole run costs: the sum over its stages, each with its own frozen part."""

from dataclasses import dataclass, replace

from cnnstudio.project.machine import MachineSpeed
from cnnstudio.project.network_facts import NetworkFacts, trained_layers
from cnnstudio.project.price import Corrections, Price, Work, price_of
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage, network_in, stages_of


@dataclass(frozen=True)
class RunPrice:
    """The price of each stage, in order; there is at least one."""

    stages: tuple[Stage, ...]
    prices: tuple[Price, ...]

    @property
    def seconds(self) -> tuple[float, ...]:
        """Of each stage with all its epochs. What its frozen layers give is kept: a later stage
        with the same ones begins at once."""
        found = []
        kept: set[tuple[str, ...]] = set()
        for stage, price in zip(self.stages, self.prices, strict=True):
            once = 0.0 if price.frontier in kept else price.seconds_once
            if price.computed_once:
                kept.add(price.frontier)
            found.append(once + (stage.epochs + stage.added) * price.seconds_per_epoch)
        return tuple(found)

    @property
    def seconds_in_all(self) -> float:
        """Of the whole run."""
        return sum(self.seconds)

    @property
    def epochs(self) -> int:
        """Of all stages together."""
        return sum(stage.epochs + stage.added for stage in self.stages)

    @property
    def heaviest(self) -> Price:
        """The stage that needs most memory: where it fits, all do."""
        return max(self.prices, key=lambda price: price.memory_bytes)


def price_of_stages(
    project: Project,
    facts: NetworkFacts,
    work: Work,
    speed: MachineSpeed,
    corrections: Corrections | None = None,
) -> RunPrice:
    """What a run of ``project`` costs; ``work`` is that of the project (see :func:`work_of`)."""
    stages = stages_of(project)
    prices = []
    for stage in stages:
        trained = trained_layers(network_in(stage, project.network, facts), facts)
        of_stage = replace(work, epochs=stage.epochs + stage.added)
        prices.append(price_of(facts, trained, of_stage, speed, corrections))
    return RunPrice(stages, tuple(prices))
