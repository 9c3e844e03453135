"""Scores beside each other: the mapping, the tables, the figure, and which runs may be compared."""

import io
import json
import sys

import numpy as np
import pytest
from rich.console import Console

from offshell import cli, recipe
from offshell.errors import InputError
from offshell.evaluate.separation.differences import differences, rich_differences, rich_survival, survivals
from offshell.evaluate.separation.paired import auc_difference
from offshell.io.score_files import write_scores
from offshell.plots.roc_panels import roc_panels
from offshell.run.candidates import candidates
from offshell.run.results import Results


def scores(seed=1):
    """Background and a signal with a good score, one nearly as good and one that is noise; and an observable."""
    rng = np.random.default_rng(seed)
    found = {}
    for sample, n, shift in (("qcd", 2000, 0.0), ("top", 1000, 1.0)):
        good = rng.normal(shift, size=n)
        found[sample] = {
            "dice": good,
            "mse": good + 0.3 * rng.normal(size=n),
            "pca": rng.normal(size=n),
            "jet_mass": rng.exponential(size=n),
        }
    return found


def by_name(names=("dice", "mse", "pca"), of=None):
    of = of or scores()
    return {name: {sample: values[name] for sample, values in of.items()} for name in names}


def text(table):
    console = Console(file=io.StringIO(), width=200)
    console.print(table)
    return console.file.getvalue()


def run(folder, *, of=None, changes=()):
    folder.mkdir()
    chosen = recipe.load("joint-vae", changes=["evaluate.score=dice", "samples.signals=top", *changes])
    (folder / "recipe.toml").write_text(recipe.to_toml(chosen))
    write_scores(folder / "scores.h5", (of or scores()).items())
    return Results(folder)


def test_each_candidate_is_compared_with_the_first():
    found = differences(by_name())["top"]
    assert list(found) == ["mse", "pca"]
    of = scores()
    expected = auc_difference(*((of[sample]["dice"], of[sample]["mse"]) for sample in ("qcd", "top")))
    assert found["mse"]["auc"]["value"] == expected.value
    assert found["mse"]["auc"]["p_value"] == expected.p_value
    assert found["pca"]["auc"]["verdict"] == found["pca"]["tpr"]["1e-1"]["verdict"] == "worse"
    assert found["pca"]["tpr"]["1e-5"]["verdict"] == "–"
    assert json.loads(json.dumps(found)) == found


def test_tables_say_in_words_what_the_test_found():
    compared = by_name()
    shown = text(rich_differences(differences(compared), compared, "top"))
    rows = {line.split()[0]: line for line in shown.splitlines() if line.split()}
    assert rows["pca"].count("worse") == 3
    assert "better" not in rows["mse"]
    assert "dice" in rows
    assert "1e-5" not in shown
    tails = text(rich_survival(survivals(compared), "dice"))
    assert "of the" in tails
    assert "100 [" not in tails
    assert (
        next(line for line in tails.splitlines() if "mse" in line).split()[-1] == "–"
    )  # no event in the top 1e-4 of 2000


def test_one_candidate_or_other_samples_are_refused():
    with pytest.raises(InputError, match=r"at least two scores\. Received: dice"):
        differences(by_name(["dice"]))
    other = by_name()
    del other["pca"]["top"]
    with pytest.raises(InputError, match=r"pca has other samples\. Expected: qcd, top\. Received: qcd"):
        differences(other)


def test_the_figure_has_a_panel_for_each_signal_and_a_line_for_each_candidate():
    of = scores()
    of["w"] = of["top"]
    figure = roc_panels(by_name(of=of))
    assert [axes.get_title() for axes in figure.axes] == ["top", "w"]
    assert [len(axes.lines) for axes in figure.axes] == [3, 3]


def test_what_is_compared_of_one_run(tmp_path):
    plain = run(tmp_path / "plain")
    assert list(candidates([plain])) == ["dice", "pca", "jet_mass"]
    assert list(candidates([plain], scores=["mse", "dice + mse"])) == ["mse", "dice + mse"]
    ensemble = run(tmp_path / "ensemble", changes=["train.ensemble=2"])
    for number in (1, 2):
        write_scores(ensemble.folder / f"scores-{number}.h5", scores(number).items())
    assert list(candidates([ensemble])) == ["training 1: dice", "training 2: dice"]


def test_runs_are_compared_where_their_events_are_the_same(tmp_path):
    first, second = run(tmp_path / "a"), run(tmp_path / "b", changes=["evaluate.score=mse"])
    assert list(candidates([first, second])) == [f"{tmp_path}/a: dice", f"{tmp_path}/b: mse"]
    other = run(tmp_path / "c", of=scores(2))
    with pytest.raises(
        InputError, match=r"c was tested on other events of qcd than .*a\. Expected: the same"
    ):
        candidates([first, other])
    unknown = {sample: {"dice": of["dice"]} for sample, of in scores().items()}
    with pytest.raises(InputError, match="other events"):
        candidates([first, run(tmp_path / "d", of=unknown)])


def test_the_command_prints_writes_and_draws(tmp_path, monkeypatch, capsys):
    run(tmp_path / "a")
    words = ["compare", tmp_path / "a", "--scores", "dice,mse", "--plot", tmp_path / "roc.svg"]
    monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words)])
    with pytest.raises(SystemExit):
        cli.main()
    shown = capsys.readouterr().out
    assert "Finding top, against dice" in shown
    assert (tmp_path / "roc.svg").exists()
    monkeypatch.setattr(sys, "argv", ["offshell", *map(str, words[:4]), "--json"])
    with pytest.raises(SystemExit):
        cli.main()
    document = json.loads(capsys.readouterr().out)
    assert document["reference"] == "dice"
    assert document["signals"]["top"]["mse"]["auc"]["verdict"] == "worse"
    assert document["tail_survival"]["mse"]["1e-2"]["n_events"] == 20


def test_of_a_compressed_run_it_is_the_float_detector_and_what_became_of_it(tmp_path):
    small = run(tmp_path / "small", changes=["compress.sparsity=0.5"])
    of = scores()
    write_scores(small.folder / "scores-float.h5", of.items())
    found = candidates([small])
    assert list(found) == ["float: dice", "compressed: dice"]
    assert survivals(found)["compressed: dice"]["1e-2"].value == 1
