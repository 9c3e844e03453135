"""Which scores find top jets among QCD jets and QCD jets among top jets."""

from show.markdown import table
from show.outlier_exposure import NAMED
from show.runs import area, percent

HEADER = ("score", "QCD → top: AUC", "TPR at 1e-2 [%]", "top → QCD: AUC", "TPR at 1e-2 [%]")


def both_ways(found):
    """One line for each score, the best worse direction first."""
    there, back = found["there"], found["back"]
    names = sorted(there, key=lambda name: -min(there[name]["auc"], back[name]["auc"]))
    return table(
        [HEADER, *([NAMED.get(name, f"`{name}`"), *cells(there[name]), *cells(back[name])] for name in names)]
    )


def cells(metrics):
    return area(metrics), percent(metrics["tpr"]["1e-2"])
