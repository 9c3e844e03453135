"""Carry out a recipe and keep one file of its run.

python docs/numbers/measure/run.py RESULT FOLDER metrics.json joint-vae [samples.background=top ...]
"""

import shutil
import sys
from pathlib import Path

from offshell.cli import runs


def main(result, folder, kept, recipe, *changes):
    runs.run(recipe, out=Path(folder), changes=list(changes), overwrite=True)
    shutil.copyfile(Path(folder) / kept, result)


if __name__ == "__main__":
    main(*sys.argv[1:])
