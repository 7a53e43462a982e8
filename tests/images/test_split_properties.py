"""Whatever pictures, look-alikes, pins and earlier parts there are: the split keeps its word."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cnnstudio.images.look_alikes import LookAlikes
from cnnstudio.images.scan import FoundPicture, Scan
from cnnstudio.images.split import SplitReport, split_pictures
from cnnstudio.images.split_draw import draw_parts, nearest_choice, wanted_counts
from cnnstudio.project.kept_split import KeptSplit
from cnnstudio.project.pictures import Part, PicturesPlan
from cnnstudio.project.problems import ProblemError

PARTS: tuple[Part, ...] = ("training", "validation", "test")
CLASSES = ("cat", "dog", "한글")


@dataclass(frozen=True)
class World:
    """Pictures by number, which of them are copies of another, and which look like another."""

    labels: tuple[str, ...]
    copies: frozenset[tuple[int, int]]
    alike: frozenset[tuple[int, int]]
    given: tuple[Part | None, ...]

    def path(self, number: int, folder: str = "/pictures") -> str:
        part = self.given[number]
        above = f"{folder}/{part}" if part else folder
        return f"{above}/{self.labels[number]}/{number}.jpg"

    def content(self, number: int) -> str:
        originals = (first for first, copy in sorted(self.copies) if copy == number)
        return f"{next(originals, number):032x}"

    def scan(self, numbers: Iterable[int], folder: str = "/pictures") -> Scan:
        found = tuple(
            FoundPicture(self.path(each, folder), self.labels[each], self.given[each], 10, 1)
            for each in numbers
        )
        classes = tuple(sorted({each.label for each in found}))
        return Scan((folder,), classes, found, (), ())

    def look_alikes(self, numbers: Iterable[int], folder: str = "/pictures") -> LookAlikes:
        """As the check finds them: of copies, only the first stands for its content."""
        path_of = {each: self.path(each, folder) for each in numbers}
        first: dict[str, int] = {}
        for each in sorted(path_of, key=path_of.__getitem__):
            first.setdefault(self.content(each), each)
        same = [(first[self.content(each)], each) for each in path_of]
        near = [
            (first[self.content(one)], first[self.content(other)])
            for one, other in self.alike
            if self.content(one) in first and self.content(other) in first
        ]
        return LookAlikes(
            same=tuple((path_of[one], path_of[other]) for one, other in same if one != other),
            near=tuple((path_of[one], path_of[other]) for one, other in near if one != other),
            digests={path: self.content(each) for each, path in path_of.items()},
        )

    def pairs(self) -> set[tuple[int, int]]:
        """All pairs that must not be parted; a copy looks like whatever its original looks like."""
        by_content = defaultdict(list)
        for each in range(len(self.labels)):
            by_content[self.content(each)].append(each)
        found = set()
        for one, other in self.alike:
            found |= set(
                itertools.product(by_content[self.content(one)], by_content[self.content(other)])
            )
        for same in by_content.values():
            found |= set(itertools.combinations(same, 2))
        return found

    def groups(self, among: Iterable[int] | None = None) -> list[set[int]]:
        """Who is tied to whom, through others as well; alone too."""
        groups = [{each} for each in (range(len(self.labels)) if among is None else among)]
        there = set().union(*groups)
        for one, other in self.pairs():
            if one not in there or other not in there:
                continue
            joined = [group for group in groups if one in group or other in group]
            groups = [group for group in groups if group not in joined]
            groups.append(set().union(*joined))
        return groups

    def has_shared_groups(self) -> bool:
        """Whether pictures of different classes are alike."""
        return any(len({self.labels[each] for each in group}) > 1 for group in self.groups())


@st.composite
def worlds(draw: st.DrawFn, parts: tuple[Part | None, ...] = (None,), most: int = 28) -> World:
    count = draw(st.integers(6, most))
    rng = draw(st.randoms(use_true_random=False))
    labels = tuple(
        CLASSES[each % draw_classes]
        for draw_classes in (rng.choice((2, 3)),)
        for each in range(count)
    )
    alike, copies = set(), set()
    for _ in range(rng.randint(0, count)):
        one, other = sorted(rng.sample(range(count), 2))
        # Mostly within a class, as it is in life.
        if labels[one] == labels[other] or rng.random() < 0.1:
            alike.add((one, other))
    for copy in range(count // 2, count):
        if rng.random() < 0.15:
            copies.add((rng.randrange(count // 2), copy))
    return World(
        labels,
        frozenset(copies),
        frozenset(alike),
        tuple(rng.choice(parts) for _ in range(count)),
    )


plans = st.builds(
    PicturesPlan,
    validation_share=st.floats(0.05, 0.5),
    test_share=st.one_of(st.just(0.0), st.floats(0.05, 0.4)),
    seed=st.integers(0, 2**31 - 1),
)


def split(
    world: World,
    plan: PicturesPlan,
    numbers: Iterable[int] | None = None,
    pinned: Mapping[int, Part] | None = None,
    before: Mapping[str, Part] | None = None,
) -> tuple[SplitReport, dict[int, Part]] | None:
    """The report, and the part of each picture that has one; none where no training can be."""
    numbers = list(range(len(world.labels)) if numbers is None else numbers)
    pins = {world.path(number): part for number, part in (pinned or {}).items()}
    alike = world.look_alikes(numbers)
    try:
        report = split_pictures(world.scan(numbers), plan, (), alike, pins, before)
    except ProblemError:
        return None
    parts = {picture.path: picture.part for picture in report.listing.pictures}
    placed = {each: parts[world.path(each)] for each in numbers if world.path(each) in parts}
    between = {each for each in numbers if world.path(each) in report.left_between}
    assert placed.keys() | between == set(numbers)
    assert not placed.keys() & between
    assert all(problem.is_known for problem in report.problems)
    return report, placed


@given(worlds(), plans)
def test_look_alikes_are_always_on_one_side(world: World, plan: PicturesPlan) -> None:
    if (answer := split(world, plan)) is None:
        return
    report, placed = answer
    groups = [group for group in world.groups() if len(group) > 1]
    assert all(len({placed[each] for each in group}) == 1 for group in groups)
    assert report.kept_together == len(groups)
    assert 0 <= report.torn_at_random <= len(groups)
    assert report.left_between == ()


@given(worlds(), plans)
def test_a_class_with_two_groups_is_learned_and_watched(world: World, plan: PicturesPlan) -> None:
    if world.has_shared_groups():
        return
    groups = world.groups()
    counts = Counter(world.labels[next(iter(group))] for group in groups)
    answer = split(world, plan)
    if answer is None:
        # Then no class has pictures to spare, or one is a single picture.
        assert max(counts.values()) == 1 or 1 in Counter(world.labels).values()
        return
    report, placed = answer
    for name, count in counts.items():
        found = Counter(part for each, part in placed.items() if world.labels[each] == name)
        assert found["training"] >= 1
        assert (found["validation"] >= 1) == (count >= 2)
        assert (found["test"] >= 1) == (count >= 3 and plan.test_share > 0)
    alike = {problem.values["name"] for problem in report.problems if problem.kind == "all_alike"}
    assert alike == {name for name, count in counts.items() if count == 1}


@given(worlds(), plans)
def test_single_pictures_make_up_for_what_groups_leave(world: World, plan: PicturesPlan) -> None:
    if world.has_shared_groups() or (answer := split(world, plan)) is None:
        return
    counts = answer[0].listing.counts()
    wanted = wanted_counts(Counter(world.labels), plan, plan.test_share)
    alone = Counter(world.labels[min(each)] for each in world.groups() if len(each) == 1)
    for name in alone:
        if alone[name] >= wanted["test"][name] + wanted["validation"][name] + 2:
            assert all(counts[part][name] == wanted[part][name] for part in PARTS)


@given(worlds(), plans, st.randoms(use_true_random=False))
def test_order_and_place_do_not_matter(world: World, plan: PicturesPlan, random: Random) -> None:
    numbers = list(range(len(world.labels)))
    shuffled = random.sample(numbers, len(numbers))
    there = "D:/data/elsewhere"
    pins = {each: random.choice(PARTS) for each in random.sample(numbers, 2)}
    alike = world.look_alikes(shuffled, there)
    turned = [(other, one) for one, other in alike.near]
    random.shuffle(turned)
    alike = LookAlikes(same=alike.same[::-1], near=tuple(turned), digests=alike.digests)
    there_pinned = {world.path(each, there): part for each, part in pins.items()}
    answer = split(world, plan, numbers, pins)
    if answer is None:
        return
    scan = world.scan(shuffled, there)
    other = split_pictures(scan, plan, (), alike, there_pinned)
    parts = {each.path: each.part for each in other.listing.pictures}
    assert {each: parts[world.path(each, there)] for each in answer[1]} == answer[1]
    assert other.torn_at_random == answer[0].torn_at_random
    assert other.problems == answer[0].problems


@given(worlds(), plans, st.floats(0.05, 0.5))
def test_watching_more_does_not_change_the_test_of_groups_either(
    world: World, plan: PicturesPlan, other_share: float
) -> None:
    other_plan = plan.model_copy(update={"validation_share": other_share})
    answers = split(world, plan), split(world, other_plan)
    if answers[0] is not None and answers[1] is not None:
        tests = [{each for each in placed if placed[each] == "test"} for _, placed in answers]
        assert tests[0] == tests[1]


@given(worlds(most=40), plans, st.lists(st.randoms(use_true_random=False), max_size=5))
def test_known_pictures_stay_and_nothing_leaks_whatever_comes_and_goes(
    world: World, plan: PicturesPlan, steps: list[Random]
) -> None:
    kept = KeptSplit.empty(plan)
    pairs = world.pairs()
    everything = range(len(world.labels))
    for random in [Random(1), *steps]:
        share = random.random()
        numbers = [each for each in everything if random.random() < share]
        answer = split(world, plan, numbers, before=kept.parts)
        if answer is None:
            continue
        report, placed = answer
        _assert_none_parted(pairs, placed)
        for each, part in placed.items():
            assert kept.parts.get(world.content(each), part) == part
        known = {each for each in numbers if world.content(each) in kept.parts}
        for group in world.groups(known):
            assert group <= placed.keys() or _are_torn(world, kept.parts, group)
        for group in world.groups(numbers):
            assert group <= placed.keys() or _are_torn(world, kept.parts, group & known)
        kept = kept.after(report.listing, world.look_alikes(numbers).digests)


def _assert_none_parted(pairs: Iterable[tuple[int, int]], placed: Mapping[int, Part]) -> None:
    for one, other in pairs:
        if one in placed and other in placed:
            assert placed[one] == placed[other]


def _are_torn(world: World, known: Mapping[str, Part], numbers: set[int]) -> bool:
    return len({known[world.content(each)] for each in numbers}) > 1


@given(worlds(), plans, st.randoms(use_true_random=False))
def test_new_pictures_fill_what_is_missing(
    world: World, plan: PicturesPlan, random: Random
) -> None:
    world = World(world.labels, frozenset(), frozenset(), world.given)
    numbers = random.sample(range(len(world.labels)), len(world.labels) // 2)
    first = split(world, plan, numbers)
    if first is None:
        return
    before = {world.content(each): part for each, part in first[1].items()}
    last = split(world, plan, before=before)
    assert last is not None
    old, new = first[0].listing.counts(), last[0].listing.counts()
    wanted = wanted_counts(Counter(world.labels), plan, plan.test_share)
    for name in first[0].listing.classes:
        for part in ("test", "validation"):
            assert new[part][name] >= old[part][name]
            added = sum(new[each][name] - old[each][name] for each in PARTS)
            lacking = wanted[part][name] - old[part][name]
            if lacking <= 0:
                assert new[part][name] == old[part][name]
            elif added > sum(max(wanted[each][name] - old[each][name], 0) for each in PARTS[1:]):
                assert new[part][name] == wanted[part][name]


@given(worlds(), plans, st.randoms(use_true_random=False))
def test_a_pin_holds_its_whole_group(world: World, plan: PicturesPlan, random: Random) -> None:
    pins = {each: random.choice(PARTS) for each in random.sample(range(len(world.labels)), 3)}
    if (answer := split(world, plan, pinned=pins)) is None:
        return
    report, placed = answer
    contradicting = 0
    for group in world.groups():
        wished = {pins[each] for each in group if each in pins}
        assert len({placed[each] for each in group}) == 1
        if wished:
            first = next(part for part in ("test", "validation", "training") if part in wished)
            assert {placed[each] for each in group} == {first}
        contradicting += len(wished) > 1
    noted = [each.values["count"] for each in report.problems if each.kind == "pins_contradict"]
    assert noted == ([contradicting] if contradicting else [])
    assert "pins_overruled" not in {problem.kind for problem in report.problems}


@given(
    st.sampled_from(
        [
            ("training", "training", "test"),
            ("training", "training", "validation"),
            ("training", "training", "validation", "test", None),
            ("training", "training", "test", None),
        ]
    ).flatmap(worlds),
    plans,
    st.randoms(use_true_random=False),
)
def test_parts_that_folders_give_are_kept(world: World, plan: PicturesPlan, random: Random) -> None:
    numbers = range(len(world.labels))
    pins = {each: random.choice(PARTS) for each in random.sample(numbers, 2)}
    before = {world.content(each): random.choice(PARTS) for each in random.sample(numbers, 5)}
    if (answer := split(world, plan, pinned=pins, before=before)) is None:
        return
    has_validation = "validation" in world.given
    placed = answer[1]
    for each, part in placed.items():
        given = world.given[each]
        if given == "training" and not has_validation:
            assert part in ("training", "validation")
        elif given is not None:
            assert part == given
    decided = [
        (one, other)
        for one, other in world.pairs()
        if None in (says := {world.given[one], world.given[other]})
        or (says == {"training"} and not has_validation)
    ]
    _assert_none_parted(decided, placed)


# The drawing itself


@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=9),
    st.integers(0, 60),
    st.integers(0, 1),
    st.integers(0, 9),
)
def test_the_nearest_choice_is_the_nearest_of_all(
    sizes: list[int], wanted: int, least: int, most: int
) -> None:
    chosen = nearest_choice(sizes, wanted, least, most)
    assert sum(chosen) <= most
    possible = [
        sum(some)
        for count in range(least if most else 0, most + 1)
        for some in itertools.combinations(sizes, count)
    ]
    nearest = min(possible, key=lambda total: (abs(total - wanted), total))
    assert sum(size for size, is_in in zip(sizes, chosen, strict=True) if is_in) == nearest


@given(st.lists(st.integers(1, 20), min_size=2, max_size=9), plans)
def test_a_class_comes_as_near_to_its_shares_as_whole_groups_allow(
    sizes: list[int], plan: PicturesPlan
) -> None:
    wanted = wanted_counts({"cat": sum(sizes)}, plan, plan.test_share)
    none: dict[Part, Counter[str]] = {part: Counter() for part in PARTS}
    parts = draw_parts([{"cat": size} for size in sizes], none, wanted)
    of_part = {
        name: [size for size, part in zip(sizes, parts, strict=True) if part == name]
        for name in PARTS
    }
    assert of_part["training"]
    assert of_part["validation"]

    def nearest(units: list[int], least: int, keep: int, goal: int) -> int:
        return min(
            abs(sum(some) - goal)
            for count in range(least, len(units) - keep + 1)
            for some in itertools.combinations(units, count)
        )

    least = 1 if len(sizes) > 2 and wanted["test"]["cat"] else 0
    goal = wanted["test"]["cat"]
    assert abs(sum(of_part["test"]) - goal) == nearest(sizes, least, 2, goal)
    rest = [*of_part["training"], *of_part["validation"]]
    goal = wanted["validation"]["cat"]
    assert abs(sum(of_part["validation"]) - goal) == nearest(rest, 1, 1, goal)
