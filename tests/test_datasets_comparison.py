"""Two samples side by side: closed forms of pulls and p-values, and the command for two files."""

import json
import sys

import h5py
import numpy as np
import pytest
from event_files import toy_events
from quantiles import ks_distance, quantiles
from scipy.stats import ks_2samp, kstest

from offshell import cli
from offshell.datasets import compare
from offshell.datasets.observables import event_observables, jet_observables
from offshell.errors import InputError
from offshell.inputs import kinematics, observables
from offshell.io.store import write_jets


def test_mean_and_its_pull_are_those_of_the_closed_form():
    first, second = np.tile([0.0, 2.0], 50), np.tile([1.0, 3.0], 200)
    mean = compare({"x": first}, {"x": second})["x"]["mean"]
    error = np.sqrt(100 / 99 / 100 + 400 / 399 / 400)  # unbiased variances n / (n - 1)
    assert mean == pytest.approx(
        {"first": 1, "second": 2, "difference": 1, "error": error, "pull": 1 / error}, rel=1e-12
    )


def test_median_and_its_error_are_order_statistics():
    x = np.arange(101.0)  # ranks 50 +- 5, as half the root of 101 is 5.02
    median = compare({"x": x}, {"x": x - 20})["x"]["median"]
    half = 100 * 0.5 / np.sqrt(101)
    assert median["difference"] == -20
    assert median["error"] == pytest.approx(np.sqrt(2) * half)
    assert median["pull"] == pytest.approx(-20 / (np.sqrt(2) * half))


def test_pulls_of_one_distribution_are_normal_and_p_values_uniform():
    rng = np.random.default_rng(3)
    found = [
        compare({"x": x[:300]}, {"x": x[300:]})["x"] for x in rng.exponential(size=(400, 1000))
    ]  # unequal parts
    for statistic in ("mean", "median"):
        assert kstest([difference[statistic]["pull"] for difference in found], "norm").pvalue > 0.01
    assert kstest([difference["ks_p"] for difference in found], "uniform").pvalue > 0.01


@pytest.mark.parametrize("shift", [-0.3, 0.3])
def test_a_shifted_sample_has_the_pull_of_its_shift(shift):
    rng = np.random.default_rng(4)
    first, second = rng.normal(size=4000), rng.normal(size=1000) + shift
    found = compare({"x": first}, {"x": second})["x"]
    expected = shift / np.sqrt(1 / 4000 + 1 / 1000)  # 8.5 standard errors
    assert found["mean"]["pull"] == pytest.approx(expected, abs=3)
    assert found["median"]["pull"] == pytest.approx(expected * np.sqrt(2 / np.pi), abs=3)
    assert found["ks_distance"] == pytest.approx(0.119, abs=0.05)  # 2 Phi(0.15) - 1
    assert found["ks_p"] < 1e-6


def test_the_ks_test_is_that_of_scipy():
    rng = np.random.default_rng(5)
    first, second = rng.normal(size=50), rng.normal(size=70) + 0.2
    found, exact = compare({"x": first}, {"x": second})["x"], ks_2samp(first, second)
    assert found["ks_distance"] == pytest.approx(exact.statistic, rel=1e-12)
    assert found["ks_p"] == pytest.approx(exact.pvalue, rel=0.1)


def test_constants_have_no_pull():
    found = compare({"x": np.ones(5)}, {"x": np.ones(9)})["x"]
    assert found["mean"]["pull"] is None
    assert found["mean"]["difference"] == 0
    assert found["ks_p"] == 1


@pytest.mark.parametrize(
    ("second", "complaint"),
    [
        ({"y": np.ones(3)}, r"^Samples of different observables\. Expected: x\. Received: y\.$"),
        (
            {"x": np.ones(1)},
            r"^Cannot compare x\. Expected: at least two finite numbers\. Received: 1 numbers, 0 of",
        ),
        ({"x": np.array([1, np.nan])}, r"Received: 2 numbers, 1 of them not finite\.$"),
    ],
)
def test_what_cannot_be_compared(second, complaint):
    with pytest.raises(InputError, match=complaint):
        compare({"x": np.ones(3)}, second)


