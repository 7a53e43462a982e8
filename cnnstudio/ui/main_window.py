"""The window: top bar, rail, and the page of the chosen step. It switches pages, nothing else."""

import gc
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cnnstudio.project.problems import Problem
from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Notice, Page
from cnnstudio.ui.widgets.problem_notice import problem_notice
from cnnstudio.ui.widgets.rail import Rail
from cnnstudio.ui.widgets.top_bar import TopBar

PageMaker = Callable[[], Page]
Actions = tuple[tuple[str, Callable[[], object]], ...]


class MainWindow(QMainWindow):
    """Pages are made when they are first needed, or when there is time.

    ``closing`` is asked before the window closes; it says whether it may.
    """

    painted = Signal()

    def __init__(
        self,
        steps: tuple[tuple[str, str], ...],
        makers: dict[str, PageMaker],
        theme: Theme,
        closing: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.setWindowTitle(say("CNN Studio"))
        self.setMinimumSize(1000, 640)
        self.resize(1280, 800)
        self._order = [key for key, _ in steps]
        self._makers = makers
        self._pages: dict[str, Page] = {}
        self._closing = closing
        self.top_bar = TopBar(theme)
        self.rail = Rail(steps, theme)
        self.rail.step_chosen.connect(self.show_page)
        self._stack = QStackedWidget()
        self._notices = QVBoxLayout()
        self._notices.setContentsMargins(24, 12, 24, 0)
        self._notices.setSpacing(8)
        self._notice_box = QWidget()
        self._notice_box.setLayout(self._notices)
        self._notice_box.hide()
        inside = QWidget()
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.top_bar)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._notice_box)
        right.addWidget(self._stack, 1)
        row.addLayout(right, 1)
        outer.addLayout(row, 1)
        inside.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCentralWidget(inside)
        inside.setFocus()
        self.show_page(self._order[0])

    def page(self, key: str) -> Page:
        """The page of a step, made if it was not yet."""
        if key not in self._pages:
            page = self._makers[key]()
            page.next_wanted.connect(lambda: self._show_next(key))
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    @property
    def made_pages(self) -> list[Page]:
        """The pages that exist."""
        return list(self._pages.values())

    def show_page(self, key: str) -> None:
        """Go to a step."""
        self._stack.setCurrentWidget(self.page(key))
        self.rail.choose(key)

    @property
    def shown(self) -> str:
        """The key of the step that is shown."""
        return next(k for k, page in self._pages.items() if page is self._stack.currentWidget())

    def show_note(self, key: str, text: str) -> None:
        """A quiet line on a page that exists."""
        if key in self._pages:
            self._pages[key].show_note(text)

    def make_rest(self) -> None:
        """Make one page after the other while nothing else is to be done."""
        missing = [key for key in self._order if key not in self._pages]
        if missing:
            self.page(missing[0])
            QTimer.singleShot(0, self.make_rest)
        else:
            # What is there by now stays; looking through it at each full collection would make
            # the window wait for a tenth of a second now and then.
            gc.collect()
            gc.freeze()

    def tell(self, problem: Problem, actions: Actions = ()) -> None:
        """Show a notice above all pages until it is closed."""
        notice: Notice = problem_notice(
            problem, (*actions, (say("Close"), lambda: self._close_notice(notice)))
        )
        self._notices.addWidget(notice)
        self._notice_box.show()

    def set_icon(self, icon: QIcon) -> None:
        """The picture in the task bar."""
        self.setWindowIcon(icon)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing():
            event.accept()
        else:
            event.ignore()

    def _show_next(self, key: str) -> None:
        place = self._order.index(key) + 1
        if place < len(self._order):
            self.show_page(self._order[place])

    def _close_notice(self, notice: Notice) -> None:
        self._notices.removeWidget(notice)
        notice.deleteLater()
        self._notice_box.setVisible(self._notices.count() > 0)
