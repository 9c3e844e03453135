"""What is absent from an HDF5 file is refused and named; the HDF5 library would read it as zeros."""

import re

import h5py
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.io.absent import refuse_absent

ROWS = np.arange(1.0, 13.0).reshape(6, 2)


def source(folder, name, rows):
    with h5py.File(folder / name, "w") as file:
        file["x"] = rows
    return name


def virtual(folder, *parts, n_rows=6):
    """A virtual data set whose parts are (name of the file, name in it, rows of it, first row here)."""
    layout = h5py.VirtualLayout((n_rows, 2), "f8")
    for name, key, rows, first in parts:
        layout[first : first + rows] = h5py.VirtualSource(name, key, (rows, 2))
    with h5py.File(folder / "all.h5", "w") as file:
        file["y"] = ROWS[:2]
        file.create_virtual_dataset("x", layout, fillvalue=0)
    return folder / "all.h5"


def refused(path):
    with h5py.File(path) as file, pytest.raises(InputError) as info:
        refuse_absent(path, file["x"])
    assert str(info.value).startswith(f"{path}: a part of x is absent and would read as zeros.")
    return str(info.value).partition("Received: ")[2]


def accepted(path):
    with h5py.File(path) as file:
        refuse_absent(path, file["x"])
        return file["x"][:]


def test_a_complete_virtual_data_set_is_accepted(tmp_path):
    source(tmp_path, "a.h5", ROWS[:4])
    path = virtual(tmp_path, ("a.h5", "x", 4, 0), (".", "y", 2, 4))
    assert accepted(path).tolist() == [*ROWS[:4].tolist(), *ROWS[:2].tolist()]


def test_columns_from_different_sources_are_complete_together(tmp_path):
    source(tmp_path, "a.h5", ROWS)
    layout = h5py.VirtualLayout((6, 2), "f8")
    taken = h5py.VirtualSource("a.h5", "x", (6, 2))
    layout[:, 0] = taken[:, 1]
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file.create_virtual_dataset("x", layout)
    assert refused(tmp_path / "all.h5") == "no source for 6 of them, the first of which is 0."
    layout[:, 1] = taken[:, 0]
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file.create_virtual_dataset("x", layout)
    assert accepted(tmp_path / "all.h5").tolist() == ROWS[:, ::-1].tolist()


def test_a_source_that_is_not_there_is_named(tmp_path):
    source(tmp_path, "a.h5", ROWS[:4])
    path = virtual(tmp_path, ("a.h5", "x", 4, 0), ("b.h5", "x", 2, 4))
    assert refused(path) == "its source b.h5 is not there."


def test_a_source_without_the_data_set_is_named(tmp_path):
    source(tmp_path, "a.h5", ROWS)
    path = virtual(tmp_path, ("a.h5", "z", 6, 0))
    assert refused(path) == f"its source {tmp_path / 'a.h5'} has no z."


def test_a_source_that_is_no_hdf5_is_named(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"text")
    assert refused(virtual(tmp_path, ("a.h5", "x", 6, 0))) == f"its source {tmp_path / 'a.h5'} is damaged."


def test_a_source_that_is_shorter_than_what_is_taken_from_it(tmp_path):
    source(tmp_path, "a.h5", ROWS[:5])
    path = virtual(tmp_path, ("a.h5", "x", 6, 0))
    assert refused(path) == f"its source {tmp_path / 'a.h5'} has only 5 rows."


def test_a_source_that_lacks_a_source(tmp_path):
    (tmp_path / "inner").mkdir()
    inner = virtual(tmp_path / "inner", ("gone.h5", "x", 6, 0))
    path = virtual(tmp_path, (str(inner), "x", 6, 0))
    assert refused(path) == "its source gone.h5 is not there."


def test_rows_that_no_source_is_mapped_to(tmp_path):
    source(tmp_path, "a.h5", ROWS[:4])
    path = virtual(tmp_path, ("a.h5", "x", 4, 0))
    assert refused(path) == "no source for 2 of them, the first of which is 4."


@pytest.mark.parametrize("chunks", [None, (2, 2)])
def test_rows_that_were_never_written(tmp_path, chunks):
    path = tmp_path / "part.h5"
    with h5py.File(path, "w") as file:
        rows = file.create_dataset("x", (6, 2), "f8", chunks=chunks)
        if chunks:
            rows[:4] = ROWS[:4]
    assert refused(path) == "rows that were never written."
    with h5py.File(path, "a") as file:
        file["x"][:] = ROWS
    assert accepted(path).tolist() == ROWS.tolist()


def test_a_raw_file_that_is_gone_or_cut(tmp_path):
    raw = tmp_path / "raw.bin"
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("x", (6, 2), "f8", external=[(str(raw), 0, h5py.h5f.UNLIMITED)])[:] = ROWS
    assert accepted(tmp_path / "x.h5").tolist() == ROWS.tolist()
    raw.write_bytes(raw.read_bytes()[:80])
    assert refused(tmp_path / "x.h5") == f"its raw file {raw} has 80 of 96 bytes."
    raw.unlink()
    assert re.fullmatch("its raw file .* is not there.", refused(tmp_path / "x.h5"))


def test_no_rows_lack_nothing(tmp_path):
    with h5py.File(tmp_path / "none.h5", "w") as file:
        file.create_dataset("x", (0, 2), "f8")
    assert accepted(tmp_path / "none.h5").shape == (0, 2)
