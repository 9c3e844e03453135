"""The scores of a run."""

from show.markdown import interval, table

RATES = ("1e-1", "1e-2", "1e-3")
HEADER = ("score", "AUC", "TPR at 1e-1 [%]", "at 1e-2", "at 1e-3")


def scores(metrics):
    """One line for each score, the best first; a run has one signal."""
    (found,) = metrics.values()
    best_first = sorted(found.items(), key=lambda item: -item[1]["auc"])
    return table([HEADER, *([f"`{name}`", area(of), *rates(of)] for name, of in best_first)])


def decorrelated(metrics):
    """The same without what the mass explains, the best such score first."""
    (found,) = metrics.values()
    best_first = sorted(found.items(), key=lambda item: -item[1]["decorrelated"]["auc"])
    header = ("score", "rank correlation with the mass", "AUC", "AUC given the mass")
    return table([header, *([f"`{name}`", *beside(of)] for name, of in best_first)])


def beside(of):
    return f"{of['correlations']['mass']:+.2f}", area(of), area(of["decorrelated"])


def area(of):
    return interval(of["auc"], of["auc_low"], of["auc_high"])


def rates(of):
    return (percent(of["tpr"][rate]) for rate in RATES)


def percent(rate):
    if rate["value"] is None:
        return "–"
    cell = interval(rate["value"], rate["low"], rate["high"], scale=100, digits=1)
    return cell + "*" * rate["few"]
