"""The weights library in the terminal: what is here, fetching it, and looking into a folder."""

from pathlib import Path
from typing import Any

from cnnstudio.cli.boundary import STOPPED_CODE
from cnnstudio.cli.engine import StoppedError, ask, engines, stopping_on_interrupt
from cnnstudio.cli.output import Output, as_values, plain_table
from cnnstudio.project.checked_weights import CheckedFile, Checksum
from cnnstudio.project.checks import problems_of
from cnnstudio.project.network import NetworkPlan
from cnnstudio.project.network_row import NetworkRow
from cnnstudio.project.network_table import NETWORKS, find_network
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.weights_places import (
    FolderKind,
    OfferedWeights,
    WeightsState,
    files_in,
    offered_weights,
    states_of_weights,
    weights_here,
)
from cnnstudio.project.words import N_, say, say_count
from cnnstudio.protocol import CheckWeights, FetchWeights, WeightsChecked, WeightsFetched

FOLDER_WORDS: dict[FolderKind, str] = {
    "packaged": N_("came with the program"),
    "environment": N_("CNNSTUDIO_WEIGHTS"),
    "settings": N_("settings"),
    "downloads": N_("downloads"),
    "keras": N_("Keras' cache"),
}
_CHECKSUMS: dict[Checksum, str] = {
    "right": N_("right"),
    "wrong": N_("wrong"),
    "not_published": N_("not published"),
}
_OF_ONE_FILE = (
    "weights_not_on_server",
    "weights_wrong_bytes",
    "weights_wrong_checksum",
    "weights_damaged",
    "weights_unreadable",
)
"""What keeps one file from being fetched says nothing of the next one."""


def tell_weights(check: bool, output: Output) -> int:
    """Every network with weights: file, size, whether it is here and where.

    With ``check``, the engine looks into the files that are here; returns 1 if one is wrong.

    Raises:
        ProblemError: if they cannot be looked into.
        StoppedError: after Ctrl-C.
    """
    states = states_of_weights()
    here = [str(state.path) for state in states if state.path is not None]
    checked = {each.path: each for each in _checked(here, output)} if check and here else {}
    titles = [say("Name"), say("Network"), say("Size"), say("Where")]
    table = plain_table(*titles, *((say("Checksum"),) if check else ()), right=(2,))
    for state in states:
        found = checked.get(str(state.path))
        words = (say(_CHECKSUMS[found.checksum]),) if found is not None else ()
        table.add_row(
            _name(state.offered), state.offered.title, _size(state), _where(state), *words
        )
    output.table(table)
    output.sentence("")
    output.sentence(_total(states))
    wrong = [each for each in checked.values() if not each.is_right]
    for each in wrong:
        assert each.problem is not None
        output.problem(each.problem)
    output.sentence(say("Fetch more with: cnnstudio weights fetch NAME"))
    output.result(weights=[_state_values(state, checked.get(str(state.path))) for state in states])
    return 1 if wrong else 0


def fetch(
    names: list[str],
    take_all: bool,
    to: Path | None,
    width: float | None,
    size: int | None,
    output: Output,
) -> int:
    """Fetch the weights of the named networks, or of all; returns the exit code.

    Raises:
        ProblemError: if a name or the width is unknown.
    """
    wanted = _wanted(names, take_all, width)
    folder = str(to.expanduser().absolute()) if to is not None else ""
    files: list[dict[str, Any]] = []
    problems: list[Problem] = []
    try:
        with stopping_on_interrupt() as should_stop, engines() as keeper:
            for each in wanted:
                picture_size = size or each.row.usual_size
                is_cut_off = any(problem.kind not in _OF_ONE_FILE for problem in problems)
                if is_cut_off and weights_here(each.row, each.width, picture_size) is None:
                    continue  # It would only fail for the same reason, after some time.
                name = each.names(picture_size)[0]
                output.event("fetch", network=each.row.key, width=each.width, file=name)
                output.sentence(f"{each.title}: {name}", "bold")
                command = FetchWeights(each.row.key, each.width, picture_size, folder)
                try:
                    answer = ask(keeper, command, output, should_stop)
                except ProblemError as error:
                    problems.append(error.problem)
                    if len(wanted) > 1:
                        output.warning(error.problem)
                    continue
                assert isinstance(answer, WeightsFetched)
                files.append(_tell_fetched(each, answer, output))
    except StoppedError:
        output.failure(
            say("Stopped. What has arrived is kept."),
            say("Give the same command again: it goes on where it stopped."),
            files=files,
        )
        return STOPPED_CODE
    if problems and len(wanted) == 1:
        output.failure(problems[0].message, problems[0].remedy, files=files)
    elif problems:
        message = say("{here} of {count} files are here.", here=len(files), count=len(wanted))
        output.failure(message, problems[-1].remedy, files=files)
    else:
        output.result(files=files)
    return 1 if problems else 0


