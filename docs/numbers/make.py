"""Make the numbers of README.md and docs/*.md again: `nox -s numbers`, or `python docs/numbers/make.py`.

(nothing)   every study whose code, arguments or inputs have changed since, then the tables of the pages
quick       those of them that take ten minutes at most
NAME ...    these studies, changed or not
list        what there is, how long it takes, when it was made, and whether it is stale
tables      only the tables, from the results that are there
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pages
import record
from fingerprint import SOURCE, code_of
from rich.console import Console
from rich.table import Table
from studies import ROOT, STUDIES, WORK

NAMES = [study.name for study in STUDIES]


def main(*words):
    match words:
        case ["list"]:
            Console().print(listed())
        case ["tables"]:
            pages.fill()
        case [] | ["quick"]:
            make_stale(only_quick=bool(words))
        case _:
            make_named(words)


def make_stale(*, only_quick):
    forget_old_samples()
    for study in STUDIES:  # one after the other, because a study may make the input of a later one
        if (study.is_quick or not only_quick) and record.is_stale(study):
            make(study)
    pages.fill()


def make_named(names):
    if unknown := set(names) - set(NAMES):
        choices = ", ".join(["list", "quick", "tables", *NAMES])
        sys.exit(f"No such study. Expected: {choices}. Received: {', '.join(sorted(unknown))}.")
    forget_old_samples()
    for study in STUDIES:
        if study.name in names:
            make(study)


def make(study):
    if study.missing:
        print(f"{study.name}: left out, needs {', '.join(study.missing)}")
        return
    print(f"{study.name}: about {study.duration}", flush=True)
    # What is unfinished goes on where it stopped, if the code is still the same.
    unfinished = ROOT / WORK / f"{study.name}-{study.code}{study.result.suffix}"
    subprocess.run([sys.executable, study.path, unfinished, *study.arguments], cwd=ROOT, check=True)
    shutil.move(unfinished, study.result)
    record.note(study)
    pages.fill()


def forget_old_samples():
    """Simulated samples are inputs too: those of another simulation, and the runs with them, are removed."""
    work = ROOT / WORK
    simulation = work / f"simulated-by-{code_of(SOURCE / 'samples' / 'samples.py')}"
    if not simulation.exists():
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        simulation.touch()


def listed():
    table = Table("study", "takes", "made", "with", "now", box=None)
    for study in STUDIES:
        entry = record.made().get(study.name, {"date": "never", "version": ""})
        state = "stale" if record.is_stale(study) else "up to date"
        folders = sorted({str(Path(name).parent) for name in study.missing})
        needs = f", needs files in {', '.join(folders)}" if folders else ""
        table.add_row(study.name, study.duration, entry["date"], entry["version"], state + needs)
    return table


if __name__ == "__main__":
    main(*sys.argv[1:])
