"""Do the tests bite? Change one line of a module, run the tests that mirror it, and count how often they fail.

    python mutations/run.py                                  # some changes of each module of plan.toml
    python mutations/run.py evaluate/rates/tail --changes 50

The changes are a random sample, the same on each day, in a copy of the tree: the checkout stays as it is. What is
known to change nothing that could be noticed is listed in plan.toml with the reason. Ends with 1 if fewer than nine
tenths of the others are noticed.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from changes import Change, changes

ROOT = Path(__file__).parents[1]
PLAN = tomllib.loads((ROOT / "mutations" / "plan.toml").read_text())
LEAST = 0.9
# Imported once; each run of the tests starts from there. Nothing of Offshell, and no threads yet.
IMPORTED = [
    "hypothesis",
    "keras",
    "pytest",
    "scipy.integrate",
    "scipy.optimize",
    "scipy.stats",
    "sklearn.metrics",
]


@dataclass
class Outcome:
    """What became of the changes of one module."""

    made: int
    survivors: list[tuple[str, str]]

    @property
    def noticed(self) -> int:
        return self.made - len(self.survivors)


def main() -> int:
    options = parsed()
    os.environ.update(KERAS_BACKEND="jax", JAX_DISABLE_MOST_OPTIMIZATIONS="1")
    with tempfile.TemporaryDirectory(prefix="offshell-mutations-") as folder:
        copy = Path(folder)
        copied(copy)
        outcomes = {
            module: tried(module, copy, options.changes) for module in options.modules or PLAN["tests"]
        }
    noticed, made = (sum(getattr(o, name) for o in outcomes.values()) for name in ("noticed", "made"))
    print(f"\n{noticed} of {made} changes noticed, {noticed / max(made, 1):.0%}")
    return int(noticed < LEAST * made)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="some of plan.toml")
    parser.add_argument("--changes", type=int, default=8, help="of each module, at most")
    options = parser.parse_args()
    if unknown := sorted(set(options.modules) - set(PLAN["tests"])):
        parser.error(f"unknown module {unknown[0]}; those of plan.toml are {', '.join(PLAN['tests'])}")
    return options


def copied(folder: Path) -> None:
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "temporary").mkdir()


def tried(module: str, copy: Path, n_changes: int) -> Outcome:
    """Tries a sample of the changes of a module and prints those that no test notices."""
    path, tests = copy / "src" / "offshell" / f"{module}.py", PLAN["tests"][module]
    source = path.read_bytes()
    passed, seconds = passes(copy, tests, limit=900)
    if not passed:
        sys.exit(f"The tests of {module} fail without any change: {', '.join(tests)}")
    sample, equivalent = sampled(module, source, n_changes)
    survivors = []
    for change in sample:
        path.write_bytes(change.applied(source))
        if passes(copy, tests, limit=30 + 5 * seconds)[0]:
            survivors.append(change.lines(source))
    path.write_bytes(source)
    outcome = Outcome(len(sample), survivors)
    print(
        f"{module:30} {outcome.noticed:3} of {outcome.made:3} noticed, {equivalent} equivalent",
        *map(shown, survivors),
        sep="\n",
        flush=True,
    )
    return outcome


def sampled(module: str, source: bytes, n_changes: int) -> tuple[list[Change], int]:
    known = {(entry["line"], entry["becomes"]) for entry in PLAN["equivalent"] if entry["module"] == module}
    every = [change for change in changes(source) if compiles(change.applied(source))]
    sample = random.Random(module).sample(every, min(n_changes, len(every)))
    kept = [change for change in sample if change.lines(source) not in known]
    return kept, len(sample) - len(kept)


def compiles(source: bytes) -> bool:
    with contextlib.suppress(SyntaxError):
        return bool(compile(source, "changed", "exec"))
    return False


def shown(survivor: tuple[str, str]) -> str:
    return "  - {}\n  + {}".format(*survivor)


def passes(copy: Path, tests: list[str], *, limit: float) -> tuple[bool, float]:
    """Whether the tests pass in a process of their own, and the seconds they take; what never ends does not pass."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    start = time.monotonic()
    process = context.Process(target=run_tests, args=(copy, [f"tests/{name}.py" for name in tests]))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode == 0, time.monotonic() - start


def run_tests(copy: Path, tests: list[str]) -> None:
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy / "src")  # of what tests start
    sys.path[:0] = [str(copy / "src")]
    tempfile.tempdir = os.environ["TMPDIR"] = str(
        copy / "temporary"
    )  # what is left behind goes with the copy
    sys.dont_write_bytecode = True  # files change within the second by which Python tells them apart
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    os._exit(pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *tests]))


if __name__ == "__main__":
    sys.exit(main())
