"""Time one benchmark and write its numbers: `python benchmarks/run.py images [what it takes]`.

A benchmark is a module beside this file with

* `cases(*arguments)`: for each name a callable that does the work and returns how many items it handled,
* `TIMED`: for each name what lies inside the timed region,
* `RATIOS`: pairs of names, ours and theirs, to be compared,
* `UNIT`: what is counted in a second,
* `PACKAGES`: whose versions matter.

Cases take turns, so that a busy machine slows them alike. What people use today lives in an environment of its
own, never in .venv; `nox -s benchmarks` makes one and times everything:

    uv venv /tmp/bench --python 3.11
    uv pip install --python /tmp/bench/bin/python --editable . --group benchmarks
    /tmp/bench/bin/python benchmarks/run.py images
"""

import argparse
import importlib
import json
import os
import platform
import statistics
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
RESULTS = Path(__file__).parent / "results"


def main():
    options = parsed()
    keep_to(options.cores)
    benchmark, before = importlib.import_module(options.benchmark), machine(options.cores)
    samples = timed(benchmark.cases(*options.arguments), options.rounds)
    report = {
        "benchmark": options.benchmark,
        "arguments": options.arguments,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": before,
        "unit": benchmark.UNIT,
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in benchmark.PACKAGES},
        "cases": {name: summary(benchmark.TIMED[name], values) for name, values in samples.items()},
        "ratios": [compared(samples, *pair) for pair in benchmark.RATIOS],
    }
    path = RESULTS / f"{options.benchmark}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")
    show(report, path)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", help="name of a module beside this file")
    parser.add_argument("arguments", nargs="*", help="passed on to the benchmark")
    parser.add_argument("--rounds", type=int, default=11, help="turns that every case has")
    parser.add_argument("--cores", type=int, default=1, help="cores that may be used")
    return parser.parse_args()


def keep_to(n_cores):
    # Before NumPy is imported, which reads these once.
    os.environ.update(dict.fromkeys(THREAD_SETTINGS, str(n_cores)))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-n_cores:])


def timed(cases, n_rounds):
    for work in cases.values():
        work()
    samples = {name: [] for name in cases}
    for _ in range(n_rounds):
        for name, work in cases.items():
            start = time.perf_counter()
            n_items = work()
            samples[name].append(n_items / (time.perf_counter() - start))
    return samples


def machine(n_cores):
    return {
        "processor": processor(),
        "system": platform.platform(),
        "cores": n_cores,
        "load_average": os.getloadavg(),
    }


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))


def summary(inside, values):
    return {"timed": inside, "median": statistics.median(values), "samples": values}


def compared(samples, ours, theirs):
    # Neighbours in time are compared: the load of the machine changes more slowly than a round lasts.
    ratios = [a / b for a, b in zip(samples[ours], samples[theirs], strict=True)]
    return {"ours": ours, "theirs": theirs, "median": statistics.median(ratios), "samples": ratios}


def show(report, path):
    for name, case in report["cases"].items():
        print(f"{case['median']:>12,.0f} / s  {name}")
    for ratio in report["ratios"]:
        print(f"{ratio['median']:>12.1f}      {ratio['ours']} over {ratio['theirs']}")
    print(path)


if __name__ == "__main__":
    main()
