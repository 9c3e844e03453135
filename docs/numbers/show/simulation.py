"""Simulated jets and events against those of real Delphes."""

from show.markdown import table

JETS = ("", "", "Delphes", "Offshell", "difference", "KS distance", "p")
EVENTS = ("", "", "Delphes", "Offshell", "difference", "pull", "KS p")

DIJETS = ("", "", "LHC Olympics", "Offshell", "pull", "KS p")


def jets(study):
    rows = (
        [
            *beginning(row),
            f"{row['difference_percent']:+.2f} ± {row['error_percent']:.2f} %",
            f"{row['ks_distance']:.3f}",
            f"{row['ks_p']:.2f}",
        ]
        for row in study["rows"]
    )
    return table([JETS, *rows])


def events(study):
    rows = (
        [
            *beginning(row),
            f"{row['difference_percent']:+.1f} ± {row['error_percent']:.1f} %",
            f"{row['pull']:+.1f}",
            f"{row['ks_p']:.2g}",
        ]
        for row in study["rows"]
    )
    return table([EVENTS, *rows])


def dijets(study):
    rows = (
        [
            row["sample"],
            row["quantity"],
            f"{row['theirs']:.4g} ± {row['theirs_error']:.2g}",
            f"{row['ours']:.4g} ± {row['ours_error']:.2g}",
            f"{row['pull']:+.1f}",
            f"{row['ks_p']:.2g}",
        ]
        for row in study["rows"]
    )
    return table([DIJETS, *rows])


def beginning(row):
    return row["process"], row["quantity"], f"{row['delphes']:.4g}", f"{row['offshell']:.4g}"
