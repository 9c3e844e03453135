"""Jets are read from every layout in one form, and each defect of a file gives one clear line."""

import sys
import tracemalloc

import h5py
import numpy as np
import pandas as pd
import pytest

from offshell.errors import InputError, MissingDependencyError
from offshell.io.jets.reading import count_jets, iter_jets, read_jets
from offshell.io.store import write_jets


def toy_jets(n_jets, n_particles=200, seed=0):
    """Massless constituents around one axis, ordered by pT; the last quarter of each jet is padding."""
    rng = np.random.default_rng(seed)
    pt = np.sort(rng.exponential(10, (n_jets, n_particles)))[:, ::-1] + 0.1
    pt[:, n_particles - n_particles // 4 :] = 0
    eta, phi = rng.normal(0, 0.2, (2, n_jets, n_particles))
    four = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.stack(four, axis=-1).astype(np.float32)


def hdf5(path, **datasets):
    with h5py.File(path, "w") as file:
        for key, values in datasets.items():
            file[key] = values
    return path


def table(path, jets, **columns):
    """The layout of the Top Tagging reference set: 800 constituent columns, truth, ttv and is_signal_new."""
    names = [f"{component}_{i}" for i in range(jets.shape[1]) for component in ("E", "PX", "PY", "PZ")]
    frame = pd.DataFrame(jets.reshape(len(jets), len(names)), columns=names)
    truth = pd.DataFrame(
        np.zeros((len(jets), 4), np.float32), columns=["truthE", "truthPX", "truthPY", "truthPZ"]
    )
    extra = pd.DataFrame({"ttv": np.zeros(len(jets), np.int64), **columns})
    pd.concat([frame, truth, extra], axis=1).to_hdf(path, key="table", format="table", mode="w")
    return path


@pytest.fixture(scope="module")
def jets():
    return toy_jets(60)


@pytest.fixture(scope="module", params=["constituents", "table"])
def labeled(request, jets, tmp_path_factory):
    """One file of each layout, where every third jet is a top jet."""
    path = tmp_path_factory.mktemp("files") / f"{request.param}.h5"
    is_top = np.arange(60) % 3 == 0
    if request.param == "table":
        return table(path, jets, is_signal_new=is_top.astype(np.int64))
    return hdf5(path, constituents=jets, label=is_top.astype(np.int8))


def test_what_was_written_is_read(tmp_path, jets):
    write_jets(tmp_path / "qcd.h5", [jets], attributes={})
    np.testing.assert_array_equal(read_jets(tmp_path / "qcd.h5"), jets)


def test_every_layout_gives_the_same_jets(labeled, jets):
    received = read_jets(str(labeled))
    assert received.dtype == np.float32
    np.testing.assert_array_equal(received, jets)


@pytest.mark.parametrize("rows_at_once", [7, 8192])
def test_labels_and_ranges_are_those_of_slices(labeled, jets, monkeypatch, rows_at_once):
    monkeypatch.setattr("offshell.io.jets.reading._ROWS_AT_ONCE", rows_at_once)
    np.testing.assert_array_equal(read_jets(labeled, start=5, stop=20), jets[5:20])
    np.testing.assert_array_equal(read_jets(labeled, label="top"), jets[::3])
    np.testing.assert_array_equal(read_jets(labeled, label="top", start=3, stop=11), jets[::3][3:11])
    is_qcd = np.arange(60) % 3 != 0
    np.testing.assert_array_equal(read_jets(labeled, label="qcd", start=30, stop=1000), jets[is_qcd][30:])


@pytest.mark.parametrize("rows_at_once", [7, 8192])
def test_batches_have_the_asked_size_and_hold_every_jet_once(labeled, jets, monkeypatch, rows_at_once):
    monkeypatch.setattr("offshell.io.jets.reading._ROWS_AT_ONCE", rows_at_once)
    batches = list(iter_jets(labeled, label="top", batch_size=8))
    assert [len(batch) for batch in batches] == [8, 8, 4]
    np.testing.assert_array_equal(np.concatenate(batches), jets[::3])


def test_jets_are_counted(labeled):
    assert count_jets(labeled) == 60
    assert count_jets(labeled, label="top") == 20
    assert count_jets(labeled, label="qcd") == 40


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("offshell.io.jets.reading._ROWS_AT_ONCE", 50)
    jets = toy_jets(1000)
    write_jets(tmp_path / "qcd.h5", [jets], attributes={})
    tracemalloc.start()
    assert sum(len(batch) for batch in iter_jets(tmp_path / "qcd.h5", batch_size=50)) == 1000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 0.6 * jets.nbytes


def test_few_constituents_are_padded_and_many_are_cut(tmp_path):
    short, long = toy_jets(3, n_particles=30), toy_jets(3, n_particles=240)
    padded = read_jets(hdf5(tmp_path / "short.h5", constituents=short))
    np.testing.assert_array_equal(padded[:, :30], short)
    assert not padded[:, 30:].any()
    np.testing.assert_array_equal(read_jets(hdf5(tmp_path / "long.h5", constituents=long)), long[:, :200])


def test_constituents_are_ordered_by_pt_before_they_are_cut(tmp_path):
    jets = toy_jets(5, n_particles=240)
    shuffled = jets[:, np.random.default_rng(1).permutation(240)]
    received = read_jets(hdf5(tmp_path / "shuffled.h5", constituents=np.concatenate([jets, shuffled])))
    pt = np.hypot(received[..., 1], received[..., 2])
    assert (np.diff(pt, axis=1) <= 1e-3).all()
    np.testing.assert_array_equal(received[5:], jets[:, :200])
    np.testing.assert_array_equal(received[:5], jets[:, :200])


def test_double_precision_is_read_as_float32(tmp_path, jets):
    path = hdf5(tmp_path / "double.h5", constituents=jets.astype(np.float64))
    assert read_jets(path).dtype == np.float32


def refusal(path, **options):
    """The message with which a file is refused: one line that names the file."""
    with pytest.raises(InputError) as refused:
        read_jets(path, **options)
    message = str(refused.value)
    assert "\n" not in message
    assert str(path) in message
    assert "Expected: " in message
    assert "Received: " in message
    return message


def test_a_missing_file(tmp_path):
    assert "no such file" in refusal(tmp_path / "absent.h5")


def test_a_folder(tmp_path):
    assert "a folder" in refusal(tmp_path)


def test_a_file_that_is_not_hdf5(tmp_path):
    (tmp_path / "note.h5").write_text("E px py pz\n")
    assert "not HDF5" in refusal(tmp_path / "note.h5")


def test_a_file_of_zero_bytes(tmp_path):
    (tmp_path / "zero.h5").touch()
    assert "an empty file" in refusal(tmp_path / "zero.h5")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_truncated_file(labeled, tmp_path, share):
    content = labeled.read_bytes()
    (tmp_path / "part.h5").write_bytes(content[: int(share * len(content))])
    assert "a truncated file" in refusal(tmp_path / "part.h5")


def test_a_damaged_file(tmp_path, jets):
    write_jets(tmp_path / "qcd.h5", [jets], attributes={})
    content = bytearray((tmp_path / "qcd.h5").read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    (tmp_path / "qcd.h5").write_bytes(content)
    assert "a damaged file" in refusal(tmp_path / "qcd.h5")


def test_a_damaged_table(tmp_path, jets):
    path = tmp_path / "table.h5"
    frame = pd.read_hdf(table(path, jets, is_signal_new=0), key="table")
    frame.to_hdf(path, key="table", format="table", mode="w", complib="zlib", complevel=1)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    path.write_bytes(content)
    assert "a damaged file" in refusal(path)


def test_a_missing_key_says_which_keys_there_are(tmp_path, jets):
    message = refusal(hdf5(tmp_path / "other.h5", particles=jets, weights=np.ones(60)))
    assert "Expected: the key constituents" in message
    assert "particles, weights" in message


def test_a_table_without_the_columns(tmp_path, jets):
    path = tmp_path / "table.h5"
    frame = pd.read_hdf(table(path, jets, is_signal_new=0), key="table").drop(columns=["PZ_7"])
    frame.to_hdf(path, key="table", format="table", mode="w")
    assert "without PZ_7" in refusal(path)


def test_a_table_of_something_else(tmp_path):
    pd.DataFrame({"mass": [1.0]}).to_hdf(tmp_path / "table.h5", key="table", format="table")
    assert "missing columns" in refusal(tmp_path / "table.h5")


def test_a_table_that_cannot_be_read_in_parts(tmp_path):
    pd.DataFrame({"E_0": [1.0]}).to_hdf(tmp_path / "table.h5", key="table", format="fixed")
    assert "format='table'" in refusal(tmp_path / "table.h5")


@pytest.mark.parametrize("shape", [(5, 200), (5, 200, 3), (5, 0, 4)])
def test_a_wrong_shape(tmp_path, shape):
    message = refusal(hdf5(tmp_path / "flat.h5", constituents=np.ones(shape)))
    assert f"Expected: (n, particles, 4). Received: {shape}" in message


def test_a_group_in_place_of_the_jets(tmp_path):
    assert "Received: a group" in refusal(hdf5(tmp_path / "group.h5", **{"constituents/pt": np.ones(3)}))


def test_jets_that_are_not_numbers(tmp_path):
    path = hdf5(tmp_path / "text.h5", constituents=np.full((2, 3, 4), b"a"))
    assert "wrong type of constituents" in refusal(path)


@pytest.mark.parametrize("shape", [(59,), (60, 2)])
def test_labels_of_a_wrong_shape(tmp_path, jets, shape):
    assert "wrong shape of label" in refusal(hdf5(tmp_path / "x.h5", constituents=jets, label=np.ones(shape)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_a_finite_number(tmp_path, jets, value):
    broken = jets.copy()
    broken[7, 3, 2] = value
    assert "1 of 60 jets with NaN or inf, the first of which is jet 7" in refusal(
        hdf5(tmp_path / "nan.h5", constituents=broken)
    )


def test_a_negative_energy(tmp_path, jets):
    broken = jets[..., [1, 2, 3, 0]].copy()
    broken[:, 0, 0] = -12.5
    assert "E, px, py, pz with E >= 0. Received:" in refusal(hdf5(tmp_path / "x.h5", constituents=broken))


def test_energies_in_mev(tmp_path, jets):
    message = refusal(hdf5(tmp_path / "mev.h5", constituents=1000 * jets))
    assert "perhaps MeV" in message


def test_a_file_without_jets(tmp_path):
    path = hdf5(tmp_path / "none.h5", constituents=np.empty((0, 200, 4), np.float32))
    assert "at least one. Received: 0" in refusal(path)


def test_a_table_without_jets(tmp_path, jets):
    path = table(tmp_path / "none.h5", jets, is_signal_new=0)
    with pd.HDFStore(path) as store:
        store.get_storer("table").table.remove_rows()
    assert "at least one. Received: 0" in refusal(path)


@pytest.mark.parametrize("layout", ["constituents", "table"])
def test_a_label_is_asked_for_but_there_is_none(tmp_path, jets, layout):
    path = tmp_path / "plain.h5"
    made = table(path, jets) if layout == "table" else hdf5(path, constituents=jets)
    assert len(read_jets(made)) == 60
    assert "no labels" in refusal(made, label="top")


def test_no_jet_has_the_label(tmp_path, jets):
    path = hdf5(tmp_path / "qcd.h5", constituents=jets, label=np.zeros(60))
    assert "no jets left" in refusal(path, label="top")


def test_a_range_past_the_end(labeled):
    assert "no jets left" in refusal(labeled, start=60)


def test_an_unknown_label(labeled):
    with pytest.raises(InputError, match=r"Expected: qcd or top\. Received: label='tops'"):
        count_jets(labeled, label="tops")


@pytest.mark.parametrize("options", [{"start": -1}, {"stop": -1}])
def test_a_negative_range(labeled, options):
    with pytest.raises(InputError, match="Expected: 0 <= start < stop"):
        read_jets(labeled, **options)


def test_a_batch_size_of_zero(labeled):
    with pytest.raises(InputError, match="batch_size=0"):
        next(iter_jets(labeled, batch_size=0))


@pytest.mark.parametrize("package", ["pandas", "tables"])
def test_a_table_without_the_extra_says_what_to_install(tmp_path, jets, monkeypatch, package):
    path = table(tmp_path / "table.h5", jets, is_signal_new=0)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'offshell\[tables\]'"):
        read_jets(path)
