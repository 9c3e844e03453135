"""Pseudo-anomalies as a user makes them: the same on each day, shaped as the background, and what is refused."""

import re
from pathlib import Path

import numpy as np
import pytest
from toy_jets import massless, needles, toy_jets

import offshell
from offshell.errors import InputError
from offshell.inputs import substructure
from offshell.inputs.constituents import relative
from offshell.inputs.momenta import wrap_angle
from offshell.pseudo_anomalies import FAMILIES, Draft, families_named, jets
from offshell.pseudo_anomalies.pool import pool_of

BACKGROUND = toy_jets(200)


@pytest.fixture(scope="module")
def made():
    return jets(BACKGROUND, 500, radius=0.8)


def test_the_same_seed_gives_the_same_jets_and_fewer_are_the_first_of_more(made):
    fewer = jets(BACKGROUND, 130, radius=0.8)
    for name in ("constituents", "family", "n_prongs", "mass"):
        np.testing.assert_array_equal(getattr(fewer, name), getattr(made, name)[:130])


def test_another_seed_gives_others(made):
    assert not np.isin(jets(BACKGROUND, 30, radius=0.8, seed=2).mass, made.mass).any()


def test_families_take_turns(made):
    names = [family.__name__ for family in FAMILIES]
    assert names == ["matched", "resolved", "cores", "splittings", "blobs", "fragmented"]
    np.testing.assert_array_equal(made.family, np.resize(names, 500))


def test_jets_look_like_those_of_the_background(made):
    assert made.constituents.shape == (500, *BACKGROUND.shape[1:])
    assert made.constituents.dtype == np.float32
    pt, eta, phi = relative(made.constituents.astype(float))
    assert (np.diff(pt, axis=1) <= 1e-5 * pt[:, 1:]).all()
    assert pt[pt > 0].min() >= 0.3
    # Cut around the axis of all particles; that of those that are left is another one, and pseudorapidity no rapidity.
    assert np.hypot(eta, phi)[pt > 0].max() < 1.0
    np.testing.assert_allclose(substructure.pt(made.constituents), 600, rtol=0.01)


def test_each_jet_has_momentum_and_place_of_a_background_jet():
    background = BACKGROUND[:20] * np.linspace(0.9, 1.1, 20, dtype=np.float32)[:, None, None]
    made = jets(background, 300, radius=0.8).constituents
    (pt, *place), (found_pt, *found_place) = map(kinematics, (background, made))
    parent = np.abs(found_pt[:, None] - pt).argmin(axis=1)
    np.testing.assert_allclose(found_pt, pt[parent], rtol=1e-5)
    for found, of_parent in zip(found_place, place, strict=True):
        # Particles at the edge are cut, which moves the axis a little.
        assert np.abs(wrap_angle(found - of_parent[parent])).max() < 0.3


def kinematics(jets):
    """Transverse momentum, rapidity and azimuth."""
    energy, px, py, pz = jets.sum(axis=1, dtype=float).T
    return np.hypot(px, py), np.arctanh(pz / energy), np.arctan2(py, px)


def test_masses_of_jets_are_about_those_of_what_decays(made):
    heavy = (made.mass > 150) & (made.family != "fragmented")
    ratio = substructure.mass(made.constituents)[heavy] / made.mass[heavy]
    assert abs(np.median(ratio) - 1) < 0.05


def test_a_background_at_another_place_gives_the_same_jets_there():
    made = [jets(background, 60, radius=0.8).constituents for background in (BACKGROUND, turned(BACKGROUND))]
    np.testing.assert_allclose(turned(made[0]), made[1], rtol=1e-4, atol=1e-3)


def turned(jets):
    """By a right angle in azimuth, which changes no digit."""
    energy, px, py, pz = np.moveaxis(jets, -1, 0)
    return np.stack([energy, -py, px, pz], axis=-1)


def test_a_family_of_ones_own_is_a_function():
    def copies(pool, n, prior, rng):
        jet = np.arange(n)
        return Draft(pool.particles[jet], jet, np.full(n, prior.prongs[0]), rng.uniform(*prior.mass, n))

    made = jets(BACKGROUND, 20, families=[copies], prongs=(3,), mass=(5, 6), radius=2.0)
    assert set(made.family) == {"copies"}
    assert set(made.n_prongs) == {3}
    assert made.mass.min() >= 5
    # Particles below 0.3 GeV are gone.
    np.testing.assert_allclose(
        substructure.mass(made.constituents), substructure.mass(BACKGROUND[:20]), rtol=0.03
    )


