"""Training in the terminal: the way from a folder or project to a run and a model file."""

import contextlib
import time
from collections.abc import Collection
from pathlib import Path

from cnnstudio.cli.engine import (
    ShouldStop,
    StoppedError,
    ask,
    engines,
    stopping_on_interrupt,
)
from cnnstudio.cli.output import Bars, Output, quoted
from cnnstudio.cli.pictures import remember_split, remembered_split
from cnnstudio.cli.training_display import TrainingDisplay
from cnnstudio.cli.training_end import tell_result, tell_summary
from cnnstudio.images.arrangement import Arrangement, arrange, scan_pictures
from cnnstudio.images.checking import check_pictures
from cnnstudio.images.store import prepare_pictures
from cnnstudio.project.checks import problems_of
from cnnstudio.project.losses import resolved_loss
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price_corrections import learn_from
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.run_lag import is_to_be_brought_up_to_date
from cnnstudio.project.time_limit import deadline_of, deadline_sentence
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import (
    BringUpToDate,
    EpochEnded,
    FindWeights,
    News,
    Progress,
    Train,
    TrainingEnded,
)
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.exporting import ExportedModel, ExportStoppedError, export_model
from cnnstudio.worker.runs import (
    begin_run,
    changed_picture,
    require_outside,
    take_up,
    why_not,
)

_SECONDS_BEFORE_EXPORT = 15.0
"""So long before a training's end another engine starts: importing TensorFlow takes 2 to 4 s."""

_SECONDS_NOT_WORTH_WAITING = 60.0
"""An engine that waits longer than that would only take memory."""


def train(
    project: Project,
    runs: Path,
    export_to: Path | None,
    output: Output,
    split_file: Path,
) -> int:
    """Train ``project`` and, with ``export_to``, hand the model over; returns the exit code.

    ``split_file`` remembers which picture was in which part.

    Raises:
        ProblemError: if it cannot begin, or the model cannot be exported.
        StoppedError: if it was stopped before it began.
    """
    require_outside(runs, project.pictures.folders)
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        if export_to is not None:
            # Two engines start in little more time than one, as long as little else is done.
            keeper.warm_up_fresh()
        arrangement = look_through(project, output, should_stop, split_file)
        _read_pictures(arrangement, project, output, should_stop)
        find_weights(keeper, project, output, should_stop)
        run = begin_run(project, runs, arrangement)
        return _see_through(keeper, run, export_to, output, should_stop)


def go_on(run: RunFolder, added: int, export_to: Path | None, output: Output) -> int:
    """Let ``run`` go on after its last whole epoch, with ``added`` epochs more; returns the exit
    code.

    Raises:
        ProblemError: if it cannot go on, or the model cannot be exported.
        StoppedError: if it was stopped before it began.
    """
    problem = why_not(run, added=added)
    if problem is not None and problem.kind == "run_is_done":
        command = f"cnnstudio continue {quoted(run.path)}"
        problem = Problem("run_is_done_here", file=str(run.path), values={"command": command})
    if problem is not None:
        raise ProblemError(problem)
    if run.read_status().ended_by == "time_limit":
        output.sentence(say("Its time was up; now it goes on without a time limit."))
    if (changed := changed_picture(run)) is not None:
        output.warning(changed)
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        find_weights(keeper, run.read_project(), output, should_stop)
        take_up(run, added)
        return _see_through(keeper, run, export_to, output, should_stop)


def _see_through(
    keeper: EngineKeeper,
    run: RunFolder,
    export_to: Path | None,
    output: Output,
    should_stop: ShouldStop,
) -> int:
    """Train what stands in ``run``, say how it went and hand the model over."""
    output.event("run", run=str(run.path))
    output.sentence(say("Run: {path}", path=run.path), "dim")
    _tell_deadline(run, output)
    loss = resolved_loss(run.read_project(), len(run.read_status().classes))
    output.sentence(loss.why, "dim")
    ended = _train(keeper, run, output, should_stop, is_exported=export_to is not None)
    learn_from(run)
    if ended.outcome == "crashed":
        _bring_up_to_date(keeper, run, output, should_stop)
    tell_summary(ended, run, output)
    model, problem = _model_of(run), ended.problem
    if export_to is not None and model is not None and problem is None:
        try:
            # A training that was stopped is still handed over; only another Ctrl-C ends that.
            with stopping_on_interrupt() as stop_export:
                model = export(keeper, run, export_to, output, stop_export).file
        except ProblemError as error:
            problem = error.problem
    return tell_result(ended, run, model, problem, export_to, output)


def _tell_deadline(run: RunFolder, output: Output) -> None:
    """By when all is done. The time that nobody worked on the run does not count."""
    limit, now = run.read_project().training.time_limit, time.time()
    spent = sum(facts.seconds for facts in run.read_history())
    deadline = deadline_of(limit, now - spent if spent else run.read_status().started)
    if deadline is not None:
        output.sentence(deadline_sentence(deadline, now))


