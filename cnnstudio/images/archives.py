"""Pictures in ZIP, NPZ and IDX files: what lies in them, under which path, and how to open it.

This is the door for the other rooms; the work is done in its neighbours. Everything may be called
from any thread.
"""

from cnnstudio.images.archive_paths import Inside, file_state, home_of, inside, is_archive
from cnnstudio.images.array_files import (
    ArrayShape,
    array_picture_path,
    arrays_in,
    open_array,
)
from cnnstudio.images.zip_files import ZipMember, open_zip_member, zip_members

__all__ = [
    "ArrayShape",
    "Inside",
    "ZipMember",
    "array_picture_path",
    "arrays_in",
    "file_state",
    "home_of",
    "inside",
    "is_archive",
    "open_array",
    "open_zip_member",
    "zip_members",
]
