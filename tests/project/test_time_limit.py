"""'15 minutes' and '11:40' become a moment; anything else is told with an example."""

from datetime import datetime

import pytest

from cnnstudio.project.checks import problems_of
from cnnstudio.project.project import Project
from cnnstudio.project.time_limit import deadline_of, deadline_sentence

TEN_PAST_NINE = datetime(2026, 5, 4, 9, 10, 30).timestamp()


def moment(*parts: int) -> float:
    return datetime(*parts).timestamp()  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["15", "15 min", " 15 minutes ", "15min", "15분", "15 MIN."])
def test_a_number_is_minutes(text: str) -> None:
    assert deadline_of(text, TEN_PAST_NINE) == TEN_PAST_NINE + 900


@pytest.mark.parametrize("text", ["0.5", "0,5 min"])
def test_minutes_may_be_broken(text: str) -> None:
    assert deadline_of(text, TEN_PAST_NINE) == TEN_PAST_NINE + 30


def test_a_time_of_day_is_the_next_one() -> None:
    assert deadline_of("11:40", TEN_PAST_NINE) == moment(2026, 5, 4, 11, 40)
    assert deadline_of("9:10", TEN_PAST_NINE) == moment(2026, 5, 5, 9, 10)
    assert deadline_of("00:00", TEN_PAST_NINE) == moment(2026, 5, 5)
    at_the_year_s_end = moment(2026, 12, 31, 23, 59)
    assert deadline_of("0:05", at_the_year_s_end) == moment(2027, 1, 1, 0, 5)


def test_nothing_is_no_limit() -> None:
    assert deadline_of("", TEN_PAST_NINE) is None
    assert deadline_of("  ", TEN_PAST_NINE) is None


NONSENSE = ("soon", "0", "-5", "24:00", "11:60", "11:4", "1:30 h", "15 h", "nan", "1e9", "99999999")


@pytest.mark.parametrize("text", NONSENSE)
def test_anything_else_is_told_with_an_example_before_anything_runs(text: str) -> None:
    with pytest.raises(ValueError):
        deadline_of(text, TEN_PAST_NINE)
    project = Project()
    plan = project.training.model_copy(update={"time_limit": text})
    (problem,) = problems_of(project.replacing(training=plan))
    assert problem.where == "training.time_limit"
    assert text in problem.message
    assert "11:40" in problem.remedy


@pytest.mark.parametrize("text", ["", "15", "11:40"])
def test_what_is_understood_is_no_problem(text: str) -> None:
    project = Project()
    plan = project.training.model_copy(update={"time_limit": text})
    assert problems_of(project.replacing(training=plan)) == []


def test_the_sentence_names_the_time_and_the_day_where_it_is_another() -> None:
    assert deadline_sentence(moment(2026, 5, 4, 11, 40), TEN_PAST_NINE) == "Done by 11:40."
    later = moment(2026, 5, 5, 7, 0)
    assert deadline_sentence(later, TEN_PAST_NINE) == "Done by 07:00 on 2026-05-05."
    assert deadline_sentence(moment(2026, 5, 4, 11, 40, 1), TEN_PAST_NINE) == "Done by 11:41."