def look_through(
    project: Project,
    output: Output,
    should_stop: ShouldStop,
    split_file: Path,
) -> Arrangement:
    """Check plan and pictures, and say what is left out.

    Raises:
        ProblemError: the first problem that stands in the way.
        StoppedError: after Ctrl-C.
    """
    if not project.pictures.folders and not project.edits.added:
        raise ProblemError(Problem("no_folder", "pictures.folders"))
    _raise_first(problems_of(project))
    kept = remembered_split(split_file, project.pictures)
    before = kept.parts
    scan = scan_pictures(project)
    unread = arrange(scan, project.pictures, project.edits, None, before)
    _raise_first([*unread.problems, *problems_of(project, len(unread.scan.classes))])
    with Bars(output) as bars:
        try:
            report = check_pictures(scan, bars.looked_through, should_stop)
        except InterruptedError as error:
            raise StoppedError from error
    arrangement = arrange(scan, project.pictures, project.edits, report, before)
    _raise_first(list(arrangement.problems))
    if arrangement.listing is not None:
        digests = report.look_alikes.digests
        remember_split(split_file, kept.after(arrangement.listing, digests))
    num_classes = len(arrangement.scan.classes)
    for problem in (*problems_of(project, num_classes), *arrangement.problems):
        output.warning(problem)
    counts = ", ".join(f"{name} {count}" for name, count in arrangement.counts().items() if count)
    output.sentence(
        say_count(
            "{count} class: {counts}", "{count} classes: {counts}", num_classes, counts=counts
        )
    )
    return arrangement


def _read_pictures(
    arrangement: Arrangement, project: Project, output: Output, should_stop: ShouldStop
) -> None:
    """Read the pictures while the engine still starts, which then finds them read. What goes wrong
    goes wrong there again, and is told then.

    Raises:
        StoppedError: after Ctrl-C.
    """
    if arrangement.listing is None:
        return
    paths = [picture.path for picture in arrangement.listing.pictures]
    plan = project.pictures
    with Bars(output) as bars, contextlib.suppress(ProblemError):
        try:
            prepare_pictures(
                paths,
                plan.size,
                plan.fit,
                lambda done, total: bars.show(Progress("pictures", done, total)),
                should_stop,
            )
        except InterruptedError as error:
            raise StoppedError from error


def find_weights(
    keeper: EngineKeeper, project: Project, output: Output, should_stop: ShouldStop
) -> None:
    """See to it that the weights are on this computer; say so where they must be downloaded.

    Raises:
        ProblemError: if there is no way to get them.
        StoppedError: after Ctrl-C.
    """
    row = network_row(project.network)
    if row.weights is None or project.network.weights == "random":
        return
    network, size = project.network, project.pictures.size
    try:
        ask(keeper, FindWeights(network, size), output, should_stop)
    except ProblemError as error:
        if error.problem.kind != "weights_missing":
            raise
        output.event("download", network=row.key)
        output.sentence(
            say(
                "The weights of {network} are not on this computer yet and are downloaded now.",
                network=row.title,
            )
        )
        ask(keeper, FindWeights(network, size, download=True), output, should_stop)


def export(
    keeper: EngineKeeper, run: RunFolder, to: Path, output: Output, should_stop: ShouldStop
) -> ExportedModel:
    """Hand the run's model over, with a bar meanwhile.

    Raises:
        ProblemError: if it cannot be exported.
        StoppedError: after Ctrl-C.
    """
    which = run.read_project().export.model
    with output.waiting(say("Exporting the model and checking the file in a fresh process")):
        try:
            exported = export_model(keeper, run, which, to, None, should_stop)
        except ExportStoppedError as error:
            raise StoppedError from error
    output.event(
        "exported",
        file=str(exported.file),
        megabytes=round(exported.megabytes, 1),
        difference=exported.difference,
    )
    output.sentence(
        say(
            "Exported: {file} ({megabytes} MB). Loaded in a fresh process, it gives the same "
            "answers.",
            file=exported.file,
            megabytes=f"{exported.megabytes:.1f}",
        )
    )
    return exported


def _train(
    keeper: EngineKeeper,
    run: RunFolder,
    output: Output,
    should_stop: ShouldStop,
    is_exported: bool,
) -> TrainingEnded:
    engine = keeper.take()

    def tell(event: News) -> None:
        # Who checks the file is to be ready then, but not long before: that takes memory.
        if is_exported and isinstance(event, EpochEnded):
            if event.seconds_left < _SECONDS_BEFORE_EXPORT:
                keeper.warm_up_fresh()
            elif event.seconds_left > _SECONDS_NOT_WORTH_WAITING:
                keeper.cool_down_fresh()
        display.tell(event)

    try:
        with Bars(output) as bars:
            display = TrainingDisplay(output, bars, run.read_project())
            bars.waiting(engine.is_ready)
            ended = engine.run(Train(str(run.path), download=True), tell, should_stop)
    finally:
        keeper.give_back(engine)
    assert isinstance(ended, TrainingEnded)
    return ended


def _bring_up_to_date(
    keeper: EngineKeeper, run: RunFolder, output: Output, should_stop: ShouldStop
) -> None:
    """Let another engine write the models that the one which is gone could not. Where that fails
    too, those are there that were written before."""
    if is_to_be_brought_up_to_date(run):
        with contextlib.suppress(ProblemError, StoppedError):
            ask(keeper, BringUpToDate(str(run.path)), output, should_stop)


def _model_of(run: RunFolder) -> Path | None:
    try:
        return run.model("best")
    except ProblemError:
        return None


def _raise_first(problems: Collection[Problem]) -> None:
    for problem in errors_in(list(problems)):
        raise ProblemError(problem)
