"""From what is known of the pictures to findings: what is wrong, why it matters, what to do."""

from cnnstudio.images.checking import CheckReport
from cnnstudio.images.scan import Scan
from cnnstudio.project.findings import Finding
from cnnstudio.project.listing import PictureList
from cnnstudio.project.picture_edits import PictureEdits


def find_findings(
    scan: Scan, report: CheckReport, listing: PictureList | None, edits: PictureEdits
) -> list[Finding]:
    """What the health page shows, the worst first; what was accepted is not among it.

    ``scan`` is the edited one (labels as shown, left-out pictures not in it).
    """
    return []
