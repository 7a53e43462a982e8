"""Every setting: what is told of it, and how '--set' reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.fields import FieldFacts, all_fields, apply_settings, field_facts
from cnnstudio.project.problems import Problem, ProblemError
from cnnstudio.project.project import CHAPTERS, Project

PROMISED = (
    "pictures.size",
    "network.base",
    "network.width",
    "network.pooling",
    "network.dropout",
    "network.train_last",
    "network.weights",
    "augmentation.rotation",
    "augmentation.width_shift",
    "augmentation.height_shift",
    "augmentation.shear",
    "augmentation.zoom",
    "augmentation.horizontal_flip",
    "augmentation.vertical_flip",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.seed",
)

NUMBERS = [each for each in all_fields() if each.type in ("whole", "number")]


def value_of(project: Project, path: str) -> object:
    chapter, name = path.split(".")
    return getattr(project.chapter(chapter), name)


def answer_to(assignment: str) -> Project | Problem:
    try:
        return apply_settings(Project(), [assignment])
    except ProblemError as error:
        return error.problem


def problem_of(*assignments: str) -> Problem:
    with pytest.raises(ProblemError) as caught:
        apply_settings(Project(), list(assignments))
    return caught.value.problem


def by_path(facts: FieldFacts) -> str:
    return facts.path


@pytest.mark.parametrize("path", PROMISED)
def test_names_that_scripts_rely_on_are_there(path: str) -> None:
    assert field_facts(path).path == path


def test_every_field_of_every_chapter_is_listed() -> None:
    declared = {
        f"{chapter}.{name}"
        for chapter in CHAPTERS
        for name in type(Project().chapter(chapter)).model_fields
    }
    assert {each.path for each in all_fields()} == declared


@pytest.mark.parametrize("facts", all_fields(), ids=by_path)
def test_every_field_has_title_and_help(facts: FieldFacts) -> None:
    assert facts.title != facts.name
    assert facts.help.endswith(".")
    assert value_of(Project(), facts.path) == facts.default


@pytest.mark.parametrize("facts", NUMBERS, ids=by_path)
def test_every_number_has_both_limits_and_keeps_them(facts: FieldFacts) -> None:
    assert facts.low is not None
    assert facts.high is not None
    assert facts.allows(float(facts.default))
    for limit in (facts.high, facts.low + 1e-6 if facts.low_open else facts.low):
        text = f"{limit:.0f}" if facts.type == "whole" else repr(limit)
        project = apply_settings(Project(), [f"{facts.path}={text}"])
        assert value_of(project, facts.path) == limit


@pytest.mark.parametrize("facts", NUMBERS, ids=by_path)
def test_a_number_beyond_its_limits_names_field_and_limits(facts: FieldFacts) -> None:
    assert facts.high is not None
    assert facts.low is not None
    for beyond in (facts.high + 1, facts.low - 1):
        problem = problem_of(f"{facts.path}={beyond:.0f}")
        assert problem.where == facts.path
        assert facts.path in problem.message
        assert f"{beyond:.0f}" in problem.message
        assert f"{facts.low:g}" in problem.remedy
        assert str(int(facts.high) if facts.high % 1 == 0 else facts.high) in problem.remedy


def test_a_limit_that_is_itself_too_low_is_told_as_such() -> None:
    problem = problem_of("training.learning_rate=0")
    assert problem.remedy == "Choose a value above 0, up to 1."


@pytest.mark.parametrize("facts", NUMBERS, ids=by_path)
@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999"])
def test_what_is_no_finite_number_is_refused(facts: FieldFacts, text: str) -> None:
    assert facts.path in problem_of(f"{facts.path}={text}").message


@pytest.mark.parametrize("text", ["1e2", "2.5", "many", "", "0x10", "１２ ３"])
def test_a_whole_number_that_is_none_is_not_called_out_of_limits(text: str) -> None:
    problem = problem_of(f"training.epochs={text}")
    assert problem.kind == "not_a_value"
    assert problem.message == f"training.epochs cannot be '{text}'."
    assert problem.remedy == "Give a whole number, for example training.epochs=10."


@given(number=st.integers())
def test_any_whole_number_is_taken_or_refused_with_its_limits(number: int) -> None:
    assignment = f"pictures.size={number}"
    if 16 <= number <= 1024:
        assert apply_settings(Project(), [assignment]).pictures.size == number
    else:
        assert problem_of(assignment).remedy == "Choose a value from 16 to 1024."


@given(path=st.sampled_from([each.path for each in all_fields()]), text=st.text())
def test_any_text_gives_a_plan_or_a_sentence(path: str, text: str) -> None:
    answer = answer_to(f"{path}={text}")
    if isinstance(answer, Problem):
        assert answer.is_known
    else:
        assert Project.model_validate(answer.model_dump()) == answer


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("False", False), ("yes", True), ("0", False), ("ON", True)]
)
def test_a_switch_is_read_in_many_spellings(text: str, value: bool) -> None:
    project = apply_settings(Project(), [f"augmentation.horizontal_flip={text}"])
    assert project.augmentation.horizontal_flip is value


def test_a_switch_that_is_none_names_the_field() -> None:
    problem = problem_of("augmentation.horizontal_flip=perhaps")
    assert problem.message == "augmentation.horizontal_flip cannot be 'perhaps'."
    assert "true or false" in problem.remedy


@pytest.mark.parametrize("text", ["flaten", "FLATTEN"])
def test_a_wrong_choice_names_the_choices_and_the_nearest(text: str) -> None:
    problem = problem_of(f"network.pooling={text}")
    assert problem.remedy == "Choose one of: average, max, flatten. The nearest is 'flatten'."


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("training.epoch", "training.epochs"),
        ("epochs", "training.epochs"),
        ("Training.Epochs", "training.epochs"),
        ("model.dropout", "network.dropout"),
        ("trainig.batchsize", "training.batch_size"),
        ("", None),
    ],
)
def test_an_unknown_setting_names_the_nearest(path: str, nearest: str | None) -> None:
    problem = problem_of(f"{path}=1")
    assert problem.message == f"There is no setting '{path}'."
    assert nearest is None or f"'{nearest}'" in problem.remedy


@pytest.mark.parametrize("text", ["training.epochs", "", "10"])
def test_an_assignment_without_a_value_is_explained(text: str) -> None:
    problem = problem_of(text)
    assert problem.message == f"'{text}' is not a setting with a value."


def test_spaces_around_the_equals_sign_do_not_matter() -> None:
    assert apply_settings(Project(), [" training.epochs = 7 "]).training.epochs == 7


def test_a_value_may_hold_an_equals_sign() -> None:
    project = apply_settings(Project(), ["network.weights=/w/a=b.h5"])
    assert project.network.weights == "/w/a=b.h5"


def test_names_are_separated_by_commas_and_may_stand_in_quotes() -> None:
    project = apply_settings(Project(), ['pictures.folders="/data/a, b", /data/한글 🐶'])
    assert project.pictures.folders == ("/data/a, b", "/data/한글 🐶")


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "x" * 200_000], ids=["line", "return", "long"])
def test_names_that_make_no_list_are_explained(text: str) -> None:
    problem = problem_of(f"pictures.folders={text}")
    assert problem.kind == "not_a_value"
    assert "names separated by commas" in problem.remedy


def test_the_base_is_chosen_before_everything_else() -> None:
    project = apply_settings(
        Project(), ["pictures.size=160", "network.width=0.35", "network.base=MobileNetV2"]
    )
    assert (project.network.base, project.network.width) == ("mobilenet_v2", 0.35)
    assert project.pictures.size == 160


def test_choosing_a_base_takes_its_usual_size() -> None:
    assert apply_settings(Project(), ["network.base=vgg16"]).pictures.size == 224


def test_an_unknown_base_names_the_nearest() -> None:
    problem = problem_of("network.base=mobilnet_v2")
    assert problem.message == "There is no network called 'mobilnet_v2'."
    assert "'mobilenet_v2'" in problem.remedy


def test_the_first_wrong_one_is_told_and_the_plan_is_untouched() -> None:
    project = Project()
    with pytest.raises(ProblemError) as caught:
        apply_settings(project, ["training.epochs=5", "training.seed=-1", "nonsense=1"])
    assert caught.value.problem.where == "training.seed"
    assert project == Project()
