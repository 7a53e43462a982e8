"""Problems of weight files: finding them, fetching them, and what is wrong inside one."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

_ANOTHER_WAY = N_(
    "Try again later, name a folder that has the file (settings, or CNNSTUDIO_WEIGHTS), or choose "
    "random weights."
)
_FETCH_ANEW = N_(
    "Delete it and fetch it again, or choose another file. Nothing was loaded from it."
)

WEIGHTS_KINDS: dict[str, ProblemKind] = {
    "weights_missing": ProblemKind(
        N_("The ImageNet weights of {network} are not on this computer ({name})."),
        N_(
            "Download them, name a folder that has them (settings, or CNNSTUDIO_WEIGHTS), or "
            "choose random weights."
        ),
    ),
    "weights_file_missing": ProblemKind(
        N_("The weights file {path} is not there."),
        N_("Choose another file, or 'imagenet', or 'random'."),
    ),
    "weights_from_scratch": ProblemKind(
        N_("{network} learns from scratch: there are no weights to fetch."),
        N_("'cnnstudio weights list' names the networks that have weights."),
    ),
    "weights_none_named": ProblemKind(
        N_("No network is named whose weights are to be fetched."),
        N_("Name one or more ('cnnstudio weights list' has the names), or give --all."),
    ),
    # Fetching
    "no_internet": ProblemKind(
        N_(
            "The weights of {network} ({name}) are not on this computer, and there seems to be no "
            "internet."
        ),
        N_(
            "Connect and try again, name a folder that has the file (settings, or "
            "CNNSTUDIO_WEIGHTS), or choose random weights."
        ),
    ),
    "weights_mirror_unknown": ProblemKind(
        N_("The mirror {host} cannot be found, so {name} could not be fetched."),
        N_(
            "Check the mirror's address (settings, or CNNSTUDIO_WEIGHTS_MIRROR) and the connection "
            "of this computer."
        ),
    ),
    "weights_mirror_unclear": ProblemKind(
        N_("The mirror {host} is neither an address nor a folder."),
        N_(
            "Give an address that begins with https:// or http://, or a folder (settings, or "
            "CNNSTUDIO_WEIGHTS_MIRROR)."
        ),
    ),
    "weights_not_on_server": ProblemKind(
        N_("{host} does not have the file {name} ({reason})."),
        N_(
            "Check the mirror's address if there is one (settings, or CNNSTUDIO_WEIGHTS_MIRROR), "
            "or name a folder that has the file."
        ),
    ),
    "weights_server_silent": ProblemKind(
        N_("{host} does not answer, so {name} could not be downloaded ({reason})."), _ANOTHER_WAY
    ),
    "weights_proxy_refused": ProblemKind(
        N_(
            "The proxy {proxy}, through which this computer reaches other networks, did not let "
            "the download of {name} through ({reason})."
        ),
        N_(
            "Ask whoever runs the network to allow {host}; or fetch the file on another computer "
            "and share the folder."
        ),
    ),
    "weights_not_secure": ProblemKind(
        N_("The connection to {host} cannot be trusted, so {name} was not downloaded ({reason})."),
        N_(
            "Check the clock of this computer and ask whoever runs the network; or fetch the file "
            "on another computer and share the folder."
        ),
    ),
    "weights_download_failed": ProblemKind(
        N_("The weights of {network} ({name}) could not be downloaded: {reason}."), _ANOTHER_WAY
    ),
    "weights_broken_off": ProblemKind(
        N_("The download of {name} broke off after {done_mb} MB ({reason})."),
        N_("Try again: it goes on where it broke off."),
    ),
    "weights_wrong_bytes": ProblemKind(
        N_("What {host} sent as {name} is not that file: {reason}. It was not kept."),
        N_("Try again; if it happens again, choose another mirror or fetch it on another network."),
    ),
    "weights_web_page": ProblemKind(
        N_("Instead of {name}, {host} sent something else, most likely a web page."),
        N_("Open a web browser: perhaps this network wants you to sign in first. Then try again."),
    ),
    "weights_not_kept": ProblemKind(
        N_("{name} cannot be written to {path}: {reason}."),
        N_("Choose another folder for downloads (settings, or --to)."),
    ),
    # Inside a file
    "weights_damaged": ProblemKind(
        N_("The weights file {path} is damaged or belongs to another network."),
        N_("Delete or replace it, or choose another file. Nothing was loaded from it."),
    ),
    "weights_no_hdf5": ProblemKind(
        N_("{path} is no weights file: it does not begin as HDF5 files do."), _FETCH_ANEW
    ),
    "weights_cut_off": ProblemKind(
        N_("The weights file {path} is cut off or damaged ({reason})."), _FETCH_ANEW
    ),
    "weights_wrong_checksum": ProblemKind(
        N_("The weights file {path} is not the file that was published: its checksum differs."),
        _FETCH_ANEW,
    ),
    "weights_other_shape": ProblemKind(
        N_(
            "The weights file {path} does not fit {network}: {dataset} has the shape {found}, and "
            "{wanted} is needed."
        ),
        N_(
            "It belongs to another network or another width. Choose another file. Nothing was "
            "loaded from it."
        ),
    ),
    "weights_layer_missing": ProblemKind(
        N_("The weights file {path} does not fit {network}: it has nothing for {layer}."),
        N_("It belongs to another network. Choose another file. Nothing was loaded from it."),
    ),
    "weights_layer_too_many": ProblemKind(
        N_("The weights file {path} does not fit {network}, which has no place for {dataset}."),
        N_("It belongs to another network. Choose another file. Nothing was loaded from it."),
    ),
    "weights_no_numbers": ProblemKind(
        N_("The weights file {path} is damaged: {dataset} holds only zeros, or what is no number."),
        _FETCH_ANEW,
    ),
    "weights_unreadable": ProblemKind(
        N_("The weights file {path} cannot be read: {reason}."),
        N_("Ask for the right to read it, or choose another file."),
    ),
    "weights_unknown_name": ProblemKind(
        N_("{file} has a name that none of the networks asks for."),
        N_("It is used only where a project names it itself."),
        "note",
    ),
    "weights_folder_empty": ProblemKind(
        N_("There is no weights file (.h5) at {path}."),
        N_("Choose another folder, or fill it with 'cnnstudio weights fetch'."),
    ),
}

FETCH_KINDS = frozenset(
    {
        "weights_missing",
        "no_internet",
        "weights_mirror_unknown",
        "weights_mirror_unclear",
        "weights_not_on_server",
        "weights_server_silent",
        "weights_proxy_refused",
        "weights_not_secure",
        "weights_download_failed",
        "weights_broken_off",
        "weights_wrong_bytes",
        "weights_web_page",
        "weights_not_kept",
    }
)
"""Where weights are not here: the person may try (again) to fetch them, or choose another way."""
