"""Changes to pictures and classes are values: each gives another one, and nothing is lost."""

from cnnstudio.project.picture_edits import REMOVED, PictureEdits

LABELS = ("cat", "dog", "kitten")
NONE = PictureEdits()


def test_a_picture_is_in_the_class_its_folder_says() -> None:
    assert NONE.class_for("/p/cat/1.jpg", "cat") == "cat"


def test_a_renamed_class_takes_its_pictures_with_it() -> None:
    edits = NONE.moving(["/p/dog/1.jpg"], "cat").renaming_class("cat", "Katze", LABELS)
    assert edits.class_for("/p/cat/1.jpg", "cat") == "Katze"
    assert edits.class_for("/p/dog/1.jpg", "dog") == "Katze"
    assert edits.class_for("/p/dog/2.jpg", "dog") == "dog"


def test_a_class_renamed_back_leaves_no_trace() -> None:
    there = NONE.renaming_class("cat", "Katze", LABELS)
    assert there.renaming_class("Katze", "cat", LABELS).class_of == {}


def test_a_class_renamed_to_another_ones_name_is_one_with_it() -> None:
    edits = NONE.ordering(LABELS).renaming_class("kitten", "cat", LABELS)
    assert edits.class_for("/p/kitten/1.jpg", "kitten") == "cat"
    assert edits.classes == ("cat", "dog")


def test_merged_classes_are_renamed_together() -> None:
    merged = NONE.renaming_class("kitten", "cat", LABELS).renaming_class("cat", "feline", LABELS)
    assert {merged.class_for("", label) for label in ("cat", "kitten")} == {"feline"}


def test_a_removed_class_can_be_taken_back() -> None:
    gone = NONE.removing_class("cat")
    assert gone.class_for("/p/cat/1.jpg", "cat") == REMOVED
    assert gone.taking_class_back("cat").class_for("/p/cat/1.jpg", "cat") == "cat"


def test_a_picture_moved_out_of_a_class_stays_when_that_class_goes() -> None:
    edits = NONE.moving(["/p/cat/1.jpg"], "dog").removing_class("cat")
    assert edits.class_for("/p/cat/1.jpg", "cat") == "dog"


def test_a_removed_class_takes_what_was_moved_or_added_to_it_along_and_back() -> None:
    edits = NONE.moving(["/p/cat/1.jpg"], "dog").adding(["/own/1.jpg"], "dog")
    gone = edits.removing_class("dog")
    assert gone.class_for("/p/cat/1.jpg", "cat") == REMOVED
    assert gone.class_for("/own/1.jpg", "dog") == REMOVED
    back = gone.taking_class_back("dog")
    assert back == edits


def test_a_class_made_anew_under_an_old_label_is_another_class() -> None:
    edits = NONE.renaming_class("cat", "Katze", LABELS).adding(["/own/1.jpg"], "cat")
    assert edits.class_for("/own/1.jpg", "cat") == "cat"
    assert edits.class_for("/p/cat/1.jpg", "cat") == "Katze"


def test_added_pictures_make_their_class_and_come_once() -> None:
    edits = NONE.adding(["/own/1.jpg", "/own/1.jpg"], "bird")
    assert [each.path for each in edits.added] == ["/own/1.jpg"]
    assert edits.classes == ("bird",)


def test_a_picture_added_again_elsewhere_moves_there() -> None:
    edits = NONE.adding(["/own/1.jpg"], "bird").adding(["/own/1.jpg"], "cat")
    (added,) = edits.added
    assert edits.class_for(added.path, added.label) == "cat"


def test_what_is_left_out_can_be_taken_back() -> None:
    edits = NONE.leaving_out(["a", "b"]).leaving_out(["b"])
    assert edits.left_out == ("a", "b")
    assert edits.taking_back(["a"]).left_out == ("b",)


def test_a_pin_can_be_changed_and_taken_out() -> None:
    edits = NONE.pinning(["a", "b"], "test").pinning(["b"], "training")
    assert edits.pinned == {"a": "test", "b": "training"}
    assert edits.pinning(["a", "b"], None).pinned == {}


def test_a_color_goes_with_the_name() -> None:
    edits = NONE.coloring("cat", "#0072B2").renaming_class("cat", "Katze", LABELS)
    assert edits.colors == {"Katze": "#0072B2"}


def test_a_class_that_takes_another_one_in_keeps_its_color() -> None:
    red = NONE.coloring("cat", "#D55E00")
    assert red.renaming_class("cat", "dog", LABELS).colors == {}
    both = red.coloring("dog", "#0072B2")
    assert both.renaming_class("cat", "dog", LABELS).colors == {"dog": "#0072B2"}


def test_a_class_that_gets_the_name_of_a_removed_one_keeps_its_color() -> None:
    edits = NONE.coloring("cat", "#D55E00").coloring("dog", "#0072B2").removing_class("cat")
    assert edits.renaming_class("dog", "cat", LABELS).colors == {"cat": "#0072B2"}


def test_a_removed_class_comes_back_into_the_one_that_gets_its_name() -> None:
    edits = NONE.removing_class("cat").renaming_class("dog", "cat", LABELS)
    assert edits.removed == ()
    assert {edits.class_for("", label) for label in ("cat", "dog")} == {"cat"}
