"""The keeper lends engines out, keeps one warm, and leaves none behind."""

import multiprocessing
import threading
from collections.abc import Callable

from cnnstudio.project.network import NetworkPlan
from cnnstudio.protocol import ClosingEvent, DescribeNetwork, FindWeights, WorkStopped
from cnnstudio.worker.engine_keeper import EngineKeeper
from tests import fake_engines

FIND = FindWeights(NetworkPlan(), 96)
MakeKeeper = Callable[..., EngineKeeper]


def engines_alive() -> list[int | None]:
    return [p.pid for p in multiprocessing.active_children() if p.name == "cnnstudio-engine"]


def test_the_warm_engine_is_the_one_that_is_taken(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    keeper.warm_up()
    warm = engines_alive()
    assert [keeper.take().pid] == warm


def test_warming_up_twice_starts_one_engine(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    keeper.warm_up()
    keeper.warm_up()
    assert len(engines_alive()) == 1


def test_an_engine_given_back_is_taken_again(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    engine = keeper.take()
    engine.run(FIND)
    keeper.give_back(engine)
    assert keeper.take() is engine


def test_a_fresh_engine_is_another_one_than_the_warm_one(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    engine = keeper.take()
    keeper.give_back(engine)
    assert keeper.take_fresh() is not engine


def test_a_fresh_engine_can_be_warm_before_it_is_taken(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    engine = keeper.take()
    keeper.warm_up_fresh()
    keeper.warm_up_fresh()
    (warm,) = [pid for pid in engines_alive() if pid != engine.pid]
    keeper.give_back(engine)
    assert keeper.take() is engine
    assert keeper.take_fresh().pid == warm
    assert keeper.take_fresh().pid not in (warm, engine.pid)


def test_a_fresh_engine_that_nobody_took_leaves_with_the_others(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    keeper.warm_up_fresh()
    keeper.close()
    assert engines_alive() == []


def test_a_fresh_engine_that_waits_too_long_leaves(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    keeper.warm_up_fresh()
    early = keeper._fresh
    assert early is not None
    keeper.cool_down_fresh()
    keeper.cool_down_fresh()
    assert early.wait_until_gone(10)
    assert keeper.take_fresh() is not early


def test_a_dead_engine_is_not_lent_again(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.killed)
    engine = keeper.take()
    engine.run(FIND)
    keeper.give_back(engine)
    assert keeper.take() is not engine


def test_an_engine_that_died_while_idle_is_replaced(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    engine = keeper.take()
    keeper.give_back(engine)
    engine.kill()
    assert engine.wait_until_gone()
    assert keeper.take() is not engine


def test_a_surplus_engine_leaves(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    first, second = keeper.take(), keeper.take()
    keeper.give_back(first)
    keeper.give_back(second)
    assert second.wait_until_gone(10)
    assert first.is_alive


def test_closing_leaves_no_process_and_no_thread_behind(make_keeper: MakeKeeper) -> None:
    threads = threading.active_count()
    keeper = make_keeper(fake_engines.diligent)
    lent = keeper.take()
    lent.run(FIND)
    keeper.warm_up()
    keeper.close()
    assert engines_alive() == []
    assert threading.active_count() == threads


def test_closing_ends_engines_that_do_not_listen(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.never_ready)
    keeper.warm_up()
    keeper.close()
    assert engines_alive() == []


def test_closing_ends_the_work_in_hand(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    engine = keeper.take()
    engine.run(FIND)
    answers: list[ClosingEvent] = []
    describe = DescribeNetwork(NetworkPlan(), 96, 2)
    thread = threading.Thread(target=lambda: answers.append(engine.run(describe)))
    thread.start()
    keeper.close()
    thread.join()
    assert answers == [WorkStopped()]


def test_work_that_comes_after_closing_is_answered_as_stopped(make_keeper: MakeKeeper) -> None:
    keeper = make_keeper(fake_engines.diligent)
    keeper.close()
    engine = keeper.take()
    assert engine.run(FIND) == WorkStopped()
    keeper.give_back(engine)
    assert engines_alive() == []
