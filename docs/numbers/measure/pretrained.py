"""The detector that comes with Offshell: a run of the recipe outlier-exposure, without its samples.

    python docs/numbers/measure/pretrained.py RESULT FOLDER

FOLDER becomes the run; RESULT is its table of metrics. What a scoring needs goes into the package, and what says where it is from.
"""

import shutil
import sys
from pathlib import Path

from offshell import recipe
from offshell.cli import runs

NAME = "outlier-exposure"
CHANGES = [
    "samples.n_test=5000",
    "samples.n_signal=1000",
]  # what the table needs; training is that of the recipe
KEPT = ("model.keras", "recipe.toml", "environment.json", "samples.json")


def main(result, folder):
    runs.run(NAME, out=Path(folder), changes=CHANGES, overwrite=True)
    home = Path(recipe.__file__).parent / "trained" / NAME
    home.mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        shutil.copyfile(Path(folder) / name, home / name)
    shutil.copyfile(Path(folder) / "metrics.json", result)


if __name__ == "__main__":
    main(*sys.argv[1:])
