"""Which loss is taken and why, and losses that do not go with the rest of a plan."""

import pytest

from cnnstudio.project.augmentation import AugmentationPlan
from cnnstudio.project.checks import freezing_problems, problems_of
from cnnstudio.project.losses import Output, loss_problems, mended_loss, resolved_loss
from cnnstudio.project.network import OWN_MODEL, NetworkPlan
from cnnstudio.project.network_facts import LayerFacts, NetworkFacts
from cnnstudio.project.problems import Problem
from cnnstudio.project.project import Project
from cnnstudio.project.training import TrainingPlan

SPARSE = "sparse_categorical_crossentropy"
CATEGORICAL = "categorical_crossentropy"
BINARY = "binary_crossentropy"
SQUARES = "mean_squared_error"


def planned(output: str = "automatic", mixup: float = 0.0, **training: object) -> Project:
    return Project(
        augmentation=AugmentationPlan(mixup=mixup),
        network=NetworkPlan.model_validate({"output": output}),
        training=TrainingPlan.model_validate(training),
    )


def keeping_own_output() -> NetworkPlan:
    return NetworkPlan(base=OWN_MODEL, model_file="model.keras", keep_output=True)


@pytest.mark.parametrize(
    ("project", "classes", "loss", "reason"),
    [
        (planned(), 2, BINARY, "one number between two classes (sigmoid)"),
        (planned(mixup=0.2), 2, BINARY, "one number between two classes (sigmoid)"),
        (planned(), 3, SPARSE, "a number for each class (softmax)"),
        (planned("softmax"), 2, SPARSE, "a number for each class (softmax)"),
        (planned("softmax"), None, SPARSE, "a number for each class (softmax)"),
        (planned(mixup=0.2), 3, CATEGORICAL, "mixed pictures"),
        (planned(label_smoothing=0.1), 3, CATEGORICAL, "label smoothing"),
        (planned(), None, "automatic", "sparse categorical cross-entropy for more"),
        (planned(mixup=0.2), None, "automatic", " categorical cross-entropy for more"),
    ],
)
def test_automatic_says_what_it_takes_and_why(
    project: Project, classes: int | None, loss: str, reason: str
) -> None:
    found = resolved_loss(project, classes)
    assert found.loss == loss
    assert reason in found.why


@pytest.mark.parametrize("loss", [SPARSE, CATEGORICAL, BINARY, SQUARES, "focal"])
def test_a_chosen_loss_stays_and_says_what_it_is(loss: str) -> None:
    found = resolved_loss(planned(loss=loss), 3)
    assert found.loss == loss
    assert ":" in found.why


def test_the_output_of_a_built_network_counts_where_it_is_kept() -> None:
    project = Project(network=keeping_own_output())
    assert resolved_loss(project, 2).loss == "automatic"
    assert resolved_loss(project, 2, "softmax").loss == SPARSE
    assert resolved_loss(planned(), 2, "softmax").loss == BINARY
    assert resolved_loss(planned(), None, "softmax").loss == "automatic"


@pytest.mark.parametrize(
    ("project", "classes", "kind"),
    [
        (planned("softmax", loss=BINARY), None, "loss_needs_sigmoid"),
        (planned(loss=BINARY), 3, "loss_needs_sigmoid"),
        (planned("sigmoid", loss=SPARSE), None, "loss_needs_softmax"),
        (planned(loss=CATEGORICAL), 2, "loss_needs_softmax"),
        (planned(loss=SPARSE, mixup=0.2), 3, "loss_without_shares"),
        (planned(loss=SPARSE, mixup=0.2), None, "loss_without_shares"),
        (planned(loss=SPARSE, label_smoothing=0.1), 3, "smoothing_without_shares"),
        (planned(loss=SQUARES, label_smoothing=0.1), 2, "smoothing_of_squares"),
        (planned(nesterov=True, momentum=0, optimizer="sgd"), 2, "nesterov_without_momentum"),
        (planned(top_k=5), 5, "top_k_of_all"),
        (planned(top_k=2), 2, "top_k_of_all"),
    ],
)
def test_a_wrong_pairing_is_refused_and_its_remedy_mends_it(
    project: Project, classes: int | None, kind: str
) -> None:
    (problem,) = problems_of(project, classes)
    assert problem.kind == kind
    assert problem.where.startswith("training.")
    assert problem.is_known
    remedied = mended_loss(problem, project)
    assert remedied is not None
    assert remedied != project
    assert problems_of(remedied, classes) == []


def test_the_remedy_is_what_the_sentence_says() -> None:
    project = planned("softmax", loss=BINARY)
    (problem,) = loss_problems(project, 2)
    assert problem.message.startswith("Binary cross-entropy does not fit a softmax output")
    assert problem.remedy.startswith("Choose categorical cross-entropy")
    remedied = mended_loss(problem, project)
    assert remedied is not None
    assert remedied.training.loss == CATEGORICAL


@pytest.mark.parametrize(
    ("project", "classes"),
    [
        (planned(loss=BINARY), 2),
        (planned(loss=BINARY, mixup=0.2, label_smoothing=0.1), 2),
        (planned(loss=CATEGORICAL, mixup=0.2, label_smoothing=0.1), 3),
        (planned(loss=SQUARES, mixup=0.2), 3),
        (planned(loss="focal", label_smoothing=0.1), 3),
        (planned(mixup=0.2, label_smoothing=0.1, balance="weights"), 3),
        (planned(nesterov=True, optimizer="sgd"), 2),
        (planned(nesterov=True, momentum=0), 2),
        (planned(top_k=2), 3),
    ],
)
def test_what_fits_is_let_through(project: Project, classes: int) -> None:
    assert loss_problems(project, classes) == []


@pytest.mark.parametrize("loss", [SPARSE, CATEGORICAL, BINARY])
def test_only_what_is_certain_is_judged(loss: str) -> None:
    assert loss_problems(planned(loss=loss, top_k=50), None) == []
    assert loss_problems(planned(loss=loss).replacing(network=keeping_own_output()), 2) == []


@pytest.mark.parametrize(
    ("output", "loss", "kinds"),
    [
        ("softmax", BINARY, ["loss_needs_sigmoid"]),
        ("softmax", SPARSE, []),
        ("sigmoid", SPARSE, ["loss_needs_softmax"]),
        ("sigmoid", BINARY, []),
    ],
)
def test_the_output_of_an_own_model_is_judged_once_it_is_open(
    output: Output, loss: str, kinds: list[str]
) -> None:
    project = planned(loss=loss, top_k=2).replacing(network=keeping_own_output())
    layer = LayerFacts("output", "Dense", (2,), 10, 10, "head")
    facts = NetworkFacts((layer,), 2, output)
    assert [each.kind for each in freezing_problems(project, facts)] == kinds


def test_other_problems_are_not_mended_here() -> None:
    assert mended_loss(Problem("unknown_network", "network.base"), planned()) is None
