"""HDF5 files are complete or not there, also when the disk is full."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.io import new_hdf5
from offshell.io.replacing import refuse_unwritable, replacing
from offshell.io.store import write_jets
from offshell.io.temporaries import temporary_beside


def jets(n_chunks):
    rng = np.random.default_rng(1)
    return (rng.random((300, 200, 4), dtype=np.float32) for _ in range(n_chunks))


# A file that cannot grow beyond 400 kB, as on a disk that is full.
FULL = """
import resource, sys
import numpy as np
from offshell.errors import InputError
from offshell.io.store import write_jets
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
rng, n_asked = np.random.default_rng(1), 0
def chunks():
    global n_asked
    for n_asked in range(1, 100):
        yield rng.random((300, 200, 4), dtype=np.float32)
try:
    write_jets(sys.argv[1], chunks(), attributes={})
except InputError as error:
    print(n_asked, error)
"""


def test_a_full_disk_ends_in_one_line_and_in_no_crash(tmp_path):
    path = tmp_path / "jets.h5"
    words = [sys.executable, "-c", FULL, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    n_asked, _, line = done.stdout.partition(" ")
    assert line == f"Cannot write {path}. Expected: room for it. Received: {os.strerror(errno.EFBIG)}.\n"
    assert int(n_asked) < 20  # not after all have been simulated
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
@pytest.mark.parametrize("nth", [1, 3, 6])
def test_what_happens_while_hdf5_writes_is_raised_after_it(failure, nth, tmp_path, monkeypatch):
    count = []

    def failing(_self, _data):
        count.append(1)
        if len(count) == nth:
            raise failure

    monkeypatch.setattr(new_hdf5._Target, "_write_all", failing)
    with pytest.raises(InputError if isinstance(failure, OSError) else KeyboardInterrupt):
        write_jets(tmp_path / "jets.h5", jets(20), attributes={})
    assert list(tmp_path.iterdir()) == []


def test_a_partial_write_goes_on(tmp_path, monkeypatch):
    whole = new_hdf5.io.FileIO.write
    monkeypatch.setattr(
        new_hdf5._Target,
        "_write_all",
        lambda self, data: [whole(self, data[n : n + 7]) for n in range(0, len(data), 7)],
    )
    write_jets(tmp_path / "jets.h5", jets(1), attributes={})
    with h5py.File(tmp_path / "jets.h5") as file:
        np.testing.assert_array_equal(file["constituents"], next(jets(1)))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_whatever_is_written(code, tmp_path):
    with pytest.raises(InputError, match=r"note\.txt\. Expected: room"), replacing(tmp_path / "note.txt"):
        raise OSError(code, "full")
    assert list(tmp_path.iterdir()) == []


def test_other_errors_of_the_block_go_through(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "note.txt"):
        raise FileNotFoundError


def dead_process():
    done = subprocess.Popen(["true"])
    done.wait()
    return done.pid


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    living = temporary_beside(tmp_path / "jets.h5")
    host, _, own = living.name.split(".")[2].partition("-")
    dead = f"{dead_process()}-{own.partition('-')[2]}"
    abandoned, elsewhere = tmp_path / f".jets.{host}-{dead}.h5", tmp_path / f".jets.00000000-{dead}.h5"
    others = [tmp_path / name for name in (".profile", f"jets.{host}-{dead}.h5", ".jets.h5")]
    for path in (living, abandoned, elsewhere, *others):
        path.touch()
    with replacing(tmp_path / "note.txt") as temporary:
        temporary.write_text("new")
    assert set(tmp_path.iterdir()) == {living, elsewhere, *others, tmp_path / "note.txt"}


def test_a_temporary_says_whose_it_is_and_keeps_stem_and_suffix():
    temporary = temporary_beside(Path("folder/model.keras"))
    assert temporary.parent == Path("folder")
    assert temporary.name.startswith(".model.")
    assert f"-{os.getpid()}-" in temporary.name
    assert temporary.suffix == ".keras"


def test_what_cannot_be_written_is_refused_before_the_work(tmp_path):
    (tmp_path / "file").touch()
    refuse_unwritable(tmp_path / "file")
    refuse_unwritable(tmp_path / "new" / "folders" / "file")
    assert not (tmp_path / "new").exists()
    with pytest.raises(InputError, match="existing folder"):
        refuse_unwritable(tmp_path)
    with pytest.raises(InputError, match="file is a file"):
        refuse_unwritable(tmp_path / "file" / "below" / "it")


def test_a_folder_without_permission(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, _: path != tmp_path)
    with pytest.raises(InputError, match=f"no permission to write in {tmp_path}"):
        refuse_unwritable(tmp_path / "new" / "file")
