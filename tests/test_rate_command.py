"""A menu of triggers against counting, and the command that prints one."""

import json
import sys

import h5py
import numpy as np
import pytest

from offshell import cli
from offshell.errors import InputError
from offshell.evaluate import signal_efficiency, threshold_at_rate
from offshell.evaluate.rates.menu import Cut, Seed, menu
from offshell.evaluate.rates.scored_events import Events
from offshell.evaluate.rates.triggers import Triggers
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.io.score_files import read_tables, write_scores

RNG = np.random.default_rng(3)
SCORES = {
    "background": {"mse": RNG.normal(size=20_000), "ht": RNG.normal(size=20_000)},
    "a-4l": {"mse": RNG.normal(2, 1, 500), "ht": RNG.normal(size=500)},
}
SEEDS = {"nominal": Seed("mse", 1e3), "tight": Seed("mse", 1e2), "ht": Seed("ht", 1e3)}


@pytest.fixture(scope="module")
def found():
    return menu(SCORES["background"], {"a-4l": SCORES["a-4l"]}, SEEDS, input_rate_hz=1e5)


@pytest.fixture
def path(tmp_path):
    write_scores(tmp_path / "scores.h5", SCORES.items())
    return tmp_path / "scores.h5"


def printed(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["offshell", "rate", *map(str, words)])
    try:
        cli.main()
    except SystemExit as stopped:
        assert stopped.code == 0, capsys.readouterr().err  # noqa: PT017 - typer ends every command like this
    return capsys.readouterr().out


def test_each_trigger_has_the_threshold_of_its_rate(found):
    nominal = found["seeds"]["nominal"]
    point = threshold_at_rate(SCORES["background"]["mse"], rate_hz=1e3, input_rate_hz=1e5)
    assert (nominal["threshold"], nominal["n_background"]) == (point.threshold, point.n_background)
    assert nominal["rate_hz"]["value"] == point.rate_hz
    efficiency = signal_efficiency(point, SCORES["a-4l"]["mse"])
    assert nominal["efficiencies"]["a-4l"] == vars(efficiency)


def test_a_tighter_trigger_adds_nothing_and_all_of_it_overlaps(found):
    tight = found["seeds"]["tight"]["unique_rate_hz"]
    assert tight["value"] == 0 < tight["high"]
    overlaps = {(name, other): overlap["value"] for name, other, overlap in found["overlaps"]}
    assert overlaps["tight", "nominal"] == 1
    assert overlaps["nominal", "tight"] == pytest.approx(0.1)


def test_the_total_is_counted(found):
    background = SCORES["background"]
    thresholds = {name: found["seeds"][name]["threshold"] for name in ("nominal", "ht")}
    passed = (background["mse"] > thresholds["nominal"]) | (background["ht"] > thresholds["ht"])
    # A step between scores for each of the two edges, the events of which pass neither trigger.
    assert found["total_rate_hz"]["value"] == pytest.approx(1e5 * (passed.sum() + 2) / 20_001)
    unique = [found["seeds"][name]["unique_rate_hz"]["value"] for name in ("nominal", "ht")]
    assert sum(unique) < found["total_rate_hz"]["value"] < 2010


def test_a_menu_without_triggers_is_refused():
    with pytest.raises(InputError, match="There is no trigger"):
        menu(SCORES["background"], {}, {})


def test_the_command_prints_the_menu(path, monkeypatch, capsys):
    words = ["--rate", "nominal=1kHz", "--rate", "ht=1kHz@ht", "--score", "mse", "--input-rate", "100kHz"]
    monkeypatch.setenv("COLUMNS", "140")
    text = printed([path, *words], monkeypatch, capsys)
    assert "nominal" in text
    assert "1,005" in text
    assert " ".join(text.split()).count("keeps") == 2
    assert "all" in text


