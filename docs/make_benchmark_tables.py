"""Write the tables of docs/benchmarks.md from benchmarks/results: `python docs/make_benchmark_tables.py`.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`, where NAME is that of a benchmark.
"""

import json
import re
from pathlib import Path

DOCS = Path(__file__).parent
RESULTS = DOCS.parent / "benchmarks" / "results"
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main():
    page = DOCS / "benchmarks.md"
    page.write_text(PLACE.sub(lambda place: place[1] + tables(place[2]) + place[3], page.read_text()))


def tables(benchmark):
    path = RESULTS / f"{benchmark}.json"
    if not path.exists():
        return f"Not measured yet: `python benchmarks/run.py {benchmark} --cores=2`.\n\n"
    report = json.loads(path.read_text())
    return "\n".join([cases(report), ratios(report), conditions(report), ""])


def cases(report):
    rows = [
        f"| {name} | {case['median']:,.0f} | {spread(case['samples'], ',.0f')} | {case['timed']} |"
        for name, case in report["cases"].items()
    ]
    return "\n".join([f"| case | {report['unit']} | quartiles | timed |", "|---|---:|---:|---|", *rows, ""])


def ratios(report):
    rows = [
        f"| {ratio['ours']} | {ratio['theirs']} | {ratio['median']:.2f} | {spread(ratio['samples'], '.2f')} |"
        for ratio in report["ratios"]
    ]
    return "\n".join(["| ours | over theirs | ratio | quartiles |", "|---|---|---:|---:|", *rows, ""])


def spread(samples, style):
    """The quartiles: the machine is shared, and a few turns meet a neighbor."""
    ordered = sorted(samples)
    low, high = (ordered[round(share * (len(ordered) - 1))] for share in (0.25, 0.75))
    return f"{low:{style}} to {high:{style}}"


def conditions(report):
    machine = report["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    load = machine["load_average"][0]
    turns = len(next(iter(report["cases"].values()))["samples"])
    return (
        f"{turns} turns on {machine['cores']} core(s) of an {machine['processor']}, {report['date'][:10]}, "
        f"load average {load:.1f}; {versions}.\n"
    )


if __name__ == "__main__":
    main()