def test_radius_and_softest_particle_are_those_of_the_background():
    rng = np.random.default_rng(1)
    half = np.sqrt(rng.uniform(size=(300, 20))) * np.exp(2j * np.pi * rng.uniform(size=(300, 20)))
    half[::2] /= 2  # nine of ten jets are inside of the radius of the wide ones
    disk = np.concatenate([half, -half], axis=1)
    pool = pool_of(massless(np.full(disk.shape, 15.0), disk.real, disk.imag))
    assert pool.radius == 1.0
    assert pool.least_pt == pytest.approx(15, rel=1e-6)
    assert pool_of(BACKGROUND, radius=0.8).least_pt == 0.3


def test_the_number_of_particles_is_at_most_that_of_the_background(made):
    few = toy_jets(200, n_particles=5)
    padded = np.pad(few, ((0, 0), (0, 7), (0, 0)))
    made = jets(padded, 60, radius=0.8)
    assert made.constituents.shape == (60, 12, 4)
    assert (made.constituents[..., 0] > 0).sum(axis=1).max() == 5


def test_the_pool_is_of_the_first_jets(monkeypatch):
    monkeypatch.setattr("offshell.pseudo_anomalies.pool.JETS_OF_POOL", 50)
    np.testing.assert_allclose(pool_of(BACKGROUND).pt, substructure.pt(BACKGROUND[:50]))


@pytest.mark.parametrize(
    ("background", "message"),
    [
        (BACKGROUND[:0], "jets: not an array of jets."),
        (BACKGROUND[0], "jets: not an array of jets."),
        (np.full((3, 5, 4), np.nan, np.float32), "background: impossible jets. Expected: finite"),
        (np.zeros((3, 5, 4), np.float32), "background: impossible jets. Expected: at least one"),
        (BACKGROUND[:, :1], "background: no substructure. Expected: jets of several particles."),
        (-BACKGROUND, "background: impossible jets. Expected: E, px, py, pz with E >= 0"),
        (1000 * BACKGROUND, "background: impossible jets. Expected: GeV"),
    ],
)
def test_what_are_no_background_jets_is_refused(background, message):
    with pytest.raises(InputError) as error:
        jets(background, 5)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prongs": ()}, "prongs are not numbers of prongs. Expected: integers >= 2. Received: ()."),
        ({"prongs": (1, 2)}, "prongs are not numbers of prongs."),
        ({"prongs": (2.5,)}, "prongs are not numbers of prongs."),
        ({"mass": (0, 100)}, "mass is no range. Expected: 0 < low < high in GeV."),
        ({"mass": (200, 100)}, "mass is no range."),
        ({"mass": (np.nan, 100)}, "mass is no range."),
        ({"mass": (500, 600)}, "mass does not fit into the jets."),
        ({"radius": 0.0}, "radius is no radius of jets."),
        ({"families": ()}, "There is no family."),
        ({"seed": -1}, "seed is not a valid count."),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(InputError) as error:
        jets(BACKGROUND, 5, **{"radius": 0.8, **options})
    assert str(error.value).startswith(message)


def test_the_number_of_jets_is_checked():
    with pytest.raises(InputError, match=r"^n_jets is not a valid count"):
        jets(BACKGROUND, 0)


def test_a_misspelled_family_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"^Unknown family\. Did you mean 'blobs'\?"):
        families_named(["blob"])


def test_jets_of_single_particles_among_others_are_parts_too():
    mixed = np.concatenate([BACKGROUND, np.pad(needles(50)[:, :1], ((0, 0), (0, 24), (0, 0)))])
    assert np.isfinite(jets(mixed, 300, radius=0.8).constituents).all()


def test_particles_in_one_place_are_one_subjet():
    assert np.isfinite(offshell.pseudo_anomalies.jets(needles(20), 60, radius=0.8).constituents).all()


def test_the_examples_of_the_documentation_run():
    page = Path(offshell.__file__).parents[2] / "docs" / "pseudo-anomalies.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), flags=re.DOTALL)
    scope = {"offshell": offshell, "background": BACKGROUND}
    for block in blocks:
        exec(block.replace("50_000", "60"), scope)  # noqa: S102 - its own
    assert set(scope["made"].family) == {*(family.__name__ for family in FAMILIES), "twisted"}