def check(folder: Path, output: Output) -> int:
    """Look into every weights file of ``folder``; returns 1 if one of them is wrong.

    Raises:
        ProblemError: ``weights_folder_empty``, or if they cannot be looked into.
        StoppedError: after Ctrl-C.
    """
    folder = folder.expanduser().absolute()
    found = [str(folder / name) for name in files_in(folder)]
    if not found:
        raise ProblemError(Problem("weights_folder_empty", file=str(folder)))
    checked = _checked(found, output)
    table = plain_table(
        say("File"), say("Network"), say("Size"), say("Checksum"), say("Result"), right=(2,)
    )
    table.columns[0].no_wrap = True  # to be copied in one piece
    for each in checked:
        table.add_row(
            Path(each.path).name,
            each.title or "–",
            _megabytes(each.size),
            say(_CHECKSUMS[each.checksum]),
            _result(each),
            style="" if each.is_right else "red",
        )
    output.table(table)
    output.sentence("")
    for each in checked:
        if each.problem is not None:
            output.problem(each.problem)
    values = {"folder": str(folder), "files": [_checked_values(each) for each in checked]}
    wrong = sum(not each.is_right for each in checked)
    if wrong:
        message = say_count(
            "{count} of {files} files is not right.",
            "{count} of {files} files are not right.",
            wrong,
            files=len(checked),
        )
        output.failure(message, "", **values)
        return 1
    output.sentence(say("All is well."), "green")
    output.result(**values)
    return 0


def _checked(files: list[str], output: Output) -> tuple[CheckedFile, ...]:
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        answer = ask(keeper, CheckWeights(tuple(files)), output, should_stop)
    assert isinstance(answer, WeightsChecked)
    return answer.files


def _wanted(names: list[str], take_all: bool, width: float | None) -> list[OfferedWeights]:
    rows = [row for row in NETWORKS if row.weights is not None] if take_all else []
    rows += [_named(name) for name in names]
    if not rows:
        raise ProblemError(Problem("weights_none_named"))
    if take_all and width is None:
        return list(offered_weights())
    return [_at_width(row, width) for row in {row.key: row for row in rows}.values()]


def _named(name: str) -> NetworkRow:
    _require(NetworkPlan(base=name))
    row = find_network(name)
    if row is None or row.weights is None:
        title = name if row is None else row.title
        raise ProblemError(Problem("weights_from_scratch", values={"network": title}))
    return row


def _at_width(row: NetworkRow, width: float | None) -> OfferedWeights:
    assert row.weights is not None
    _require(NetworkPlan(base=row.key, width=1.0 if width is None else width))
    return OfferedWeights(row, row.weights, 1.0 if width is None else width)


def _require(plan: NetworkPlan) -> None:
    for problem in errors_in(problems_of(Project(network=plan))):
        if problem.where in ("network.base", "network.width"):
            raise ProblemError(problem)


def _tell_fetched(
    offered: OfferedWeights, answer: WeightsFetched, output: Output
) -> dict[str, Any]:
    if answer.was_here:
        output.sentence("  " + say("Was here already: {path}", path=answer.file))
    else:
        output.sentence("  " + say("Written: {path}", path=answer.file))
    values = {
        "network": offered.row.key,
        "width": offered.width,
        "file": answer.file,
        "was_here": answer.was_here,
    }
    output.event("fetched", **values)
    return values


def _name(offered: OfferedWeights) -> str:
    """What is given to ``fetch``."""
    width = "" if offered.width == 1.0 else f" --width {offered.width:g}"
    return f"{offered.row.key}{width}"


def _size(state: WeightsState) -> str:
    if state.path is not None:
        return _megabytes(state.size)
    if not state.offered.megabytes:
        return "–"
    return say("{megabytes} MB", megabytes=f"{state.offered.megabytes:.1f}")


def _megabytes(size: int) -> str:
    return say("{megabytes} MB", megabytes=f"{size / 1e6:.1f}")


def _where(state: WeightsState) -> str:
    if state.path is not None and state.folder is not None:
        return f"{state.path.parent} ({say(FOLDER_WORDS[state.folder.kind])})"
    if state.unfinished:
        return say(
            "not here, {megabytes} MB have arrived", megabytes=f"{state.unfinished / 1e6:.1f}"
        )
    return say("not here")


def _total(states: tuple[WeightsState, ...]) -> str:
    here = {state.path: state.size for state in states if state.path is not None}
    return say(
        "{here} of {count} are here, {megabytes} MB.",
        here=sum(state.path is not None for state in states),
        count=len(states),
        megabytes=f"{sum(here.values()) / 1e6:.1f}",
    )


def _result(checked: CheckedFile) -> str:
    if not checked.is_right:
        return say("not right")
    return say("fits") if checked.network else say("unknown name")


def _state_values(state: WeightsState, checked: CheckedFile | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "network": state.offered.row.key,
        "width": state.offered.width,
        "name": state.path.name if state.path is not None else state.offered.name,
        "here": state.path is not None,
        "file": str(state.path or ""),
        "folder": state.folder.kind if state.folder is not None else "",
        "megabytes": round(state.size / 1e6, 2) if state.path else state.offered.megabytes,
        "unfinished_megabytes": round(state.unfinished / 1e6, 2),
    }
    if checked is not None:
        values |= _findings(checked)
    return values


def _checked_values(checked: CheckedFile) -> dict[str, Any]:
    return {
        "file": checked.path,
        "megabytes": round(checked.size / 1e6, 2),
        "network": checked.network,
        "width": checked.width,
        **_findings(checked),
    }


def _findings(checked: CheckedFile) -> dict[str, Any]:
    problem = as_values(checked.problem) if checked.problem is not None else None
    return {"checksum": checked.checksum, "right": checked.is_right, "problem": problem}
