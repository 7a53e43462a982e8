"""The curves of a run: accuracy above loss above the learning rate."""

from cnnstudio.project.words import say
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.widgets.basics import Card
from cnnstudio.ui.widgets.curve_data import CurveData
from cnnstudio.ui.widgets.curves import CurveCard

__all__ = ["CurveData", "CurvePanel"]


class CurvePanel(Card):
    """Give it the run's values with :meth:`show`, as often as they grow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._accuracy = CurveCard(say("Accuracy"), theme, percent=True)
        self._loss = CurveCard(say("Loss"), theme, percent=False)
        self.body.addWidget(self._accuracy, 1)
        self.body.addWidget(self._loss, 1)

    def show(self, curves: CurveData | None = None) -> None:
        """Draw ``curves``; without them, become visible as any widget does."""
        if curves is None:
            super().show()
            return
        history = curves.history
        losses = [loss for _, loss, _ in curves.batch_points]
        self._loss.show_batches([(x, loss) for x, loss, _ in curves.batch_points])
        self._accuracy.show_batches([(x, accuracy) for x, _, accuracy in curves.batch_points])
        self._loss.show_range(curves.epochs_planned, 0.0, max(losses, default=1.0))
        self._accuracy.show_range(curves.epochs_planned, 0.0, 1.0)
        self._loss.show_epochs(
            [(f.epoch, f.loss) for f in history],
            [(f.epoch, f.validation_loss) for f in history],
            curves.best_epoch,
        )
        self._accuracy.show_epochs(
            [(f.epoch, f.accuracy) for f in history],
            [(f.epoch, f.validation_accuracy) for f in history],
            curves.best_epoch,
        )
