"""Detectors on events of real Delphes: area and tail of each, and what they gain on what they have to beat."""

from show.markdown import interval, table

SHARE = "1e-3"


def areas(study):
    rows = [
        [name, *(of_signal["auc"] for of_signal in numbers["signals"].values())]
        for name, numbers in study.items()
    ]
    cells = ([name, *(interval(*number) for number in numbers)] for name, *numbers in rows)
    return table([["AUC", *signals(study)], *cells])


def tails(study):
    rows = (
        [name, *(interval(*of_signal["tpr"][SHARE]) for of_signal in numbers["signals"].values())]
        for name, numbers in study.items()
    )
    return table([[f"efficiency at {SHARE}", *signals(study)], *rows])


def gains(study):
    """In area, with the word that the interval allows."""
    rows = (
        [
            name,
            numbers["reference"],
            *(gain(of_signal["auc gain"]) for of_signal in numbers["signals"].values()),
        ]
        for name, numbers in study.items()
    )
    return table([["AUC gained", "on", *signals(study)], *rows])


def gain(difference):
    value, low, high, word = difference
    return f"{value:+.3f} [{low:+.3f}, {high:+.3f}] {word}"


def signals(study):
    return next(iter(study.values()))["signals"]
