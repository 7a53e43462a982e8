"""The same work for many items in threads: in order, bounded, and it can be ended early."""

import threading
import time

import pytest

from cnnstudio.images.threads import in_order


def test_results_come_in_the_order_of_the_items() -> None:
    def slower_for_small(item: int) -> int:
        time.sleep(0.002 if item % 7 == 0 else 0)
        return item * item

    assert list(in_order(slower_for_small, range(200))) == [item * item for item in range(200)]


def test_nothing_to_do_ends_at_once() -> None:
    told: list[tuple[int, int]] = []
    assert list(in_order(str, [], lambda done, total: told.append((done, total)))) == []
    assert told == [(0, 0)]


def test_no_more_is_computed_than_somewhat_ahead() -> None:
    begun: list[int] = []
    results = in_order(lambda item: begun.append(item) or item, range(10_000), threads=2)
    for _ in range(5):
        next(results)
    results.close()
    assert len(begun) <= 40


def test_a_failure_comes_where_its_result_would() -> None:
    def fail_at_three(item: int) -> int:
        if item == 3:
            raise KeyError("three")
        return item

    results = in_order(fail_at_three, range(10))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError, match="three"):
        next(results)


def test_stopping_lets_no_thread_run_on() -> None:
    results = in_order(lambda item: item, range(100), should_stop=lambda: True)
    with pytest.raises(InterruptedError):
        next(results)
    assert not [each for each in threading.enumerate() if each.name.startswith("pictures")]


def test_a_few_large_pieces_of_work_are_shared_by_all_threads() -> None:
    both = threading.Barrier(2, timeout=20)
    assert list(in_order(lambda item: both.wait() >= 0, range(4), threads=2)) == [True] * 4
