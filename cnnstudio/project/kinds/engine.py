"""Problems of engine and training."""

from cnnstudio.project.kinds.kind import ProblemKind
from cnnstudio.project.words import N_

_SEE_LOG = N_("Look into the run's log, and try again.")

ENGINE_KINDS: dict[str, ProblemKind] = {
    "out_of_memory_at_one": ProblemKind(
        N_("The computer ran out of memory, although the batches are single pictures."),
        N_(
            "Choose smaller pictures, a smaller network, or freeze more layers. Everything up to "
            "the last epoch is kept."
        ),
    ),
    "out_of_memory": ProblemKind(
        N_("The computer ran out of memory."),
        N_(
            "Choose a smaller batch size (for example {batch_size}), smaller pictures or a "
            "smaller network. Everything up to the last epoch is kept."
        ),
    ),
    "engine_killed": ProblemKind(
        N_("The training program was ended from outside."),
        N_("Start again. Nothing that was saved is lost."),
    ),
    "training_killed": ProblemKind(
        N_("The training program was ended from outside."),
        N_("The run can go on: everything up to the last whole epoch is kept."),
    ),
    "engine_crashed": ProblemKind(
        N_("The training program ended unexpectedly (code {code})."),
        N_("Start again. Nothing that was saved is lost; the log tells more."),
    ),
    "training_crashed": ProblemKind(
        N_("The training program ended unexpectedly (code {code})."),
        N_("The run can go on: everything up to the last whole epoch is kept. The log tells more."),
    ),
    "engine_will_not_start": ProblemKind(
        N_("The training program could not start: {reason}."),
        N_("Restart the computer; if it still fails, install CNN Studio again."),
    ),
    "loss_not_a_number": ProblemKind(
        N_("The loss is no longer a number: the training went astray in epoch {epoch}."),
        N_("Choose a lower learning rate, for example {learning_rate}."),
    ),
    "checkpoint_damaged": ProblemKind(
        N_("The run cannot go on: what it kept for that, {path}, is damaged."),
        N_("Begin a new run with the same plan. Models, history and answers stay as they are."),
    ),
    "checkpoint_other_network": ProblemKind(
        N_("The run cannot go on: its plan has another network than it was trained with."),
        N_("Put plan.json back as it was, or begin a new run. What was reached is kept."),
    ),
    "checkpoint_other_pictures": ProblemKind(
        N_("The run cannot go on: its pictures are not those that it was trained with."),
        N_("Put the pictures back as they were, or begin a new run. What was reached is kept."),
    ),
    "time_too_short": ProblemKind(
        N_("The time was over before the training could begin: nothing was learned."),
        N_("Allow more time, or choose fewer or smaller pictures."),
    ),
    "unknown_ending": ProblemKind(
        N_("It ended for a reason that only another version of CNN Studio knows."), _SEE_LOG
    ),
    "went_wrong": ProblemKind(
        N_("Something went wrong inside: {reason}."),
        N_("Please tell us; the details are in {path}."),
    ),
    "engine_failed": ProblemKind(N_("Something went wrong inside: {reason}."), _SEE_LOG),
}
