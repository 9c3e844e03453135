"""The layout of JetNet: written, read, and each defect in one line."""

import h5py
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs import clouds, substructure
from offshell.io import count_jets, iter_jets, read_jets
from offshell.io.jets.jetnet import write_jetnet


def toy_jets(n_jets, n_particles=40, seed=0):
    """Massless particles around axes of any phi; the last ten of each jet are padding."""
    rng = np.random.default_rng(seed)
    pt = np.sort(rng.exponential(10, (n_jets, n_particles)))[:, ::-1] + 0.1
    pt[:, n_particles - 10 :] = 0
    eta = rng.uniform(-2, 2, (n_jets, 1)) + rng.normal(0, 0.2, pt.shape)
    phi = rng.uniform(-3, 3, (n_jets, 1)) + rng.normal(0, 0.2, pt.shape)
    four = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.stack(four, axis=-1).astype(np.float32)


@pytest.fixture(scope="module")
def jets():
    return toy_jets(50)


@pytest.fixture
def written(tmp_path, jets):
    path = tmp_path / "g.hdf5"
    assert write_jetnet(path, [jets[:20], jets[:0], jets[20:]], attributes={"process": "gluon"}) == 50
    return path


def test_jets_come_back_at_phi_zero(written, jets):
    received = read_jets(written)
    assert (received.shape, received.dtype) == ((50, 200, 4), np.float32)
    assert not received[:, 30:].any()
    jet, expected = (x.sum(axis=1, dtype=np.float64) for x in (received, jets))
    np.testing.assert_allclose(np.arctan2(jet[:, 2], jet[:, 1]), 0, atol=1e-5)
    np.testing.assert_allclose(jet[:, 1], np.hypot(*expected[:, 1:3].T), rtol=1e-5)
    np.testing.assert_allclose(jet[:, [0, 3]], expected[:, [0, 3]], rtol=1e-4)
    np.testing.assert_allclose(received[:, :30, 0], jets[:, :30, 0], rtol=1e-4)


def test_the_data_sets_are_those_of_jetnet(written, jets):
    with h5py.File(written) as file:
        assert sorted(file) == ["jet_features", "particle_features"]
        np.testing.assert_array_equal(file["particle_features"], clouds.relative(jets))
        pt, eta, mass, n_particles = file["jet_features"][:].T
        assert file.attrs["process"] == "gluon"
    jet = jets.sum(axis=1, dtype=np.float64)
    np.testing.assert_allclose(pt, substructure.pt(jets), rtol=1e-6)
    np.testing.assert_allclose(np.sinh(eta), jet[:, 3] / np.hypot(jet[:, 1], jet[:, 2]), rtol=1e-5)
    np.testing.assert_allclose(mass, substructure.mass(jets), rtol=1e-6)
    np.testing.assert_array_equal(n_particles, 30)


def test_jet_features_are_those_of_all_particles_and_the_count_is_of_those_kept(tmp_path):
    jets = toy_jets(20, n_particles=60)
    write_jetnet(tmp_path / "g.hdf5", [jets], attributes={})
    with h5py.File(tmp_path / "g.hdf5") as file:
        np.testing.assert_allclose(file["jet_features"][:, 2], substructure.mass(jets), rtol=1e-6)
        np.testing.assert_array_equal(file["jet_features"][:, 3], 30)
    # What is not kept is missing when the jets are read.
    assert (substructure.pt(read_jets(tmp_path / "g.hdf5")) < 0.98 * substructure.pt(jets)).all()


def test_ranges_batches_and_counts_are_those_of_other_files(written):
    everything = read_jets(written)
    np.testing.assert_array_equal(read_jets(written, start=7, stop=31), everything[7:31])
    np.testing.assert_array_equal(np.concatenate(list(iter_jets(written, batch_size=16))), everything)
    assert count_jets(written) == 50
    with pytest.raises(InputError, match="no labels"):
        read_jets(written, label="top")


# Refusals


def refusal(path):
    with pytest.raises(InputError) as error:
        read_jets(path)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def changed(path, name, change):
    """The file with one data set replaced."""
    with h5py.File(path, "r+") as file:
        values = change(file[name][:])
        del file[name]
        if values is not None:
            file[name] = values
    return path


def with_value(value, *index):
    def change(values):
        values[index] = value
        return values

    return change


def test_a_file_without_jet_features(written):
    assert "no jet_features" in refusal(changed(written, "jet_features", lambda _: None))


def test_a_group_in_place_of_the_jet_features(written):
    with h5py.File(written, "r+") as file:
        del file["jet_features"]
        file["jet_features/pt"] = np.ones(50)
    assert "no jet_features. Expected: a data set, as in JetNet. Received: a group" in refusal(written)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("jet_features", lambda values: values[:-1]),
        ("jet_features", lambda values: values[:, :3]),
        ("particle_features", lambda values: values[..., :3]),
        ("particle_features", lambda values: values[:, :0]),
        ("particle_features", lambda values: values[0]),
    ],
)
def test_a_wrong_shape(written, name, change):
    assert "Expected: particle_features (n, particles, 4) and jet_features (n, 4)" in refusal(
        changed(written, name, change)
    )


def test_features_that_are_not_numbers(written):
    path = changed(written, "jet_features", lambda values: values.astype("S3"))
    assert "wrong type of jet_features. Expected: float32. Received: |S3" in refusal(path)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("particle_features", with_value(np.nan, 3, 2, 0), "1 clouds with NaN or inf"),
        ("particle_features", with_value(-0.2, 3, 2, 2), "pt_rel=-0.2"),
        ("particle_features", with_value(0.5, 3, 2, 3), "0 or 1 in the last column. Received: 0.5"),
        ("particle_features", with_value(0, 3), "jets without any"),
        ("jet_features", with_value(np.inf, 3, 0), "Wrong pt of jets"),
        ("jet_features", with_value(-500, 3, 0), "negative energy"),
        ("jet_features", with_value(1000, 3, 1), "infinite momenta"),
        ("jet_features", with_value(500_000, 3, 0), "the first of which is jet 3"),
    ],
)
def test_an_impossible_number(written, name, change, said):
    assert said in refusal(changed(written, name, change))


def test_a_truncated_file(written):
    written.write_bytes(written.read_bytes()[:-500])
    assert "a truncated file" in refusal(written)


def test_a_file_without_jets(tmp_path):
    with h5py.File(tmp_path / "g.hdf5", "w") as file:
        file["particle_features"] = np.empty((0, 30, 4), np.float32)
        file["jet_features"] = np.empty((0, 4), np.float32)
    assert "no jets" in refusal(tmp_path / "g.hdf5")


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path, jets):
    with pytest.raises(InputError, match="Nothing to write"):
        write_jetnet(tmp_path / "g.hdf5", [], attributes={})
    with pytest.raises(InputError, match=r"\(n, particles, 4\)"):
        write_jetnet(tmp_path / "g.hdf5", [jets, jets[..., :3]], attributes={})
    assert not list(tmp_path.iterdir())
