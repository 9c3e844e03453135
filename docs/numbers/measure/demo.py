"""What `make demo` prints, in numbers: `python docs/numbers/measure/demo.py RESULT FOLDER`."""

import json
import re
import sys
from pathlib import Path

from offshell.cli import runs
from offshell.run.run import Run

ROOT = Path(__file__).resolve().parents[3]
RECIPES = ("joint-vae", "outlier-exposure")
WAYS = {"there": ("qcd", "top"), "back": ("top", "qcd")}


def main(result, folder):
    settings = re.search(r"^DEMO := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    changes = [word for word in settings.split() if word != "--set"]
    for recipe in RECIPES:
        runs.both_ways(recipe, *WAYS["there"], out=Path(folder), changes=changes, overwrite=True)
    Path(result).write_text(json.dumps({way: metrics(folder, *samples) for way, samples in WAYS.items()}))


def metrics(folder, background, signal):
    """Of the scores of both detectors; the baselines are the same in both."""
    found = [
        Run(Path(folder) / f"{recipe}-{background}-finds-{signal}").metrics[signal] for recipe in RECIPES
    ]
    return found[0] | found[1]


if __name__ == "__main__":
    main(*sys.argv[1:])
