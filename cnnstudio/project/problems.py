"""What is wrong, and the remedy: one table of kinds, sentences only where they are shown.

Engine, pictures and project hand out kinds and values; :attr:`Problem.message` and
:attr:`Problem.remedy` turn them into sentences of the chosen language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cnnstudio.project.kinds.augmentation import AUGMENTATION_KINDS
from cnnstudio.project.kinds.engine import ENGINE_KINDS
from cnnstudio.project.kinds.freezing import FREEZING_KINDS
from cnnstudio.project.kinds.kind import ProblemKind, Severity
from cnnstudio.project.kinds.layers import LAYER_KINDS
from cnnstudio.project.kinds.models import MODEL_KINDS
from cnnstudio.project.kinds.pictures import PICTURE_KINDS
from cnnstudio.project.kinds.plans import PLAN_KINDS
from cnnstudio.project.kinds.projects import PROJECT_KINDS
from cnnstudio.project.kinds.training import TRAINING_KINDS
from cnnstudio.project.kinds.weights import WEIGHTS_KINDS
from cnnstudio.project.words import say

Value = str | int | float


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    ``where`` is ``chapter`` or ``chapter.field`` (empty: none of them), ``file`` the full path of
    the file it is about. An error stands in the way, a warning does not.
    """

    kind: str
    where: str = ""
    file: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return KINDS[self.kind].severity

    @property
    def message(self) -> str:
        """What is wrong, as a sentence in the chosen language."""
        return self._sentence(KINDS[self.kind].message)

    @property
    def remedy(self) -> str:
        """What to do, as a sentence in the chosen language."""
        return self._sentence(KINDS[self.kind].remedy)

    @property
    def is_known(self) -> bool:
        """Whether the kind is in the table, with all the values that its sentences need."""
        try:
            return bool(self.message and self.remedy)
        except LookupError:
            return False

    def _sentence(self, marked: str) -> str:
        values = {"file": Path(self.file).name or self.file, "path": self.file} | dict(self.values)
        return say(marked, **{name: _showable(value) for name, value in values.items()})


def _showable(value: Value) -> Value:
    """``value`` without the halves of characters that file names from other systems bring."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class ProblemError(Exception):
    """Carries a problem to the one boundary that turns it into an answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind)
        self.problem = problem


def errors_in(problems: list[Problem] | tuple[Problem, ...]) -> list[Problem]:
    """Those that stand in the way."""
    return [problem for problem in problems if problem.severity == "error"]


KINDS: dict[str, ProblemKind] = {
    **PLAN_KINDS,
    **PICTURE_KINDS,
    **AUGMENTATION_KINDS,
    **PROJECT_KINDS,
    **TRAINING_KINDS,
    **ENGINE_KINDS,
    **FREEZING_KINDS,
    **WEIGHTS_KINDS,
    **MODEL_KINDS,
    **LAYER_KINDS,
}
