"""Files are complete or absent; jets written in chunks come back as they were."""

import tracemalloc

import h5py
import numpy as np
import pytest

from offshell import __version__
from offshell.errors import InputError
from offshell.io.jets.columns import read_jet_columns
from offshell.io.jets.reading import read_jets
from offshell.io.replacing import replacing
from offshell.io.store import EventArrays, JetArrays, write_events, write_jets


def jets(n_jets, seed=0):
    return np.random.default_rng(seed).random((n_jets, 200, 4), dtype=np.float32)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_replacing_puts_the_file_in_place_and_makes_its_folder(tmp_path):
    path = tmp_path / "a" / "b" / "note.txt"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert names(path.parent) == ["note.txt"]


def test_replacing_keeps_the_suffix_by_which_writers_choose_the_format(tmp_path):
    with replacing(tmp_path / "model.keras") as temporary:
        assert temporary.suffix == ".keras"


def test_replacing_takes_a_path_as_text(tmp_path):
    with replacing(str(tmp_path / "note.txt")) as temporary:
        temporary.write_text("new")
    assert names(tmp_path) == ["note.txt"]


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, interruption):
    path = tmp_path / "note.txt"
    path.write_text("old")

    def interrupted():
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise interruption

    with pytest.raises(interruption):
        interrupted()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["note.txt"]


def test_the_file_has_the_permissions_of_any_new_file(tmp_path):
    plain = tmp_path / "plain"
    plain.touch()
    with replacing(tmp_path / "note.txt"):
        pass
    assert (tmp_path / "note.txt").stat().st_mode == plain.stat().st_mode


def test_a_folder_in_the_place_of_the_file_is_refused_before_any_work(tmp_path):
    with pytest.raises(InputError, match=r"Received: an existing folder\."), replacing(tmp_path):
        pytest.fail("the block must not run")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(InputError, match="Expected: a folder to write in"),
        replacing(tmp_path / "file" / "x"),
    ):
        pytest.fail("the block must not run")


def test_jets_in_chunks_of_any_length_come_back_as_they_were(tmp_path):
    path = tmp_path / "qcd.h5"
    chunks = [jets(3), jets(0), jets(300, seed=1)]
    n_jets = write_jets(path, iter(chunks), attributes={"process": "qcd", "seed": 7})
    assert n_jets == 303
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["constituents"], np.concatenate(chunks))
        assert file["constituents"].dtype == np.float32
        assert dict(file.attrs) == {
            "process": "qcd",
            "seed": 7,
            "offshell_version": __version__,
            "columns": "E, px, py, pz",
            "units": "GeV",
        }


def test_columns_of_jets_are_data_sets_beside_them(tmp_path):
    columns = [{"weight": np.full(n, n, np.float32), "charge": np.ones((n, 200), np.int8)} for n in (3, 2)]
    energies = np.zeros((5, 200, 4), np.float32)
    energies[:, 0] = [600, 600, 0, 0]
    parts = zip((energies[:3], energies[3:]), columns, strict=True)
    write_jets(tmp_path / "qcd.h5", (JetArrays(*part) for part in parts), attributes={})
    with h5py.File(tmp_path / "qcd.h5") as file:
        assert file["weight"][:].tolist() == [3, 3, 3, 2, 2]
        assert file["charge"].shape == (5, 200)
        assert (file["weight"].dtype, file["charge"].dtype) == (np.float32, np.int8)
    found = read_jet_columns(tmp_path / "qcd.h5", start=2, stop=4)
    assert set(found) == {"weight", "charge"}
    assert found["weight"].tolist() == [3, 2]
    assert read_jets(tmp_path / "qcd.h5").shape == (5, 200, 4)


def test_zero_padding_costs_little(tmp_path):
    padded = jets(1000)
    padded[:, 20:] = 0
    write_jets(tmp_path / "qcd.h5", [padded], attributes={})
    assert (tmp_path / "qcd.h5").stat().st_size < 0.15 * padded.nbytes


