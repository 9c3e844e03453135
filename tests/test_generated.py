"""From a generative detector to a file of jets."""

import h5py
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs import clouds, substructure
from offshell.io import read_jets
from offshell.run.generated import iter_generated, write_generated

PT = np.array([550.0, 600.0])


class Sprayer:
    """Generates jets of two particles, the softer one first."""

    columns = 4

    def generate(self, n_events, *, seed):
        eta = np.random.default_rng(seed).normal(0, 0.1, n_events)
        x = np.zeros((n_events, 3, self.columns), np.float32)
        x[:, 0, :3] = np.stack([eta, 0 * eta, np.full_like(eta, 0.25)], axis=1)
        x[:, 1, :3] = np.stack([-eta / 3, 0 * eta, np.full_like(eta, 0.75)], axis=1)
        x[:, :2, -1] = 1
        return x


class SprayerWithPt(Sprayer):
    columns = 5

    def generate(self, n_events, *, seed):
        x = super().generate(n_events, seed=seed)
        x[:, :2, 3] = 800.0
        return x


def generated(model, n_jets, seed=1):
    return np.concatenate(list(iter_generated(model, n_jets, seed=seed, jet_pt=PT)))


def test_jets_have_momenta_of_the_background_and_particles_by_falling_pt():
    jets = generated(Sprayer(), 50)
    assert jets.shape == (50, 200, 4)
    assert set(np.round(substructure.pt(jets))) == {550.0, 600.0}
    np.testing.assert_allclose(clouds.relative(jets)[:, :2, 2], [[0.75, 0.25]] * 50, rtol=1e-5)


def test_jets_of_clouds_with_pt_keep_it():
    np.testing.assert_allclose(substructure.pt(generated(SprayerWithPt(), 3)), 800, rtol=1e-5)


def test_fewer_jets_are_the_first_of_more():
    np.testing.assert_array_equal(generated(Sprayer(), 2_100)[:5], generated(Sprayer(), 5))
    assert (generated(Sprayer(), 5, seed=2) != generated(Sprayer(), 5)).any()


@pytest.mark.parametrize("layout", ["offshell", "jetnet"])
def test_a_file_is_read_as_any_other(tmp_path, layout):
    path = tmp_path / "jets.hdf5"
    write_generated(
        Sprayer(), path, n_jets=7, seed=1, jet_pt=PT, layout=layout, attributes={"process": "sprayed"}
    )
    np.testing.assert_allclose(
        substructure.mass(read_jets(path)), substructure.mass(generated(Sprayer(), 7)), rtol=1e-4
    )
    with h5py.File(path) as file:
        assert file.attrs["process"] == "sprayed"


def test_no_jets_are_refused(tmp_path):
    with pytest.raises(InputError, match="at least one jet"):
        write_generated(Sprayer(), tmp_path / "x.h5", n_jets=0, seed=1, jet_pt=PT, attributes={})
    assert not list(tmp_path.iterdir())
