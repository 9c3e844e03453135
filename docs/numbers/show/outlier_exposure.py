"""What outlier exposure finds in both directions, and what that rests on."""

from show.markdown import interval, table
from show.runs import area, percent

RATES = ("1e-2", "1e-3")
NAMED = {
    "resolved3 + resolved4 + cores + splittings + blobs + fragmented": "**ranking**",
    "matched3 + matched4 + cores + splittings - 2 * rare_mass": "**rate**",
}


def areas(found):
    """One line for each score, the best worse direction first."""
    there, back = (of["metrics"] for of in found)
    names = sorted(there, key=lambda name: -min(there[name]["auc"], back[name]["auc"]))
    header = ["score", *(cell for of in found for cell in heading(of))]
    return table(
        [header, *([NAMED.get(name, f"`{name}`"), *cells(there[name]), *cells(back[name])] for name in names)]
    )


def heading(of):
    way = f"{of['background']} → {of['signal']}"
    return (f"{way}: AUC", *(f"TPR at {rate} [%]" for rate in RATES))


def cells(metrics):
    return (area(metrics), *(percent(metrics["tpr"][rate]) for rate in RATES))


def paired(found):
    """The score of ranking against each baseline, on the same jets."""
    header = ["ranking minus", *(f"{of['background']} → {of['signal']}: AUC" for of in found)]
    names = list(found[0]["differences"])
    return table(
        [header, *([f"`{name}`", *(minus(of["differences"][name]["auc"]) for of in found)] for name in names)]
    )


def minus(difference):
    """The other way round: differences are those of a candidate to the reference."""
    return interval(-difference["value"], -difference["high"], -difference["low"])


def prior(found):
    """What is left of the score of ranking without one of its families."""
    wholes = [of["metrics"][of["prior"]["expression"]] for of in found]
    without = [next(iter(of["prior"]["without"].values())) for of in found]
    header = ["ranking without", *(f"{of['background']} → {of['signal']}: AUC" for of in found)]
    rows = [[f"`{name}`", *(kept(of[name]) for of in without)] for name in without[0]]
    return table([header, ["nothing", *map(area, wholes)], *rows])


def kept(of):
    return interval(of["value"], of["low"], of["high"])


def weights(found):
    """How the weight of rare masses was chosen: on pseudo-anomalies and background alone."""
    chosen = [of["prior"]["mass_weights"] for of in found]
    header = ["weight of `- rare_mass`"]
    header += [f"trained on {of['background']}: {kind} [%]" for of in found for kind in ("mean", "worst")]
    rows = [
        [weight, *(f"{100 * of[weight][kind]:.1f}" for of in chosen for kind in ("mean", "worst"))]
        for weight in chosen[0]
    ]
    return table([header, *rows])
