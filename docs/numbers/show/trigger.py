"""Every trigger recipe: area and efficiency of each score for the four signals, above the published numbers."""

from show.markdown import interval, table

from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND

SIGNALS = ("a-4l", "leptoquark", "h-tautau", "hch-taunu")
SHOWN = {"l1-vae": ("mse", "kl_gaussian", "radius"), "baselines": None}

# Read in the notebooks of github.com/francesco-vaselli/fAD (arXiv:2508.11594), filtered signal files of the public set.
PUBLISHED = {
    "flow matching, ODE": ((0.881, 0.798, 0.689, 0.859), ("0.82°", "0.050", "0.050", "0.040")),
    "flow matching, velocity": ((0.817, 0.800, 0.679, 0.841), ("3.37°", "0.038", "0.063", "0.042")),
    "the same, firmware": ((0.718, 0.719, 0.617, 0.772), ("3.02", "0.04", "0.05", "0.04")),
    "VAE 57-32-16-3, KL": ((0.669, 0.603, 0.570, 0.639), ("1.78°", "0.017", "0.030", "0.022")),
}


def areas(study):
    return shown(study, lambda numbers: interval(*numbers["auc"]), published(0, "{:.3f}"))


def efficiencies(study):
    return shown(study, efficiency, published(1, "{}"))


def efficiency(numbers):
    value, low, high, n_background = numbers["tpr"]["1e-5"]
    if value is None:
        return "–"
    return interval(value, low, high, scale=100) + "*" * (n_background < FEWEST_BACKGROUND)


def shown(study, cell, below):
    """One row for each score that is shown, the detectors first."""
    rows = (
        [title, f"`{name}`", *(cell(of_signals[signal][name]) for signal in SIGNALS)]
        for title, of_signals in study.items()
        for name in scores(title, of_signals)
    )
    return table([["", "score", *SIGNALS], *rows, *below])


def scores(title, of_signals):
    names = list(of_signals[SIGNALS[0]])
    return SHOWN.get(title, names[:1]) or names


def published(which, form):
    for title, numbers in PUBLISHED.items():
        yield ["*published*", f"*{title}*", *(f"*{form.format(number)}*" for number in numbers[which])]
