"""Tables of docs/outlier-exposure.md: one recipe that finds top jets in QCD jets, and QCD jets in top jets.

    python docs/numbers/measure/outlier_exposure.py RESULT FOLDER QCD TOP

QCD and TOP are files with 40,000 and 20,000 jets.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from offshell.cli import runs
from offshell.evaluate.separation.differences import differences
from offshell.run.candidates import candidates
from offshell.run.findings.committee import collect_committee
from offshell.run.run import Run

SIZES = {"qcd": (30_000, 10_000), "top": (15_000, 5_000)}  # to train, to test
SHARES = {"1e-2": 1e-2, "1e-3": 1e-3}


def main(result, folder, qcd, top):
    files = {"qcd": f"{qcd}:qcd", "top": f"{top}:top"}
    found = [of_run(Path(folder), files, *pair) for pair in (("qcd", "top"), ("top", "qcd"))]
    Path(result).write_text(json.dumps(found, indent=1) + "\n")


def of_run(folder, files, background, signal):
    n_train, n_test = SIZES[background]
    changes = {"background": files[background], "signals": files[signal]}
    changes |= {"n_train": n_train, "n_test": n_test, "n_signal": SIZES[signal][1]}
    folder = folder / f"{background}-{signal}"
    words = [f"samples.{key}={value}" for key, value in changes.items()]
    runs.run("outlier-exposure", out=folder, changes=words, overwrite=True)
    return results_of(Run(folder), background, signal)


def results_of(run, background, signal):
    """What the tables show of a finished run."""
    compared = candidates([run])
    return {
        "background": background,
        "signal": signal,
        "metrics": run.metrics[signal],
        "differences": differences(compared, shares=SHARES)[signal],
        "prior": prior(collect_committee(run)),
    }


def prior(found):
    """What the numbers rest on."""
    plain = ("expression", "mass_range", "shares", "mass_correlation")
    weights = {weight: {"mean": of.mean(), "worst": of.min()} for weight, of in found.mass_weights.items()}
    without = {
        signal: {name: asdict(of) for name, of in areas.items()} for signal, areas in found.without.items()
    }
    return {name: getattr(found, name) for name in plain} | {"without": without, "mass_weights": weights}


if __name__ == "__main__":
    main(*sys.argv[1:])
