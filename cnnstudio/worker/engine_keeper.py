"""Keeps one engine warm, lends engines out, and leaves none behind."""

import threading
import time
from collections.abc import Callable

from cnnstudio.worker.engine_process import QUIT_GRACE_SECONDS, EngineProcess


class EngineKeeper:
    """Lends engines to whoever has work for one. All methods may be called from any thread."""

    def __init__(self, make_engine: Callable[[], EngineProcess] = EngineProcess) -> None:
        self._make_engine = make_engine
        self._lock = threading.Lock()
        self._idle: EngineProcess | None = None
        self._fresh: EngineProcess | None = None
        self._lent: list[EngineProcess] = []
        self._leaving: list[EngineProcess] = []
        self._is_closed = False

    def warm_up(self) -> None:
        """Start an engine in the background, unless one stands ready already."""
        with self._lock:
            if self._is_closed or (self._idle is not None and self._idle.is_alive):
                return
            self._let_go(self._idle)
            self._idle = self._start()

    def warm_up_fresh(self) -> None:
        """Start an engine in the background for :meth:`take_fresh`, unless one stands ready."""
        with self._lock:
            if self._is_closed or (self._fresh is not None and self._fresh.is_alive):
                return
            self._let_go(self._fresh)
            self._fresh = self._start()

    def cool_down_fresh(self) -> None:
        """Let the engine go that stands ready for :meth:`take_fresh`: its memory is wanted."""
        with self._lock:
            self._let_go(self._fresh)
            self._fresh = None

    def take(self) -> EngineProcess:
        """The engine that stands ready, else a new one; it wants to be given back."""
        with self._lock:
            engine, self._idle = self._idle, None
            if engine is not None and not engine.is_alive:
                self._let_go(engine)
                engine = None
            return self._lend(engine)

    def take_fresh(self) -> EngineProcess:
        """A new engine that has done nothing yet; it wants to be given back."""
        with self._lock:
            engine, self._fresh = self._fresh, None
            if engine is not None and not engine.is_alive:
                self._let_go(engine)
                engine = None
            return self._lend(engine)

    def give_back(self, engine: EngineProcess) -> None:
        """Keep ``engine`` for the next work, or let it go if it is dead or one too many."""
        with self._lock:
            if engine in self._lent:
                self._lent.remove(engine)
            if engine.is_alive and self._idle is None and not self._is_closed:
                self._idle = engine
            else:
                self._let_go(engine)

    def close(self) -> None:
        """Let every engine go and wait until all are gone; those lent out are killed."""
        with self._lock:
            self._is_closed = True
            self._let_go(self._idle)
            self._let_go(self._fresh)
            self._idle = self._fresh = None
            for engine in self._lent:
                engine.kill()
            engines = [*self._leaving, *self._lent]
        deadline = time.monotonic() + QUIT_GRACE_SECONDS
        for engine in engines:
            if not engine.wait_until_gone(deadline - time.monotonic()):
                engine.kill()
                engine.wait_until_gone()
        with self._lock:
            self._leaving.clear()

    def _start(self) -> EngineProcess:
        engine = self._make_engine()
        engine.start()
        return engine

    def _lend(self, engine: EngineProcess | None) -> EngineProcess:
        if self._is_closed:
            engine = self._make_engine()
            engine.kill()  # Work that comes too late is answered as stopped.
        engine = engine or self._start()
        self._lent.append(engine)
        return engine

    def _let_go(self, engine: EngineProcess | None) -> None:
        if engine is not None:
            engine.quit()
            self._leaving.append(engine)
        self._leaving = [each for each in self._leaving if not each.wait_until_gone(0)]
