"""Training in the terminal: the way from a folder or project to a run and a model file."""

from collections.abc import Collection
from pathlib import Path

from cnnstudio.cli.engine import (
    ShouldStop,
    StoppedError,
    ask,
    engines,
    stopping_on_interrupt,
)
from cnnstudio.cli.output import Bars, Output
from cnnstudio.cli.pictures import remember_split, remembered_split
from cnnstudio.cli.training_display import TrainingDisplay
from cnnstudio.cli.training_end import tell_result, tell_summary
from cnnstudio.images.arrangement import Arrangement, arrange, scan_pictures
from cnnstudio.images.checking import check_pictures
from cnnstudio.project.checks import problems_of
from cnnstudio.project.losses import resolved_loss
from cnnstudio.project.network_table import network_row
from cnnstudio.project.price_corrections import learn_from
from cnnstudio.project.problems import Problem, ProblemError, errors_in
from cnnstudio.project.project import Project
from cnnstudio.project.run_folder import RunFolder
from cnnstudio.project.words import say, say_count
from cnnstudio.protocol import FindWeights, Train, TrainingEnded
from cnnstudio.worker.engine_keeper import EngineKeeper
from cnnstudio.worker.exporting import ExportedModel, ExportStoppedError, export_model
from cnnstudio.worker.runs import (
    add_epochs,
    begin_run,
    changed_picture,
    mark_running,
    require_outside,
    why_not,
)


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
        arrangement = look_through(project, output, should_stop, split_file)
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
    if added:
        add_epochs(run, added)
    problem = why_not(run)
    if problem is not None:
        raise ProblemError(problem)
    if (changed := changed_picture(run)) is not None:
        output.warning(changed)
    with stopping_on_interrupt() as should_stop, engines() as keeper:
        find_weights(keeper, run.read_project(), output, should_stop)
        mark_running(run)
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
    loss = resolved_loss(run.read_project(), len(run.read_status().classes))
    output.sentence(loss.why, "dim")
    ended = _train(keeper, run, output, should_stop)
    learn_from(run)
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
    keeper: EngineKeeper, run: RunFolder, output: Output, should_stop: ShouldStop
) -> TrainingEnded:
    engine = keeper.take()
    try:
        with Bars(output) as bars:
            display = TrainingDisplay(output, bars, run.read_project())
            bars.waiting(engine.is_ready)
            ended = engine.run(Train(str(run.path), download=True), display.tell, should_stop)
    finally:
        keeper.give_back(engine)
    assert isinstance(ended, TrainingEnded)
    return ended


def _model_of(run: RunFolder) -> Path | None:
    try:
        return run.model("best")
    except ProblemError:
        return None


def _raise_first(problems: Collection[Problem]) -> None:
    for problem in errors_in(list(problems)):
        raise ProblemError(problem)
