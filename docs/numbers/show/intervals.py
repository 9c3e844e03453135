"""How often intervals hold the truth, of efficiencies and areas, of rates, and of rates beyond the last event."""

from show.markdown import table


def coverage(study):
    header = ("interval", "sample", "holds", "without")
    rows = (
        [row["interval"], row["sample"], percent(row["holds"]), percent(row["without"])]
        for row in study["coverage"]
    )
    return table([header, *rows])


def rates(study):
    header = (
        "background",
        "asked",
        "events above",
        "their share",
        "expected",
        "mean true",
        "interval holds",
        "limit holds",
    )
    return table([header, *map(rate, study["rates"])])


def rate(row):
    counts = f"{row['n_background']:,}", hertz(row["asked_hz"]), str(row["n_above"])
    found = (hertz(row[name]) for name in ("counted_hz", "expected_hz", "true_hz"))
    return [*counts, *found, percent(row["holds"]), percent(row["limit_holds"])]


def tails(study):
    header = ("distribution", "times beyond the last event", "expected", "mean true", "interval holds")
    rows = (
        [
            row["distribution"],
            f"{row['beyond']:g}",
            f"{row['expected']:.2f}",
            f"{row['true']:.2f}",
            percent(row["holds"]),
        ]
        for row in study["tails"]
    )
    return table([header, *rows])


def hertz(rate):
    return f"{rate:,.0f} Hz"


def percent(share):
    return "" if share is None else f"{100 * share:.1f} %"
