"""Offshell beside what people use today: speeds, ratios, and the conditions of the measurement."""

from show.markdown import table


def speeds(report):
    return "\n\n".join([cases(report), ratios(report), conditions(report)])


def cases(report):
    rows = (
        [name, f"{case['median']:,.0f}", spread(case["samples"], ",.0f"), case["timed"]]
        for name, case in report["cases"].items()
    )
    header = ["case", report["unit"], "quartiles", "timed"]
    return table([header, *rows], marks=["---", "---:", "---:", "---"])


def ratios(report):
    rows = (
        [ratio["ours"], ratio["theirs"], f"{ratio['median']:.2f}", spread(ratio["samples"], ".2f")]
        for ratio in report["ratios"]
    )
    header = ["ours", "over theirs", "ratio", "quartiles"]
    return table([header, *rows], marks=["---", "---", "---:", "---:"])


def spread(samples, style):
    """The quartiles: the machine is shared, and a few turns meet a neighbor."""
    ordered = sorted(samples)
    low, high = (ordered[round(share * (len(ordered) - 1))] for share in (0.25, 0.75))
    return f"{low:{style}} to {high:{style}}"


def conditions(report):
    machine, versions = report["machine"], dict(report["versions"])
    load = machine["load_average"][0]
    turns = len(next(iter(report["cases"].values()))["samples"])
    made = f"Made by `nox -s benchmarks` with Offshell {versions.pop('offshell')} on {report['date'][:10]}"
    others = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"*{made}: {turns} turns on {machine['cores']} core(s) of an {machine['processor']}, "
        f"load average {load:.1f}; {others}.*"
    )
