"""Detectors that come trained: small, with their provenance, and ready to score."""

import json
import math
import tomllib

import numpy as np
import pytest
from toy_jets import toy_jets

from offshell.evaluate.scores import score
from offshell.recipe.pretrained import pretrained_folder, pretrained_names
from offshell.run.run import Run

_LARGEST = 500_000  # bytes of a detector in the wheel


def test_there_is_a_flagship_and_nothing_else_answers():
    assert pretrained_names() == ["outlier-exposure"]
    assert pretrained_folder("outlier-exposures") is None


@pytest.mark.parametrize("name", pretrained_names())
def test_it_is_small_and_says_what_it_was_made_from(name):
    folder = pretrained_folder(name)
    assert sum(path.stat().st_size for path in folder.iterdir()) < _LARGEST
    made_of = tomllib.loads((folder / "recipe.toml").read_text())
    background, *_ = json.loads((folder / "samples.json").read_text())
    assert background["origin"] == "qcd: simulated by Offshell"
    assert json.loads((folder / "environment.json").read_text())["seed"] == str(made_of["seed"])


def test_the_flagship_scores_jets(rng):
    run = Run(pretrained_folder("outlier-exposure"))
    calm, wild = toy_jets(20), toy_jets(20, seed=2)
    wild[:, :, 1:3] += 0.2 * rng.normal(size=wild[:, :, 1:3].shape) * wild[:, :, :1]
    wild[:, :, 0] = np.linalg.norm(wild[:, :, 1:], axis=2)
    ranking = run.recipe.score_among(run.model.families)
    narrow, broad = (score(run.model, run.inputs(jets))[ranking] for jets in (calm, wild))
    assert np.isfinite(narrow).all()
    # Six p-values of independent families would add up to 6 on average; of jets like nothing known to much more.
    assert np.median(broad) > max(6, np.median(narrow)) > 0
    assert math.isfinite(broad.max())