def test_json_is_what_the_function_returns(path, found, monkeypatch, capsys):
    words = ["--rate", "nominal=1kHz", "--rate", "tight=100Hz", "--rate", "ht=1kHz@ht"]
    text = printed([path, *words, "--score", "mse", "--input-rate", "100kHz", "--json"], monkeypatch, capsys)
    assert json.loads(text) == json.loads(json.dumps(found))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--rate", "1kHz"], "There are several scores. Expected: --score, one of mse, ht"),
        (["--rate", "1", "--score", "mse"], "no frequency"),
        (["--rate", "1kHz", "--score", "bce"], "bce"),
        (["--rate", "1kHz", "--score", "mse", "--groups", "parent"], "a column parent of each sample"),
        (["--rate", "1kHz", "--score", "mse", "--background", "qcd"], "one of background, a-4l"),
        (["--rate", "1kHz", "--rate", "2kHz", "--score", "mse"], "mse twice"),
        (["--rate", "100Hz", "--score", "mse"], "Too few background events"),
        ([], "Expected: --rate or --cut"),
        (["--cut", "ht"], "This is no cut"),
        (["--cut", "ht>high"], "This is no cut"),
        (["--cut", "ht>1/0.5"], "Wrong prescale of ht. Expected: a number of 1 or more"),
        (["--cut", "ht>1/2.5.0"], "a number after the slash"),
        (["--cut", "ht>1", "--cut", "ht>2"], "ht twice"),
        (["--cut", "ht>1", "--weights", "weight"], "what an event weighs. Expected: a column weight"),
    ],
)
def test_mistakes_get_one_line(path, words, message, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["offshell", "rate", str(path), *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert message in line


# Prescales and cuts


def combined(*seeds):
    return menu(SCORES["background"], {"a-4l": SCORES["a-4l"]}, dict(seeds), input_rate_hz=1e5)


def test_a_prescale_divides_rate_and_efficiency_and_leaves_the_threshold(found):
    kept = combined(("nominal", Seed("mse", 1e3, prescale=8)))["seeds"]["nominal"]
    before = found["seeds"]["nominal"]
    assert kept["threshold"] == before["threshold"]
    for now, then in (
        (kept["rate_hz"], before["rate_hz"]),
        (kept["efficiencies"]["a-4l"], before["efficiencies"]["a-4l"]),
    ):
        assert now == pytest.approx({key: value / 8 for key, value in then.items()})


def test_prescaled_triggers_combine_as_independent_chances():
    """Of 100 events 30 pass a (1 in 2), 20 of these and 10 others pass b (1 in 4)."""
    events = np.arange(100)
    background = {"a": (events < 30) * 1.0, "b": ((events >= 10) & (events < 40)) * 1.0}
    seeds = {"a": Cut("a", 0.5, prescale=2), "b": Cut("b", 0.5, prescale=4)}
    found = menu(background, {"same": background}, seeds, input_rate_hz=100.0)
    both, only_a, only_b = 20, 10, 10
    total = only_a / 2 + only_b / 4 + both * (1 - 1 / 2 * 3 / 4)
    assert found["total_rate_hz"]["value"] == pytest.approx(total)
    assert found["efficiencies"]["same"]["value"] == pytest.approx(total / 100)
    assert found["seeds"]["a"]["rate_hz"]["value"] == pytest.approx(15)
    assert found["seeds"]["a"]["unique_rate_hz"]["value"] == pytest.approx(only_a / 2 + both / 2 * 3 / 4)
    assert found["seeds"]["b"]["unique_rate_hz"]["value"] == pytest.approx(only_b / 4 + both / 4 * 1 / 2)
    overlaps = {(name, other): overlap["value"] for name, other, overlap in found["overlaps"]}
    assert overlaps == pytest.approx({("a", "b"): 20 / 30 / 4, ("b", "a"): 20 / 30 / 2})


def test_intervals_of_prescaled_triggers_hold_what_new_events_would_give():
    """Two independent uniform scores, the first one kept once in five: the true rates follow from the thresholds."""
    rng, n_toys, held = np.random.default_rng(9), 300, {"total": 0, "unique": 0}
    for _ in range(n_toys):
        events = Events({"a": rng.uniform(size=2_000), "b": rng.uniform(size=2_000)}, "background")
        points = {
            name: threshold_at_rate(of, rate_hz=2, input_rate_hz=100) for name, of in events.scores.items()
        }
        triggers = Triggers(events, points, input_rate_hz=1.0, prescales={"a": 5})
        kept = {"a": (1 - points["a"].threshold) / 5, "b": 1 - points["b"].threshold}
        true = {"total": 1 - (1 - kept["a"]) * (1 - kept["b"]), "unique": kept["a"] * (1 - kept["b"])}
        for key, found in (
            ("total", triggers.rate(["a", "b"])),
            ("unique", triggers.unique_rate("a", ["b"])),
        ):
            held[key] += found["low"] < true[key] < found["high"]
    # 95 % of 300 are known to 1.3 %.
    assert min(held.values()) > 0.925 * n_toys


def test_a_prescale_of_one_is_none_and_a_large_one_leaves_the_others_alone():
    seeds = [("mse", Seed("mse", 1e3)), ("ht", Seed("ht", 1e3))]
    assert combined(*seeds) == combined(seeds[0], ("ht", Seed("ht", 1e3, prescale=1.0)))
    rare, alone = combined(seeds[0], ("ht", Seed("ht", 1e3, prescale=1e9))), combined(seeds[0])
    assert rare["total_rate_hz"]["value"] == pytest.approx(alone["total_rate_hz"]["value"], rel=1e-6)


def test_a_cut_is_what_it_is():
    found = combined(("mse", Seed("mse", 1e3)), ("ht", Cut("ht", 2.5)))
    passed = SCORES["background"]["ht"] > 2.5
    cut = found["seeds"]["ht"]
    low, high = binomial_interval(passed.sum(), 20_000)
    exact = {"value": 1e5 * passed.mean(), "low": 1e5 * float(low), "high": 1e5 * float(high)}
    assert cut["rate_hz"] == pytest.approx(exact)
    assert (cut["threshold"], cut["n_background"], cut["few"]) == (2.5, passed.sum(), False)
    only = (SCORES["background"]["mse"] > found["seeds"]["mse"]["threshold"]) & ~passed
    assert found["seeds"]["mse"]["unique_rate_hz"]["value"] == pytest.approx(1e5 * (only.sum() + 1) / 20_001)


def test_the_command_takes_prescales_and_cuts(path, monkeypatch, capsys):
    words = ["--rate", "loose=1kHz@mse/10", "--cut", "ht > 2.5", "--cut", "both=mse + ht>4/2"]
    found = json.loads(printed([path, *words, "--input-rate", "100kHz", "--json"], monkeypatch, capsys))
    read = {name: (of["score"], of["prescale"]) for name, of in found["seeds"].items()}
    assert read == {"loose": ("mse", 10), "ht": ("ht", 1), "both": ("mse + ht", 2)}
    assert found["seeds"]["both"]["threshold"] == 4
    monkeypatch.setenv("COLUMNS", "140")
    assert "1 in 10" in printed([path, *words, "--input-rate", "100kHz"], monkeypatch, capsys)


def test_equal_weights_change_nothing_and_unequal_ones_count(tmp_path, monkeypatch, capsys):
    heavy = np.where(np.arange(20_000) % 2, 1.5, 0.5)
    for name, values in (("even", np.full(20_000, 2.0)), ("uneven", heavy)):
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file["mse"], file["weight"] = SCORES["background"]["mse"], values
    words = ["--cut", "mse>2", "--input-rate", "100kHz", "--weights", "weight", "--json"]
    even, uneven = (
        json.loads(printed([tmp_path / f"{name}.h5", *words], monkeypatch, capsys))["seeds"]["mse"]["rate_hz"]
        for name in ("even", "uneven")
    )
    passed = SCORES["background"]["mse"] > 2
    assert even["value"] == pytest.approx(1e5 * passed.mean())
    assert uneven["value"] == pytest.approx(1e5 * heavy[passed].sum() / heavy.sum())
    assert uneven["high"] - uneven["low"] > 1.05 * (even["high"] - even["low"])


# Files


def test_columns_are_read_from_every_layout(path, tmp_path):
    assert list(read_tables(path)) == ["background", "a-4l"]
    with h5py.File(tmp_path / "groups.h5", "w") as file:
        for sample, scores in SCORES.items():
            for name, values in scores.items():
                file[f"{sample}/{name}"] = values
    with h5py.File(tmp_path / "one.h5", "w") as file:
        file["mse"] = SCORES["background"]["mse"]
    lines = ["sample,mse,parent", "background,1.5,0", "background,2.5,0", "a-4l,3,1"]
    (tmp_path / "scores.csv").write_text("\n".join(lines))
    found = read_tables(tmp_path / "groups.h5")
    np.testing.assert_array_equal(found["a-4l"]["ht"], SCORES["a-4l"]["ht"])
    assert list(read_tables(tmp_path / "one.h5")) == ["one"]
    found = read_tables(tmp_path / "scores.csv")
    np.testing.assert_array_equal(found["background"]["mse"], [1.5, 2.5])
    np.testing.assert_array_equal(found["background"]["parent"], [0, 0])


def test_parents_of_a_file_count_together(tmp_path, monkeypatch, capsys):
    with h5py.File(tmp_path / "scores.h5", "w") as file:
        file["mse"], file["parent"] = np.repeat(SCORES["background"]["mse"], 2), np.arange(40_000) // 2
    words = ["--rate", "1kHz", "--score", "mse", "--input-rate", "100kHz", "--groups", "parent", "--json"]
    seed = json.loads(printed([tmp_path / "scores.h5", *words], monkeypatch, capsys))["seeds"]["mse"]
    assert seed["n_background"] == 200
    assert seed["rate_hz"]["value"] == pytest.approx(1e5 * 201 / 20_001)


@pytest.mark.parametrize("content", ["", "mse\n", "mse\na\n", "mse,ht\n1\n"])
def test_a_table_without_numbers_is_refused(tmp_path, content):
    (tmp_path / "bad.csv").write_text(content)
    with pytest.raises(InputError, match=r"Cannot read .*bad\.csv"):
        read_tables(tmp_path / "bad.csv")


def test_a_file_without_scores_is_refused(tmp_path):
    with h5py.File(tmp_path / "bad.h5", "w") as file:
        file["a"], file["b"] = np.ones(3), np.ones(4)
    with pytest.raises(InputError, match=r"holds no scores"):
        read_tables(tmp_path / "bad.h5")


def test_the_help_says_how_triggers_are_written(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "240")
    text = " ".join(printed(["--help"], monkeypatch, capsys).split())
    assert "[NAME=]RATE[@SCORE][/PRESCALE]" in text
    assert "[NAME=]SCORE>VALUE[/PRESCALE]" in text
