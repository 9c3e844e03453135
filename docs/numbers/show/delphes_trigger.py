"""Detectors on events and jets of real Delphes: area and tail of each, and what they gain on what they have to beat."""

from show.markdown import interval, table

SHARE = "1e-3"


def areas(study):
    rows = [
        [name, *(of_signal["auc"] for of_signal in numbers["signals"].values())]
        for name, numbers in study["events"].items()
    ]
    cells = ([name, *(interval(*number) for number in numbers)] for name, *numbers in rows)
    return table([["AUC", *signals(study)], *cells])


def tails(study):
    rows = (
        [name, *(interval(*of_signal["tpr"][SHARE]) for of_signal in numbers["signals"].values())]
        for name, numbers in study["events"].items()
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
        for name, numbers in study["events"].items()
    )
    return table([["AUC gained", "on", *signals(study)], *rows])


def jets(study):
    """The normalized autoencoder against the same network without samples, both ways."""
    rows = (
        [f"{background} to {signal}", interval(*numbers["auc"]), gain(numbers["auc gain"])]
        for background in ("qcd", "top")
        for signal, numbers in study[background]["signals"].items()
    )
    return table([["jets", "AUC", "gained on the network without samples"], *rows])


def gain(difference):
    value, low, high, word = difference
    return f"{value:+.3f} [{low:+.3f}, {high:+.3f}] {word}"


def signals(study):
    return next(iter(study["events"].values()))["signals"]
