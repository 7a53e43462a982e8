"""The Train page without the rest of the window, on a project without pictures."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent

from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder
from cnnstudio.ui.network_state import NetworkState
from cnnstudio.ui.pages.train_page import TrainPage
from cnnstudio.ui.pictures_state import PicturesState
from cnnstudio.ui.price_state import PriceState
from cnnstudio.ui.session import ProjectSession
from cnnstudio.ui.theme import Theme
from cnnstudio.ui.training_state import TrainingState
from cnnstudio.worker.thumbnail_loader import ThumbnailLoader
from tests.ui.fakes import FakeAsking, FakeKeeper


class LoneTrainPage:
    """What the page is handed, as a studio would make it."""

    def __init__(self, folder: Path, theme: Theme, project: Project | None = None) -> None:
        keeper = FakeKeeper()
        opened = ProjectFolder.create(folder, project or Project(name="P"))
        self.session = ProjectSession(opened)
        self.pictures = PicturesState(self.session)
        self.network = NetworkState(self.session, self.pictures, keeper)  # type: ignore[arg-type]
        self.price = PriceState(self.session, self.pictures, self.network, keeper)  # type: ignore[arg-type]
        self.training = TrainingState(self.session, self.pictures, keeper)  # type: ignore[arg-type]
        self.thumbnails = ThumbnailLoader()
        self.page = TrainPage(
            self.session,
            self.pictures,
            self.network,
            self.price,
            self.training,
            keeper,  # type: ignore[arg-type]
            self.thumbnails,
            theme,
            FakeAsking(),
            lambda: None,
        )
        self.page.show()

    def close(self) -> None:
        """End what is going on, and let go of the folder."""
        self.page.close_jobs()
        self.training._worker = None
        self.training.close()
        self.price.close()
        self.network.close()
        self.thumbnails.close()
        self.session.close()
        self.page.close()
        self.page.deleteLater()
        # At once: every widget that is left makes the next change of look slower.
        QCoreApplication.sendPostedEvents(self.page, QEvent.Type.DeferredDelete)
