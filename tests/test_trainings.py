"""Several trainings by recipe: which events they learn from, and which events rank."""

import numpy as np
import pytest

from offshell import recipe as recipes
from offshell.evaluate.scores import score
from offshell.run.learning.trainings import trained

X = np.random.default_rng(1).normal(size=(400, 57)).astype(np.float32)
CHANGES = ["train.ensemble=2", "train.epochs=1", "train.batch_size=60"]


@pytest.fixture(scope="module")
def ensemble():
    model, histories = trained(recipes.load("l1-vae", changes=CHANGES), X)
    assert len(histories) == len(model.members) == 2
    return model


def test_an_ensemble_ranks_by_events_that_no_member_learned_from(ensemble):
    references = np.asarray(ensemble.references)
    assert references.shape[-1] == 40  # a tenth of the events
    for member, values in zip(ensemble.members, references, strict=True):
        of_all = score(member, X)["mse"]
        rows = [int(np.argmin(np.abs(of_all - value))) for value in values[ensemble.term_names.index("mse")]]
        held_out = X[rows]
        # Standardization is the one part of a training that can be repeated exactly: it saw all other events.
        others = np.delete(X, rows, axis=0)
        assert len(np.unique(rows)) == 40
        np.testing.assert_allclose(np.asarray(member.scaling.mean), others.mean(axis=0), atol=1e-6)
        assert not np.allclose(np.asarray(member.scaling.mean), held_out.mean(axis=0), atol=1e-3)
