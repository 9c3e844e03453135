"""Files in the folder of a run."""

import h5py
import numpy as np
import pytest

from offshell import recipe
from offshell.run.run import Run


@pytest.mark.parametrize("n_members", [1, 2])
def test_members_are_read_by_number_and_other_files_of_scores_left_alone(n_members, tmp_path):
    settings = recipe.load("l1-ae", changes=[f"train.ensemble={n_members}"])
    (tmp_path / "recipe.toml").write_text(recipe.to_toml(settings))
    for name in ("1", "2", "mine"):
        with h5py.File(tmp_path / f"scores-{name}.h5", "w") as file:
            file["background"] = np.ones((3, 1))
            file["background"].attrs["scores"] = [f"mse {name}"]
    read = [list(member["background"]) for member in Run(tmp_path).members_scores]
    assert read == ([] if n_members == 1 else [["mse 1"], ["mse 2"]])
