"""What a likelihood says of jets in different coordinates."""

from show.markdown import table

SIGNALS = ("top", "w", "z")


def coordinates(study):
    found = study["qcd"]
    rows = (
        [
            name,
            *(area(of[signal]["auc"]) for signal in SIGNALS),
            f"{found['most_anomalous_in_common'][name]:.0%}",
        ]
        for name, of in found["coordinates"].items()
    )
    return table([["density in", *SIGNALS, "most anomalous in common"], *rows])


def area(auc):
    value, low, high = auc
    return f"{value:.3f} ({low:.3f} to {high:.3f})"
