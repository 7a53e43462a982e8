"""Undo and redo: a plan is a value, so remembering it is all there is to do."""

from cnnstudio.project.project import Project

MOST_STEPS = 200


class PlanHistory:
    """The present plan with those before and after it."""

    def __init__(self, project: Project) -> None:
        self._before: list[Project] = []
        self._after: list[Project] = []
        self._merging: str | None = None
        self.present = project

    @property
    def can_undo(self) -> bool:
        """Whether there is a plan to go back to."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is a plan to go forward to."""
        return bool(self._after)

    def change(self, project: Project, merging: str | None = None) -> bool:
        """Make ``project`` the present; say whether that changed anything.

        Changes in a row with the same ``merging`` key (a slider being dragged) are one step.
        """
        if project == self.present:
            return False
        if merging is None or merging != self._merging:
            self._before.append(self.present)
            del self._before[:-MOST_STEPS]
        elif self._before and project == self._before[-1]:
            # Dragged back to where it began: no step at all.
            self._before.pop()
            merging = None
        self._merging = merging
        self._after.clear()
        self.present = project
        return True

    def undo(self) -> bool:
        """Go back one step; say whether there was one."""
        if not self._before:
            return False
        self._after.append(self.present)
        self.present = self._before.pop()
        self._merging = None
        return True

    def redo(self) -> bool:
        """Go forward one step; say whether there was one."""
        if not self._after:
            return False
        self._before.append(self.present)
        self.present = self._after.pop()
        self._merging = None
        return True
