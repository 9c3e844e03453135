"""Autoencoders of clouds: what they find and how they reconstruct, above the published numbers."""

from show.markdown import table

SIGNALS = ("top", "w", "z", "all-signals")
# The scores of a network whose rows are shown; the scores of the others are in the file.
SHOWN = {"convolutional": ("mse",)}
DEFAULT = ("pair_mass", "chamfer")

# Hao, Kansal, Duarte and Chernyavskaya (arXiv:2212.07347), read in the tables of R. Kansal's dissertation: gluon and
# quark jets of JetNet against top, W and Z together.
PUBLISHED = {
    "LGAE-MinMax, tau = 7": ("96.7 %", 0.7673, (0.5932, 0.0820, 0.0009)),
    "LGAE-Mix, tau = 2": ("15.0 %", 0.8023, (0.6178, 0.1662, 0.0250)),
    "GNNAE-JL, 80": ("88.9 %", 0.7006, (0.2239, 0.0239, 0.0010)),
    "GNNAE-PL, 2 x 30": ("66.7 %", 0.8195, (0.4435, 0.0564, 0.0042)),
    "CNNAE, 55": ("61.7 %", 0.7700, (0.2473, 0.0469, 0.0053)),
}
# Median and interquartile range of the relative error of particle pt, eta, phi, jet mass and jet pt.
PUBLISHED_ERRORS = {
    "LGAE-MinMax, tau = 4": ("56.7 %", (0.006, 0.562), None, None, (0.096, 0.134), (0.097, 0.109)),
    "GNNAE-PL, 2 x 30": (
        "66.7 %",
        (-0.053, 0.906),
        (0.009, 0.191),
        (0.013, 0.139),
        (0.277, 0.299),
        (0.037, 0.110),
    ),
    "CNNAE, 55": ("61.7 %", None, None, None, (-0.030, 0.042), (-0.021, 0.017)),
}
ERRORS = (("particles", "pt"), ("particles", "eta"), ("particles", "phi"), ("jets", "mass"), ("jets", "pt"))


def detection(study):
    """QCD against all signals together: area and efficiencies, beside the published rows."""
    header = ["network", "score", "compression", "AUC", "at 1e-1", "1e-2", "1e-3"]
    rows = [
        [title, f"`{score}`", f"{of['compression']:.1%}", *cells(of["scores"][score]["all-signals"])]
        for title, of in study.items()
        for score in shown(title)
    ]
    published = [
        [f"*{title}*", "published", rate, f"{area:.4f}", *(f"{tpr:.4f}" for tpr in rates)]
        for title, (rate, area, rates) in PUBLISHED.items()
    ]
    return table([header, *rows, *published])


def signals(study):
    """The area for each signal by itself."""
    rows = [
        [title, f"`{score}`", *(interval(*of["scores"][score][signal]["auc"]) for signal in SIGNALS)]
        for title, of in study.items()
        for score in shown(title)
    ]
    return table([["network", "score", *SIGNALS], *rows])


def reconstruction(study):
    """Median / interquartile range of relative errors, beside the published rows."""
    header = ["network", "numbers", "compression", "particle pt", "eta", "phi", "jet mass", "jet pt"]
    rows = [
        [title, str(of["latent"]), f"{of['compression']:.1%}", *(errors(of, *key) for key in ERRORS)]
        for title, of in study.items()
    ]
    published = [
        [f"*{title}*", "", rate, *(pair(*values) if values else "–" for values in of)]
        for title, (rate, *of) in PUBLISHED_ERRORS.items()
    ]
    return table([header, *rows, *published])


def shown(title):
    return SHOWN.get(title.split(",")[0], DEFAULT)


def cells(of):
    yield interval(*of["auc"])
    for rate in of["tpr"].values():
        yield "–" if rate[0] is None else interval(*rate)


def interval(value, low, high):
    return f"{value:.4f} ({low:.4f} to {high:.4f})"


def errors(of, kind, name):
    found = of["reconstruction"].get(kind, {}).get(name)
    return pair(found["median"], found["iqr"]) if found else "–"


def pair(median, iqr):
    return f"{median:.3f} / {iqr:.3f}"
