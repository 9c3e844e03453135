"""Baselines that one can compute without training, and the neighbors of events in their observables."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from offshell import settings
from offshell.evaluate.baselines.event_observables import fit_observable_baselines
from offshell.evaluate.baselines.fit import NAMES, fit_baselines
from offshell.inputs.observables import of_events


def jets(n, *, pt, seed=1):
    """Jets of three massless particles near eta = 0."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet([1, 1, 1], n)
    eta, phi = rng.normal(scale=0.1, size=(2, n, 3))
    p = shares * np.broadcast_to(pt, n)[:, None]
    made = np.zeros((n, 200, 4), np.float32)
    made[:, :3] = np.stack([p * np.cosh(eta), p * np.cos(phi), p * np.sin(phi), p * np.sinh(eta)], axis=-1)
    return made


def scored(pt):
    made = jets(300, pt=pt)
    return fit_baselines(made, settings.Images(image="plain"))(made)


def test_pt_is_a_baseline_where_it_is_not_fixed():
    rng = np.random.default_rng(2)
    assert "pt" not in scored(rng.uniform(550, 650, 300))
    varying = rng.uniform(400, 900, 300)
    # The sum of particles with some distance between them.
    assert scored(varying)["pt"] == pytest.approx(varying, rel=0.1)


def test_squared_pixels_are_given_in_both_directions():
    found = scored(600)
    assert found["minus_squared_pixels"].tolist() == (-found["squared_pixels"]).tolist()
    assert (found["squared_pixels"] > 0).all()
    assert (found["squared_pixels"] <= 1 + 1e-6).all()
    assert set(found) < NAMES
    # One particle: all of the pt in one pixel.
    single = np.zeros((1, 200, 4), np.float32)
    single[0, 0] = 500, 500, 0, 0
    many = jets(300, pt=600)
    assert fit_baselines(many, settings.Images(image="plain"))(single)["squared_pixels"] == pytest.approx([1])


def test_neighbors_of_events_are_those_of_their_standardized_observables():
    rng = np.random.default_rng(3)
    events = np.zeros((400, 19, 4), np.float32)
    events[:, [0, 1, 5, 9, 10], 0] = rng.exponential(30, (400, 5)) + 10
    events[:, [0, 1, 5, 9, 10], 1:3] = rng.uniform(-2, 2, (400, 5, 2))
    background, others = events[:300], events[300:]
    x, y = of_events(background), of_events(others)
    mean, width = x.mean(axis=0), x.std(axis=0)
    width[width < 1e-12] = 1
    search = NearestNeighbors(n_neighbors=5).fit((x - mean) / width)
    expected = search.kneighbors((y - mean) / width)[0].mean(axis=1)
    found = fit_observable_baselines(background)(others)
    assert found["neighbors_24"] == pytest.approx(expected, rel=1e-3)
    assert set(found) < NAMES
    strange = others[:1].copy()
    strange[0, 0, 0] = 5000
    assert (
        fit_observable_baselines(background)(strange)["gaussian_mixture_24"] > found["gaussian_mixture_24"][0]
    )