def test_observables_are_those_of_the_inputs():
    jet = np.zeros((1, 200, 4), np.float32)
    jet[0, :2] = 300, 300 * np.cos(0.2), 300 * np.sin(0.2), 0
    jet[0, 1, 2] *= -1
    found = jet_observables(jet)
    assert set(found) == {"pt", *observables.DOZEN}
    assert found["mass"][0] == pytest.approx(2 * 300 * np.sin(0.2), rel=1e-5)  # m = 2 E sin(angle / 2)
    assert found["pt"][0] == pytest.approx(600 * np.cos(0.2))
    assert found["pt_dispersion"][0] == pytest.approx(np.sqrt(0.5))
    events = toy_events(20)
    observed = event_observables(events)
    assert set(observed) == {*kinematics.OBSERVABLES, "sum_pt"}
    assert observed["sum_pt"] == pytest.approx(events[..., 0].sum(axis=1, dtype=float))


@pytest.mark.parametrize("draw", [lambda rng, n: rng.normal(size=n), lambda rng, n: rng.poisson(40, n) * 1.0])
def test_the_distance_from_kept_quantiles_is_that_of_scipy(draw):
    rng = np.random.default_rng(1)
    reference, sample = draw(rng, 20_000), draw(rng, 3000) + 1
    assert ks_distance(sample, quantiles(reference)) == pytest.approx(
        ks_2samp(sample, reference).statistic, abs=0.01
    )


def toy_jets(n_jets, seed):
    rng = np.random.default_rng(seed)
    eta, phi = rng.normal(0, 0.2, (2, n_jets, 10))
    pt = -np.sort(-rng.exponential(60, (n_jets, 10)))
    jets = np.zeros((n_jets, 200, 4), np.float32)
    jets[:, :10] = np.stack(
        [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1
    )
    return jets


@pytest.fixture
def files(tmp_path):
    """Two files of jets and two of events, of unequal sizes."""
    for name, n, seed in (("a", 60, 1), ("b", 40, 2)):
        write_jets(tmp_path / f"{name}.h5", [toy_jets(n, seed)], attributes={})
        with h5py.File(tmp_path / f"events-{name}.h5", "w") as file:
            file["Particles"] = toy_events(n, seed)
    return tmp_path


def offshell(*words, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code


@pytest.mark.parametrize(("kind", "prefix"), [("jets", ""), ("events", "events-")])
def test_two_files_side_by_side(kind, prefix, files, monkeypatch, capsys):
    words = [files / f"{prefix}{name}.h5" for name in "ab"]
    assert offshell("datasets", "compare", *words, "--json", "--names", "A,B", monkeypatch=monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["names"], found["n"]) == (kind, ["A", "B"], [60, 40])
    assert ("image" in found) == (kind == "jets")
    name, observed = ("mass", jet_observables) if kind == "jets" else ("ht", event_observables)
    made = toy_jets if kind == "jets" else toy_events
    expected = [observed(made(n, seed))[name].mean() for n, seed in ((60, 1), (40, 2))]
    mean = found["observables"][name]["mean"]
    assert [mean["first"], mean["second"]] == pytest.approx(expected, rel=1e-5)


def test_the_table_and_the_figure(files, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "160")
    words = (files / "a.h5", files / "b.h5", "--plot", files / "seen.svg")
    assert offshell("datasets", "compare", *words, monkeypatch=monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "Jets: 60 of a against 40 of b" in shown
    assert "mass [GeV]" in shown
    assert "Mean images: mean square pull" in shown
    drawn = (files / "seen.svg").read_text()
    assert "<!-- a -->" in drawn  # the legend
    assert "<!-- tau21 -->" not in drawn
    assert "<!-- tau32 -->" in drawn


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["a.h5", "events-a.h5"], "Cannot compare jets with events."),
        (["a.h5", "none.h5"], "Cannot read none.h5."),
        (["none.h5", "events-a.h5"], "Cannot read none.h5."),
        (["a.h5", "b.h5", "--names", "a"], "Cannot tell the samples apart."),
        (["a.h5", "b.h5", "--names", "a,a"], "Cannot tell the samples apart."),
        (["a.h5", "b.h5", "--plot", "x.txt"], "Cannot draw x.txt."),
        (["a.h5", "empty.h5"], "empty.h5"),
        (["events-a.h5", "no-events.h5"], "no-events.h5: no events."),
    ],
)
def test_mistakes_get_one_line(words, complaint, files, monkeypatch, capsys):
    monkeypatch.chdir(files)
    with h5py.File("empty.h5", "w") as file:
        file["constituents"] = np.zeros((0, 200, 4), np.float32)
    with h5py.File("no-events.h5", "w") as file:
        file["Particles"] = np.zeros((0, 19, 4), np.float32)
    assert offshell("datasets", "compare", *words, monkeypatch=monkeypatch) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith(f"Error: {complaint}")