def test_memory_does_not_grow_with_the_number_of_jets(tmp_path):
    tracemalloc.start()
    assert write_jets(tmp_path / "qcd.h5", (jets(100) for _ in range(20)), attributes={}) == 2000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * jets(100).nbytes


def test_an_interrupted_simulation_leaves_no_file(tmp_path):
    def chunks():
        yield jets(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_jets(tmp_path / "qcd.h5", chunks(), attributes={})
    assert names(tmp_path) == []


@pytest.mark.parametrize("shape", [(2, 100, 4), (2, 200, 3), (200, 4)])
def test_a_chunk_of_another_shape_is_refused(tmp_path, shape):
    with pytest.raises(InputError, match=r"Expected: \(n, 200, 4\)\. Received: \("):
        write_jets(tmp_path / "qcd.h5", [np.zeros(shape)], attributes={})
    assert names(tmp_path) == []


def test_no_jets_at_all_are_refused(tmp_path):
    with pytest.raises(InputError, match="Expected: at least one"):
        write_jets(tmp_path / "qcd.h5", [], attributes={})
    assert names(tmp_path) == []


def event_arrays(n_events, first=0):
    rng = np.random.default_rng(first)
    events = rng.random((n_events, 19, 4), dtype=np.float32)
    return EventArrays(
        events, np.full(n_events, 3, dtype=np.int8), first + np.arange(n_events), np.full(n_events, 0.5)
    )


def test_events_in_chunks_come_back_with_process_and_parent(tmp_path):
    chunks = [event_arrays(3), event_arrays(0), event_arrays(5, first=3)]
    assert write_events(tmp_path / "w.h5", chunks, attributes={"process": "w-lnu", "pileup": 20.0}) == 8
    with h5py.File(tmp_path / "w.h5") as file:
        np.testing.assert_array_equal(
            file["Particles"][:], np.concatenate([chunk.events for chunk in chunks])
        )
        np.testing.assert_array_equal(file["process"][:], 3)
        np.testing.assert_array_equal(file["parent"][:], np.arange(8))
        np.testing.assert_array_equal(file["weight"][:], 0.5)
        assert dict(file.attrs) == {
            "process": "w-lnu",
            "pileup": 20.0,
            "columns": "pt, eta, phi, class",
            "units": "GeV, radians",
            "offshell_version": __version__,
        }


def test_events_of_another_shape_are_refused_by_name(tmp_path):
    wrong = event_arrays(2)._replace(events=np.zeros((2, 19, 3)))
    with pytest.raises(InputError, match=r"Particles has the wrong shape. Expected: \(n, 19, 4\)"):
        write_events(tmp_path / "w.h5", [wrong], attributes={})
    assert names(tmp_path) == []


def test_no_events_at_all_are_refused(tmp_path):
    with pytest.raises(InputError, match="Expected: at least one"):
        write_events(tmp_path / "w.h5", [], attributes={})


def test_jets_with_labels_are_read_as_jets_and_keep_their_labels(tmp_path):
    path, made = tmp_path / "labeled.h5", ordered(massless(jets(5)))
    chunks = [
        JetArrays(made[i], {"kind": np.array([b"long", b"x"])[n]})
        for i, n in ((slice(3), [0, 1, 1]), (slice(3, 5), [1, 0]))
    ]
    assert write_jets(path, chunks, attributes={"seed": 3}) == 5
    np.testing.assert_array_equal(read_jets(path), made)
    with h5py.File(path) as file:
        assert list(file["kind"].asstr()) == ["long", "x", "x", "x", "long"]
        assert (file.attrs["seed"], file.attrs["offshell_version"]) == (3, __version__)


def massless(jets):
    jets[..., 0] = np.linalg.norm(jets[..., 1:], axis=-1)
    return jets


def ordered(jets):
    order = np.argsort(-np.hypot(jets[..., 1], jets[..., 2]), axis=1)
    return np.take_along_axis(jets, order[..., None], axis=1)


def test_no_labeled_jets_are_refused_and_leave_no_file(tmp_path):
    with pytest.raises(InputError, match="Nothing to write"):
        write_jets(tmp_path / "none.h5", [], attributes={})
    assert names(tmp_path) == []
