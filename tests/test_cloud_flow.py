"""The flow on clouds: a density for each number of particles, padding left out exactly."""

import keras
import numpy as np
import pytest
from test_cloud_scaling import clouds

import offshell
from offshell.errors import InputError
from offshell.models.densities.flows.cloud_flow import CloudFlow


@pytest.fixture(scope="module")
def x():
    return clouds(2000, particles=3)


@pytest.fixture(scope="module")
def model(x):
    keras.utils.set_random_seed(1)
    model = CloudFlow(shape=x.shape[1:], layers=3, hidden=(16,))
    offshell.fit(model, x, epochs=4, batch_size=32, learning_rate=3e-3, progress=False)
    return model


def test_probabilities_of_jets_of_one_particle_add_up_to_one(model):
    axis = np.linspace(-6, 6, 41)
    scaled = np.zeros((axis.size**3, *model.shape), np.float32)
    scaled[:, 0, :3] = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    scaled[:, 0, 3] = 1
    nll = offshell.score(model, model.unscaled(scaled), batch_size=len(scaled))["nll"]
    assert np.exp(-nll.astype(np.float64)).sum() * (axis[1] - axis[0]) ** 3 == pytest.approx(1, abs=0.01)


def test_multiplicity_is_the_frequency_in_the_background_and_never_infinite():
    full = clouds(400, particles=3)
    full = full[full[:, 2, 3] == 1]
    x = full[:100] * (np.arange(3) < np.repeat([1, 3], [60, 40])[:, None])[..., None]
    model = CloudFlow(shape=(3, 4), layers=2, hidden=(4,))
    model.adapt(x)
    jets = full[:3] * np.tri(3)[..., None]
    probabilities = np.exp(-offshell.score(model, jets)["multiplicity"])
    np.testing.assert_allclose(probabilities, np.array([60.5, 0.5, 40.5]) / 102, rtol=1e-5)


def test_nll_per_particle_is_its_share(model, x):
    scores = offshell.score(model, x[:50])
    np.testing.assert_allclose(
        scores["nll_per_particle"] * x[:50, :, 3].sum(axis=1), scores["nll"], rtol=1e-5
    )


def test_training_finds_the_scale_of_the_data(model, x):
    """Particles that are twice as far from the jet as in the background are improbable."""
    wide = x * [2, 2, 1, 1]
    assert np.median(offshell.score(model, wide)["nll"]) > np.quantile(offshell.score(model, x)["nll"], 0.8)


def test_generated_jets_have_particles_as_the_background_has_them(model, x):
    jets = model.generate(1500, seed=1)
    mask = jets[..., 3]
    assert set(np.unique(mask)) == {0, 1}
    assert (np.diff(jets[..., 2], axis=1) <= 0).all()
    assert (jets[mask == 0] == 0).all()
    np.testing.assert_allclose(
        np.bincount(mask.sum(axis=1).astype(int)) / 1500,
        np.bincount(x[..., 3].sum(axis=1).astype(int)) / 2000,
        atol=0.05,
    )
    for column in range(3):
        np.testing.assert_allclose(
            jets[mask == 1, column].mean(), x[x[..., 3] == 1, column].mean(), atol=0.03
        )


def test_the_same_seed_gives_the_same_jets(model):
    np.testing.assert_array_equal(model.generate(5, seed=1), model.generate(5, seed=1))
    assert (model.generate(5, seed=1) != model.generate(5, seed=2)).any()


def test_it_is_conditioned_on_the_pt_of_the_jet():
    x = clouds(64, particles=3, jet_pt=True)
    x[:32, :, 3] *= 2
    model = CloudFlow(shape=x.shape[1:], layers=2, hidden=(4,))
    model.adapt(x)
    heavier = np.where(np.arange(5) == 3, 1.1, 1) * x
    assert (offshell.score(model, heavier)["nll"] != offshell.score(model, x)["nll"]).all()
    generated = model.generate(20, seed=1)
    present = generated[..., 4] == 1
    assert set(np.unique(generated[present][:, 3])) == {600, 1200}
    assert (generated[~present] == 0).all()


def test_jets_without_particles_and_no_jets_are_refused():
    with pytest.raises(InputError, match="n_events=0"):
        CloudFlow(shape=(3, 4)).generate(0, seed=1)
    with pytest.raises(InputError, match="columns=3"):
        CloudFlow(shape=(3, 3))
