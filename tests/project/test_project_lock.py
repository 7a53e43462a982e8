"""One window at a time writes to a project."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import FILE_NAME, ProjectFolder

needs_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX's own locks and permissions")

OTHER_WINDOW = """
import sys
from pathlib import Path
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder

folder = ProjectFolder.open(Path(sys.argv[1]))
print([each.kind for each in folder.notices], flush=True)
for line in sys.stdin:
    if line.strip() == "save":
        folder.save(Project(name="of the other window"))
    if line.strip() == "close":
        folder.close()
    print("done", flush=True)
"""


class OtherWindow:
    """A second process that has the project open."""

    def __init__(self, path: Path) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-c", OTHER_WINDOW, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.notices = self._answer()

    def does(self, word: str) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(word + "\n")
        self.child.stdin.flush()
        assert self._answer() == "done"

    def _answer(self) -> str:
        assert self.child.stdout is not None
        return self.child.stdout.readline().strip()

    def killed(self) -> None:
        self.child.kill()
        self.child.communicate()


@pytest.fixture
def windows() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ProjectFolder.create(tmp_path, Project(name="mine")).close()
    return tmp_path


def other_window(windows: contextlib.ExitStack, path: Path) -> OtherWindow:
    window = OtherWindow(path)
    windows.callback(window.killed)
    return window


def test_a_second_window_opens_it_read_only_and_says_so(
    project: Path, windows: contextlib.ExitStack
) -> None:
    mine = ProjectFolder.open(project)
    other = other_window(windows, project)
    assert other.notices == "['project_locked']"
    other.does("save")
    mine.close()
    assert ProjectFolder.open(project).project.name == "mine"


def test_while_another_process_has_it_this_one_reads_only(
    project: Path, windows: contextlib.ExitStack
) -> None:
    other = other_window(windows, project)
    assert other.notices == "[]"
    mine = ProjectFolder.open(project)
    assert [each.kind for each in mine.notices] == ["project_locked"]
    assert mine.read_only
    other.does("save")
    mine.save(Project(name="too late"))
    mine.close()
    other.does("close")
    again = ProjectFolder.open(project)
    assert again.project.name == "of the other window"
    assert not again.read_only
    again.close()


def test_a_killed_window_leaves_no_lock(project: Path, windows: contextlib.ExitStack) -> None:
    other = other_window(windows, project)
    other.killed()
    mine = ProjectFolder.open(project)
    assert not mine.read_only
    mine.close()


def test_closing_a_read_only_window_does_not_free_the_lock(
    project: Path, windows: contextlib.ExitStack
) -> None:
    other_window(windows, project)
    for _ in range(2):
        mine = ProjectFolder.open(project)
        assert mine.read_only
        mine.close()


@needs_posix
def test_whoever_was_about_to_lock_while_it_was_let_go_shares_it_with_nobody(
    project: Path, windows: contextlib.ExitStack
) -> None:
    import fcntl

    # Deleting the lock file after letting go would give the next window a file of its own.
    first = ProjectFolder.open(project)
    with (project / ".lock").open("rb+") as at_the_door:
        first.close()
        fcntl.flock(at_the_door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert other_window(windows, project).notices == "['project_locked']"


def test_closing_twice_does_no_harm(project: Path) -> None:
    first = ProjectFolder.open(project)
    first.close()
    second = ProjectFolder.open(project)
    first.close()
    assert ProjectFolder.open(project).read_only
    second.close()


def test_two_windows_of_one_process_know_of_each_other(project: Path) -> None:
    first = ProjectFolder.open(project)
    assert ProjectFolder.open(project).read_only
    first.close()


def test_an_open_project_cannot_be_made_anew(project: Path) -> None:
    first = ProjectFolder.open(project)
    first.file.unlink()
    with pytest.raises(ProblemError) as caught:
        ProjectFolder.create(project, Project())
    assert caught.value.problem.kind == "project_locked"
    first.close()


OPEN_AS_NOBODY = """
import codecs, os, sys
from pathlib import Path
from cnnstudio.project.problems import ProblemError
from cnnstudio.project.project import Project
from cnnstudio.project.project_folder import ProjectFolder

codecs.lookup("utf-8-sig")  # while Python's own folder can still be read
if os.getuid() == 0:
    os.setuid(65534)
try:
    folder = ProjectFolder.open(Path(sys.argv[1]))
    folder.save(Project(name="changed"))
    print([each.kind for each in folder.notices], folder.project.name)
except ProblemError as error:
    print(error.problem.kind)
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A project in a folder that other people on this computer can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    ProjectFolder.create(folder / "p", Project(name="mine")).close()
    yield folder / "p"
    (folder / "p").chmod(0o755)
    shutil.rmtree(folder)


def opened_by_somebody_else(path: Path) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", OPEN_AS_NOBODY, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


@needs_posix
@pytest.mark.parametrize("has_lock_file", [True, False])
def test_a_folder_without_permission_to_write_opens_read_only(
    shared: Path, has_lock_file: bool
) -> None:
    if not has_lock_file:
        (shared / ".lock").unlink()
    shared.chmod(0o555)
    assert opened_by_somebody_else(shared) == "['project_read_only'] mine"


@needs_posix
def test_a_file_without_permission_to_read_is_told(shared: Path) -> None:
    (shared / FILE_NAME).chmod(0)
    assert opened_by_somebody_else(shared) == "project_unreadable"


@needs_posix
def test_a_folder_without_permission_to_enter_is_told(shared: Path) -> None:
    shared.chmod(0)
    assert opened_by_somebody_else(shared) == "project_unreadable"


@needs_posix
def test_two_people_who_may_both_write_take_turns(shared: Path) -> None:
    shared.chmod(0o777)
    assert opened_by_somebody_else(shared) == "[] changed"
    mine = ProjectFolder.open(shared)
    assert not mine.read_only
    assert mine.project.name == "changed"
    assert opened_by_somebody_else(shared) == "['project_locked'] changed"
    mine.close()


def refusing(error: Exception) -> object:
    def acquire(lock: FileLock) -> None:
        raise error

    return acquire


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOLCK, "No locks available"), NotImplementedError("flock")]
)
def test_a_network_drive_without_locks_can_be_written_to(
    project: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(FileLock, "acquire", refusing(error))
    folder = ProjectFolder.open(project)
    folder.save(Project(name="changed"))
    folder.close()
    assert ProjectFolder.open(project).project.name == "changed"


def test_a_lock_that_may_not_be_written_means_read_only(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(FileLock, "acquire", refusing(denied))
    folder = ProjectFolder.open(project)
    assert [each.kind for each in folder.notices] == ["project_read_only"]
