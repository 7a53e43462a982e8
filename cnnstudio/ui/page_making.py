"""The page of each step, imported and made when it is first shown."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cnnstudio.ui.pages.images_page import ImagesPage
from cnnstudio.ui.widgets.basics import Page

if TYPE_CHECKING:
    from cnnstudio.ui.studio import Studio


def make_page(studio: "Studio", key: str) -> Page:
    """Import and make the page of a step."""
    match key:
        case "images":
            page = ImagesPage(
                studio.session, studio.pictures, studio.thumbnails, studio.theme, studio.asking
            )
            page.samples_wanted.connect(studio.bring_samples)
            page.recent_wanted.connect(lambda path: studio.project_wanted.emit(Path(path)))
            here = str(studio.session.folder.path)
            page.show_recent([p for p in studio.settings.recent_projects if p != here])
            return page
        case "augment":
            from cnnstudio.ui.pages.augment_page import AugmentPage

            return AugmentPage(studio.session, studio.pictures, studio.keeper, studio.theme)
        case "network":
            from cnnstudio.ui.pages.network_page import NetworkPage

            network = NetworkPage(
                studio.session,
                studio.pictures,
                studio.network,
                studio.price,
                studio.keeper,
                studio.theme,
                studio.asking,
            )
            studio.weights.ended.connect(lambda *_: network.refresh_weights())
            return network
        case "train":
            from cnnstudio.ui.pages.train_page import TrainPage

            train = TrainPage(
                studio.session,
                studio.pictures,
                studio.network,
                studio.price,
                studio.training,
                studio.keeper,
                studio.thumbnails,
                studio.theme,
                studio.asking,
                studio.start_training,
            )
            train.page_wanted.connect(studio.window.show_page)
            train.log_wanted.connect(studio.show_log)
            train.export_wanted.connect(partial(studio.window.show_page, "export"))
            return train
        case "results":
            from cnnstudio.ui.pages.results_page import ResultsPage

            return ResultsPage(studio.training, studio.thumbnails, studio.theme)
        case "try":
            from cnnstudio.ui.pages.try_page import TryPage

            return TryPage(
                studio.training, studio.keeper, studio.thumbnails, studio.theme, studio.asking
            )
        case "export":
            from cnnstudio.ui.pages.export_page import ExportPage

            return ExportPage(
                studio.session, studio.training, studio.keeper, studio.theme, studio.asking
            )
        case _:
            raise KeyError(key)
