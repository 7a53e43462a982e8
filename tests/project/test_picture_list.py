"""Which picture is in which part, kept as rows; and what a model gave for them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.project.listing import ListedPicture, PictureList
from cnnstudio.project.results import EvaluatedPicture, Evaluation

AWKWARD = (
    "/data/a b/고양이 🐱.jpg",
    '/data/"quoted", and comma.jpg',
    "/data/line\nbreak.jpg",
    "/data/carriage\rreturn.jpg",
    "/data/both\r\n.jpg",
    "C:\\사진\\개.jpg",
    " leading and trailing ",
    os.fsdecode(b"/data/caf\xe9.jpg"),
)

names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
parts = st.sampled_from(["training", "validation", "test"])


def listed(*paths: str) -> PictureList:
    return PictureList(("cat",), tuple(ListedPicture(each, "cat", "training") for each in paths))


@pytest.mark.parametrize("path", AWKWARD)
def test_an_awkward_name_comes_back(tmp_path: Path, path: str) -> None:
    pictures = listed(path, "/data/next.jpg")
    pictures.save(tmp_path / "pictures.csv")
    assert PictureList.load(tmp_path / "pictures.csv", ("cat",)) == pictures


@given(rows=st.lists(st.builds(ListedPicture, names, names, parts)))
def test_any_list_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[ListedPicture]
) -> None:
    file = tmp_path_factory.mktemp("list") / "pictures.csv"
    pictures = PictureList(tuple(sorted({row.label for row in rows})), tuple(rows))
    pictures.save(file)
    assert PictureList.load(file, pictures.classes) == pictures


@pytest.mark.parametrize(
    "content",
    [
        "a,b,c\n1,2,3\n",
        "path,label\n/a.jpg,cat\n",
        "path,label,part\n/a.jpg,cat,learning\n",
        "path,label,part\n/a.jpg,cat\n",
        "path,label,part\n/a.jpg,horse,test\n",
        "path,label,part\n" + "x" * 200_000 + ",cat,test\n",
    ],
    ids=["columns", "no part", "part", "short", "class", "too long"],
)
def test_something_else_is_a_value_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "pictures.csv").write_text(content)
    with pytest.raises(ValueError):
        PictureList.load(tmp_path / "pictures.csv", ("cat",))


def test_parts_and_classes_are_counted() -> None:
    pictures = PictureList(
        ("cat", "dog"),
        (
            ListedPicture("a", "dog", "training"),
            ListedPicture("b", "cat", "training"),
            ListedPicture("c", "dog", "validation"),
        ),
    )
    assert [each.path for each in pictures.of_part("training")] == ["a", "b"]
    assert pictures.counts() == {
        "training": {"dog": 1, "cat": 1},
        "validation": {"dog": 1},
        "test": {},
    }
    assert pictures.label_indices() == [1, 0, 1]


def answered(label: str, predicted: str, sure: float) -> EvaluatedPicture:
    return EvaluatedPicture(
        file=f"{label}.jpg", label=label, predicted=predicted, probabilities=(sure, 1 - sure)
    )


def test_accuracy_is_the_share_of_right_answers() -> None:
    evaluation = Evaluation(
        classes=("cat", "dog"),
        part="test",
        confusion=((1, 0), (2, 1)),
        pictures=(
            answered("cat", "cat", 0.9),
            answered("dog", "cat", 0.6),
            answered("dog", "cat", 0.8),
            answered("dog", "dog", 0.1),
        ),
    )
    assert evaluation.count == 4
    assert evaluation.accuracy == 0.5
    assert evaluation.class_accuracy(0) == 1.0
    assert evaluation.class_accuracy(1) == pytest.approx(1 / 3)
    assert [each.probabilities[0] for each in evaluation.wrong()] == [0.8, 0.6]


def test_without_pictures_the_accuracy_is_nought() -> None:
    empty = Evaluation(classes=("cat",), part="test", confusion=((0,),), pictures=())
    assert (empty.accuracy, empty.class_accuracy(0), empty.wrong()) == (0.0, 0.0, [])
