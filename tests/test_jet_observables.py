"""Observables of jets against FastJet, sums written out, and closed forms; symmetries; what soft and collinear particles change."""

import itertools
import math
import re
import subprocess
import sys
from pathlib import Path

import awkward as ak
import fastjet
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offshell.errors import InputError
from offshell.inputs import clustering
from offshell.inputs.observables import DOZEN, FULL, INFRARED_SAFE, jets, of_jets
from offshell.inputs.observables.flow_polynomials import GRAPHS

# FastJet's own check of the algorithm compares it with something else, and warns of kT.
pytestmark = pytest.mark.filterwarnings("ignore:dcut and exclusive jets")

R0 = 0.8
LARGEST = 1000.0  # the largest radius that FastJet allows


def massless(pt, eta, phi, *, n_padding=3):
    """Jets (n, particles, 4) in float32 from float64 coordinates."""
    coordinates = (np.atleast_2d(np.asarray(x, dtype=np.float64)) for x in (pt, eta, phi))
    pt, eta, phi = np.broadcast_arrays(*coordinates)
    components = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.pad(np.stack(components, axis=-1).astype(np.float32), ((0, 0), (0, n_padding), (0, 0)))


def toy_jets(n_jets, *, seed=1, most=60):
    """Jets around (0.5, 2), with 7 to 60 particles, some of them close to each other."""
    rng = np.random.default_rng(seed)
    pt = -np.sort(-rng.exponential(30, (n_jets, most)))
    eta, phi = rng.normal(0, 0.25, (2, n_jets, most))
    prong = rng.integers(0, 3, (n_jets, most))
    eta[prong == 0], phi[prong == 0] = eta[prong == 0] / 9 + 0.3, phi[prong == 0] / 9
    made = massless(pt, eta + 0.5, phi + 2.0)
    for jet, n in zip(made, rng.integers(7, most + 1, n_jets), strict=True):
        jet[n:] = 0
    return made


def observed(some, names=FULL):
    return dict(zip(names, of_jets(some, names).T.astype(float), strict=True))


JETS = toy_jets(40)
SEEN = observed(JETS)
FEW = toy_jets(10, seed=2, most=12)


def clustered(some, algorithm, *, scheme=fastjet.E_scheme, radius=LARGEST):
    present = some[..., 0] > 0
    definition = fastjet.JetDefinition(algorithm, radius, scheme)
    return clustering.clustered(some[present].astype(np.float64), present.sum(axis=1), definition)


def test_sets():
    assert len(INFRARED_SAFE) == len(set(INFRARED_SAFE)) == 47
    assert len(FULL) == len(set(FULL)) == 80
    assert set(DOZEN) < set(FULL)
    assert {name for known, _ in jets._GROUPS for name in known} > set(FULL)


@pytest.mark.parametrize(("beta", "suffix"), [(1.0, ""), (2.0, "_beta2")])
def test_n_subjettiness_is_that_of_fastjet_contrib(beta, suffix):
    options = {
        "measure_definition": "NormalizedMeasure",
        "axes_definition": "WTA_KT_Axes",
        "beta": beta,
        "R0": R0,
    }
    sequence = clustered(JETS, fastjet.kt_algorithm)
    tau = dict(enumerate(ak.to_numpy(sequence.njettiness(njets=[1, 2, 3, 4, 5, 6], **options)).T, 1))
    np.testing.assert_allclose(SEEN[f"tau1{suffix}"], tau[1], rtol=1e-5)
    for n in range(2, 7):
        # The directions of float32 are off by 1e-7, which a distance of 0.01 notices.
        np.testing.assert_allclose(SEEN[f"tau{n}{n - 1}{suffix}"], tau[n] / tau[n - 1], rtol=1e-4)
        if beta == 1:
            np.testing.assert_allclose(SEEN[f"tau{n}"], tau[n], rtol=1e-4)


