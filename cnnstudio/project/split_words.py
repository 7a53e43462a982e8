"""What a split did for look-alikes, in one sentence for window and terminal."""

from cnnstudio.project.words import say_count


def look_alikes_kept(kept: int, torn: int) -> str:
    """``kept`` groups are whole in one part, of which chance would have torn ``torn``.

    Empty where there are none.
    """
    if not kept:
        return ""
    if not torn:
        return say_count(
            "This split kept {count} group of look-alikes together.",
            "This split kept {count} groups of look-alikes together.",
            kept,
        )
    return say_count(
        "This split kept {count} group of look-alikes together; a random one would have put "
        "{torn} of them on both sides.",
        "This split kept {count} groups of look-alikes together; a random one would have put "
        "{torn} of them on both sides.",
        kept,
        torn=torn,
    )


def look_alikes_torn(count: int) -> str:
    """``count`` groups stand on both sides because the source itself names the parts."""
    return say_count(
        "{count} group of look-alikes stands on both sides, because the source names the parts; "
        "'check' and the Health page offer a remedy.",
        "{count} groups of look-alikes stand on both sides, because the source names the parts; "
        "'check' and the Health page offer a remedy.",
        count,
    )
