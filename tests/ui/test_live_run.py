"""What is on the curves while a run grows: points by batch, borders of stages."""

import pytest

from cnnstudio.project.epochs import EpochFacts
from cnnstudio.project.project import Project
from cnnstudio.project.stages import Stage
from cnnstudio.project.training import TrainingPlan
from cnnstudio.protocol import BatchEnded
from cnnstudio.ui.live_run import LiveRun


def test_a_point_is_the_mean_of_the_batches_since_the_one_before() -> None:
    live = LiveRun(batches=10)
    live.add_batch(BatchEnded(30, 1, 0.4, 1.0, 9.0))
    live.add_batch(BatchEnded(30, 4, 0.7, 0.7, 9.0))
    live.add_batch(BatchEnded(31, 2, 0.2, 0.9, 9.0))
    assert list(live.batch_points) == [
        (29.1, 0.4, 1.0),
        (29.4, pytest.approx(0.8), pytest.approx(0.6)),
        (30.2, 0.2, 0.9),
    ]


def test_a_border_stands_only_where_the_stage_changes() -> None:
    stages = (Stage(trains="head", epochs=2), Stage(trains="all", epochs=3))
    live = LiveRun.of_plan(None, Project(training=TrainingPlan(stages=stages)))
    assert live.borders == [(0, "the head")]
    for epoch, stage in enumerate((1, 1, 2), 1):
        live.add_border(epoch - 1, stage)
        live.history.append(EpochFacts(epoch, 0.5, 0.5, 0.5, 0.5, 1.0, stage=stage))
    assert live.borders == [(0, "the head"), (2, "everything")]
    live.add_border(3, 2)  # It goes on within the second stage.
    assert live.borders == [(0, "the head"), (2, "everything")]