def test_the_angle_between_the_axes_of_two_particles():
    # The winner is the harder; the momentum of massless particles lies at the mean of phi weighted with pT, nearly.
    seen = observed(massless([30, 10], 0, [0.01, -0.03]))
    np.testing.assert_allclose(seen["axes_angle"], 0.01, rtol=1e-3)


def test_splitting_scales_are_those_of_fastjet():
    sequence = clustered(JETS, fastjet.kt_algorithm)
    for n in range(1, 6):
        scale = LARGEST * np.sqrt(ak.to_numpy(sequence.exclusive_dmerge(n)))
        np.testing.assert_allclose(SEEN[f"split{n}{n + 1}"], scale, rtol=1e-4)


def test_subjets_are_those_of_fastjet():
    sequence = clustered(JETS, fastjet.kt_algorithm)
    for n in (2, 3):
        subjets = sequence.exclusive_jets(n)
        momenta = np.stack([ak.to_numpy(subjets[key]) for key in ("E", "px", "py", "pz")], axis=-1)
        falling = np.argsort(-np.hypot(momenta[..., 1], momenta[..., 2]), axis=1)
        momenta = np.take_along_axis(momenta, falling[..., np.newaxis], axis=1)
        for place in range(n):
            # A mass of 1 GeV at an energy of 1 TeV is a difference in the seventh digit.
            np.testing.assert_allclose(
                SEEN[f"subjet_mass_{place + 1}_of_{n}"], mass(momenta[:, place]), rtol=1e-4, atol=0.05
            )
    pairs = [mass(momenta[:, i] + momenta[:, j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    np.testing.assert_allclose(SEEN["least_pair_mass"], np.min(pairs, axis=0), rtol=1e-3)
    np.testing.assert_allclose(SEEN["largest_pair_mass"], np.max(pairs, axis=0), rtol=1e-3)


def mass(momenta):
    energy, px, py, pz = np.moveaxis(momenta, -1, 0)
    return np.sqrt(np.maximum(energy**2 - px**2 - py**2 - pz**2, 0))


@pytest.mark.parametrize(("beta", "name"), [(0.0, "soft_drop_mass"), (1.0, "soft_drop_mass_beta1")])
def test_soft_drop_is_that_of_fastjet_contrib(beta, name):
    sequence = clustered(JETS, fastjet.cambridge_algorithm)
    groomed = sequence.exclusive_jets_softdrop_grooming(
        njets=1, beta=beta, symmetry_cut=0.1, symmetry_measure="scalar_z", R0=R0
    )
    np.testing.assert_allclose(SEEN[name], ak.to_numpy(groomed["msoftdrop"]), rtol=1e-4)
    if beta == 0:
        np.testing.assert_allclose(SEEN["zg"], ak.to_numpy(groomed["symmetrysoftdrop"]), rtol=1e-4)
        np.testing.assert_allclose(SEEN["rg"], ak.to_numpy(groomed["deltaRsoftdrop"]), rtol=1e-4)


@pytest.mark.parametrize(("beta", "suffix"), [(1, ""), (2, "_beta2")])
def test_correlators_of_two_and_three_are_those_of_fastjet_contrib(beta, suffix):
    sequence = clustered(JETS, fastjet.kt_algorithm)

    def ecf(points, angles):
        found = sequence.exclusive_jets_energy_correlator(
            njets=1, beta=beta, npoint=points, angles=angles, func="generalized"
        )
        return ak.to_numpy(found)

    e2, e3 = ecf(2, 1), ecf(3, 3)
    expected = {"c2": e3 / e2**2, "d2": e3 / e2**3, "n2": ecf(3, 2) / e2**2, "m2": ecf(3, 1) / e2}
    for name, values in expected.items():
        np.testing.assert_allclose(SEEN[f"{name}{suffix}"], values, rtol=1e-4, err_msg=name)


def polar(jet):
    energy, px, py, pz = jet[jet[:, 0] > 0].astype(float).T
    return np.hypot(px, py), 0.5 * np.log((energy + pz) / (energy - pz)), np.arctan2(py, px)


def shares_and_distances(jet):
    pt, y, phi = polar(jet)
    return pt / pt.sum(), np.hypot(y[:, None] - y, (phi[:, None] - phi + np.pi) % (2 * np.pi) - np.pi)


def written_out(z, theta, n_points, n_angles):
    """The generalized correlator: a sum over sets of particles, with the product of their smallest distances."""
    total = 0.0
    for some in itertools.combinations(range(len(z)), n_points):
        angles = sorted(theta[i, j] for i, j in itertools.combinations(some, 2))
        total += math.prod(z[i] for i in some) * math.prod(angles[:n_angles])
    return total


@pytest.mark.parametrize(("beta", "suffix"), [(1, ""), (2, "_beta2")])
def test_correlators_are_sums_over_sets_of_particles(beta, suffix):
    seen = observed(FEW)
    for row, jet in enumerate(FEW):
        z, theta = shares_and_distances(jet)
        e2, e3, e4, v1e3, v2e4 = (
            written_out(z, theta**beta, *of) for of in ((2, 1), (3, 3), (4, 6), (3, 1), (4, 2))
        )
        np.testing.assert_allclose(seen[f"c3{suffix}"][row], e4 * e2 / e3**2, rtol=1e-4)
        np.testing.assert_allclose(seen[f"n3{suffix}"][row], v2e4 / v1e3**2, rtol=1e-4)


def test_correlators_of_four_see_thirty_subjets_of_many_particles():
    many = toy_jets(2, seed=3, most=40)
    many[:] = toy_jets(30, seed=3, most=40)[
        np.argsort(-(toy_jets(30, seed=3, most=40)[..., 0] > 0).sum(1))[:2]
    ]
    subjets = clustered(many, fastjet.kt_algorithm).exclusive_jets(30)
    momenta = np.stack([ak.to_numpy(subjets[key]) for key in ("E", "px", "py", "pz")], axis=-1)
    assert (many[:, 30, 0] > 0).all()
    for name in ("c3", "n3", "c3_beta2", "n3_beta2"):
        np.testing.assert_allclose(
            observed(many)[name], observed(momenta.astype(np.float32))[name], rtol=1e-3
        )


@pytest.mark.parametrize(("name", "graph"), GRAPHS.items())
def test_flow_polynomials_are_sums_over_all_particles_at_each_vertex(name, graph):
    seen = observed(FEW, [name])[name]
    for row, jet in enumerate(FEW):
        z, theta = shares_and_distances(jet)
        vertices = "abcde"[: max(max(edge) for edge in graph) + 1]
        edges = [vertices[i] + vertices[j] for i, j in graph]
        expected = np.einsum(
            ",".join([*vertices, *edges]) + "->", *[z] * len(vertices), *[theta] * len(edges), optimize=True
        )
        np.testing.assert_allclose(seen[row], expected, rtol=1e-5)


def test_flow_polynomials_are_all_connected_graphs_of_up_to_four_edges():
    # How many there are with 1, 2, 3 and 4 edges, double ones allowed: Komiske et al., arXiv:1712.07124, Tab. 1.
    assert [sum(len(graph) == degree for graph in GRAPHS.values()) for degree in (1, 2, 3, 4)] == [
        1,
        2,
        5,
        12,
    ]
    assert len({frozen(graph) for graph in GRAPHS.values()}) == 20


def frozen(graph):
    """What graphs share that differ in the numbers of their vertices only."""
    vertices = range(max(max(edge) for edge in graph) + 1)
    edges = [tuple(sorted(edge)) for edge in graph]
    relabeled = (
        tuple(sorted(tuple(sorted((order[i], order[j]))) for i, j in edges))
        for order in itertools.permutations(vertices)
    )
    return min(relabeled)


def test_shapes_are_sums_over_particles():
    for row, jet in enumerate(FEW):
        pt, y, phi = polar(jet)
        energy, px, py, pz = jet.sum(axis=0, dtype=float)
        jet_y, jet_phi = 0.5 * np.log((energy + pz) / (energy - pz)), np.arctan2(py, px)
        z, r = pt / pt.sum(), np.hypot(y - jet_y, (phi - jet_phi + np.pi) % (2 * np.pi) - np.pi)
        falling = np.sort(z)[::-1]
        expected = {
            "mass": mass(jet.sum(axis=0, dtype=float)),
            "pt": np.hypot(px, py),
            "mass_over_pt": mass(jet.sum(axis=0, dtype=float)) / np.hypot(px, py),
            "lha": (z * np.sqrt(r)).sum(),
            "width": (z * r).sum(),
            "thrust": (z * r**2).sum(),
            "n_constituents": len(z),
            "n_90": 1 + np.argmax(np.cumsum(falling) >= 0.9),
            "pt_dispersion": np.sqrt((z**2).sum()),
            "leading_1": falling[0],
            "leading_3": falling[:3].sum(),
        }
        seen = observed(jet[np.newaxis])
        for name, value in expected.items():
            np.testing.assert_allclose(seen[name], value, rtol=1e-5, err_msg=f"{name} {row}")


def test_width_of_two_equal_constituents_is_their_distance_from_the_axis():
    np.testing.assert_allclose(observed(massless([100, 100], 0, [1.2, 0.8]))["width"], 0.2, rtol=1e-5)


@pytest.mark.parametrize("angle", [0, 0.4, 1.2])
def test_eccentricity_of_a_line_is_one(angle):
    along = np.array([0.3, -0.1, -0.4])
    jets = massless([30, 20, 10], along * np.sin(angle), along * np.cos(angle))
    np.testing.assert_allclose(observed(jets)["eccentricity"], 1, atol=1e-5)


def test_eccentricity_of_an_ellipse_is_that_of_its_squared_axes():
    angle = np.arange(12) * np.pi / 6
    for minor in (0.1, 0.2):
        jets = massless(10, minor * np.cos(angle), 0.2 * np.sin(angle))
        np.testing.assert_allclose(
            observed(jets)["eccentricity"], 1 - minor**2 / 0.2**2, rtol=1e-5, atol=1e-5
        )


@pytest.mark.parametrize("n_particles", [1, 4, 9, 20])
def test_equal_constituents_share_the_pt(n_particles):
    seen = observed(massless(10, np.linspace(0, 0.5, n_particles), 0))
    np.testing.assert_allclose(seen["pt_dispersion"], 1 / np.sqrt(n_particles), rtol=1e-5)
    np.testing.assert_allclose(seen["leading_1"], 1 / n_particles, rtol=1e-5)
    np.testing.assert_allclose(seen["leading_3"], min(3 / n_particles, 1), rtol=1e-5)


@pytest.mark.parametrize("n_prongs", [1, 2, 3, 4, 5])
def test_jets_of_few_thin_prongs_have_no_more_of_them(n_prongs):
    rng = np.random.default_rng(5)
    eta, phi = (0.0, 0.5, -0.4, 0.1, -0.3)[:n_prongs], (0.0, 0.1, -0.3, 0.6, 0.4)[:n_prongs]
    thin = 1e-3 * rng.normal(size=(2, 8, n_prongs))
    seen = observed(
        massless(np.full((8, n_prongs), 40.0).ravel(), (eta + thin[0]).ravel(), (phi + thin[1]).ravel())
    )
    for n in range(2, 7):
        # The thickness over the distance of the prongs where the n-th prong is the last that is missed.
        assert (seen[f"tau{n}{n - 1}"][0] < 0.03) == (n == n_prongs), n


def test_as_many_particles_as_axes_leave_no_n_subjettiness():
    seen = observed(massless([300, 200, 100], [0, 0.3, -0.2], [0, 0.2, 0.4]))
    assert [seen[name][0] for name in ("tau3", "tau4", "tau32", "tau43", "split34")] == [0] * 5
    assert seen["tau2"] > 0.01


def test_two_particles_are_soft_dropped_or_not():
    # z = 0.08 at a distance of 0.4: below 0.1, but above 0.1 * 0.4 / 0.8.
    seen = observed(massless([92, 8], 0, [1.0, 1.4]))
    two = np.sqrt(2 * 92 * 8 * (1 - np.cos(0.4)))
    dropped = {
        "soft_drop_mass": 0,
        "soft_drop_mass_beta1": two,
        "zg": 0,
        "rg": 0,
        "n_groomed": 1,
        "n_soft_drop": 0,
    }
    for name, value in dropped.items():
        # What is left of the mass of one particle in float32.
        np.testing.assert_allclose(seen[name], value, rtol=1e-4, atol=0.05, err_msg=name)
    seen = observed(massless([80, 20], 0, [1.0, 1.4]))
    kept = {"soft_drop_mass": seen["mass"][0], "zg": 0.2, "rg": 0.4, "n_groomed": 2, "n_soft_drop": 1}
    for name, value in kept.items():
        np.testing.assert_allclose(seen[name], value, rtol=1e-4, err_msg=name)


def test_soft_drop_counts_branchings_along_the_harder_branches():
    # Four equal particles in two pairs: the first branching and that of the harder pair; a pair closer than 0.02 is one particle.
    counted = [
        observed(massless([51, 51, 50, 50], 0, [0, apart, 0.5, 0.5 + apart]))["n_soft_drop"]
        for apart in (0.1, 0.01)
    ]
    np.testing.assert_array_equal(counted, [[2], [1]])


def test_correlators_of_three_particles():
    z, theta = np.array([0.5, 0.3, 0.2]), (0.3, 0.5, 0.4)
    seen = observed(massless(100 * z, [0, 0, 0.4], [0, 0.3, 0.3]))
    e2 = z[0] * z[1] * theta[0] + z[0] * z[2] * theta[1] + z[1] * z[2] * theta[2]
    e3 = math.prod(z) * math.prod(theta)
    expected = {
        "c2": e3 / e2**2,
        "d2": e3 / e2**3,
        "n2": math.prod(z) * 0.3 * 0.4 / e2**2,
        "m2": math.prod(z) * 0.3 / e2,
        "c3": 0,
        "n3": 0,
    }
    for name, value in expected.items():
        np.testing.assert_allclose(seen[name], value, rtol=1e-4, err_msg=name)


@settings(max_examples=settings.default.max_examples // 5)
@given(turn=st.floats(-3, 3), boost=st.floats(-1, 1))
def test_nothing_changes_when_the_event_is_turned_and_boosted(turn, boost):
    rng = np.random.default_rng(3)
    pt, eta, phi = -np.sort(-rng.exponential(30, (2, 35))), *rng.normal(0, 0.2, (2, 2, 35))
    before, after = (
        of_jets(massless(pt, eta, phi), FULL),
        of_jets(massless(pt, eta + boost, phi + turn), FULL),
    )
    np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-4)


SAFE = (*INFRARED_SAFE, *GRAPHS)


def changed(some):
    """The safe observables that are not those of `JETS`."""
    before, after = of_jets(JETS, SAFE), of_jets(some, SAFE)
    # The mass of a particle is what rounding to float32 leaves of it, some hundredths of a GeV.
    least = [0.05 if "mass" in name and "over" not in name else 1e-4 for name in SAFE]
    same = (np.abs(after - before) <= 1e-3 * np.abs(before) + least).all(axis=0)
    return [name for name, equal in zip(SAFE, same, strict=True) if not equal]


def test_a_soft_particle_changes_nothing_in_the_safe_set():
    soft = JETS.copy()
    soft[:, -1] = massless(np.full((1, 40), 1e-6), 0.7, 2.1, n_padding=0)[0]
    assert changed(soft) == []
    assert (observed(soft)["n_constituents"] == SEEN["n_constituents"] + 1).all()


def test_collinear_splittings_change_nothing_in_the_safe_set():
    split = np.concatenate([0.3 * JETS, 0.7 * JETS], axis=1)
    assert changed(split) == []
    assert (observed(split)["n_constituents"] == 2 * SEEN["n_constituents"]).all()
    assert (observed(split)["pt_dispersion"] < SEEN["pt_dispersion"]).all()


def test_padding_may_stand_anywhere():
    rng = np.random.default_rng(1)
    mixed = np.stack([jet[rng.permutation(len(jet))] for jet in JETS])
    np.testing.assert_allclose(of_jets(mixed, FULL), of_jets(JETS, FULL), rtol=1e-4, atol=1e-5)


def test_observables_are_finite_float32_columns_whatever_is_missing():
    some = toy_jets(7)
    for row, n_left in enumerate((0, 1, 2, 3)):
        some[row, n_left:] = 0
    some[4, 0] = [50, 0, 0, 50]  # along the beam
    some[5, :2], some[5, 2:] = [[5, 0, 0, 5], [5, 0, 0, -5]], 0
    values = of_jets(some, FULL)
    assert values.shape == (7, 80)
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert not values[0].any()


def test_names_choose_columns_in_their_order():
    names = ["tau21", "mass", "efp_1", "zg"]
    np.testing.assert_array_equal(
        of_jets(JETS, names), of_jets(JETS, FULL)[:, [FULL.index(name) for name in names]]
    )


def test_blocks_do_not_show(monkeypatch):
    whole = of_jets(JETS, FULL)
    monkeypatch.setattr(jets, "_JETS_PER_BLOCK", 7)
    np.testing.assert_allclose(of_jets(JETS, FULL), whole, rtol=1e-5)


def test_unknown_names_are_refused():
    with pytest.raises(
        InputError, match=r"no such observable. Did you mean 'tau21'\? Expected: .* Received: 'tauu21'"
    ):
        of_jets(JETS, ["mass", "tauu21"])
    with pytest.raises(InputError, match="nothing to compute"):
        of_jets(JETS, [])


@pytest.mark.parametrize(
    "wrong", [np.zeros((0, 5, 4)), np.zeros((5, 4)), np.zeros((2, 5, 3)), np.array(["a"])]
)
def test_what_has_not_the_shape_of_jets_is_refused(wrong):
    with pytest.raises(InputError, match=r"^jets: not an array of jets. Expected: .* Received: "):
        of_jets(wrong, INFRARED_SAFE)


@pytest.mark.parametrize("column", [0, 1, 3])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_a_number_is_refused(column, value):
    wrong = JETS.copy()
    wrong[1, 3, column] = value
    with pytest.raises(InputError, match="not a number"):
        of_jets(wrong, INFRARED_SAFE)


def test_where_nothing_can_be_written_machine_code_is_made_again():
    # No folder for the cache: neither beside the source, which belongs to somebody else, nor in the home of the user.
    program = (
        "import numba.core.caching as caching\n"
        "caching.CacheImpl._locator_classes = []\n"
        "caching.CompileResultCacheImpl._locator_classes = []\n"
        "import warnings; warnings.simplefilter('error')\n"
        "from offshell.inputs.observables.distances import distance2\n"
        "print(distance2(0.0, 3.0, 0.0, -3.0))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx((2 * np.pi - 6) ** 2)


PAGE = (Path(__file__).parents[1] / "docs" / "observables.md").read_text()


def test_the_page_lists_every_observable_and_marks_the_safe_set():
    rows = PAGE.partition("<!-- observables -->")[2].partition("<!-- end of observables -->")[0].splitlines()
    listed = [
        match
        for row in rows
        for match in re.findall(r"`(\w+)`( \*\*S\*\*)?", row.split("|")[1] if "|" in row else "")
    ]
    assert sorted(name for name, _ in listed) == sorted(FULL)
    assert {name for name, mark in listed if mark} == set(INFRARED_SAFE)


def test_the_example_of_the_page_prints_what_it_shows(capsys):
    code, shown = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", PAGE, re.DOTALL).groups()
    exec(code, {})  # noqa: S102 - the page of the project itself
    assert capsys.readouterr().out == shown
