"""The tables of docs/trigger.md, from docs/trigger_study.json and docs/monitor_study.json: everything between the marks.

python docs/make_trigger_tables.py
"""

import json
import re
from pathlib import Path

from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND

DOCS = Path(__file__).parent
PAGE = DOCS / "trigger.md"
MARK = re.compile(r"(<!-- (auc|tpr|monitor) -->\n).*?(<!-- end -->)", re.DOTALL)
SIGNALS = ("a-4l", "leptoquark", "h-tautau", "hch-taunu")
SHOWN = {"l1-vae": ("mse", "kl_gaussian", "radius"), "baselines": None}

# Read in the notebooks of github.com/francesco-vaselli/fAD (arXiv:2508.11594), filtered signal files of the public set.
PUBLISHED = {
    "flow matching, ODE": ((0.881, 0.798, 0.689, 0.859), ("0.82°", "0.050", "0.050", "0.040")),
    "flow matching, velocity": ((0.817, 0.800, 0.679, 0.841), ("3.37°", "0.038", "0.063", "0.042")),
    "the same, firmware": ((0.718, 0.719, 0.617, 0.772), ("3.02", "0.04", "0.05", "0.04")),
    "VAE 57-32-16-3, KL": ((0.669, 0.603, 0.570, 0.639), ("1.78°", "0.017", "0.030", "0.022")),
}


def main():
    PAGE.write_text(MARK.sub(filled, PAGE.read_text()))


def filled(mark):
    opening, kind, closing = mark.groups()
    return f"{opening}\n{ {'auc': auc, 'tpr': tpr, 'monitor': monitor}[kind]() }\n{closing}"


def auc():
    return table([*measured(lambda numbers: interval(*numbers["auc"], 1, 3)), *published(0, "{:.3f}")])


def tpr():
    def cell(numbers):
        value, low, high, n_background = numbers["tpr"]["1e-5"]
        return (
            "–"
            if value is None
            else interval(value, low, high, 100, 3) + "*" * (n_background < FEWEST_BACKGROUND)
        )

    return table([*measured(cell), *published(1, "{}")])


def measured(cell):
    """One row for each score that is shown, the detectors first."""
    for title, of_signals in json.loads((DOCS / "trigger_study.json").read_text()).items():
        names = list(of_signals[SIGNALS[0]])
        for name in SHOWN.get(title, names[:1]) or names:
            yield [title, f"`{name}`", *(cell(of_signals[signal][name]) for signal in SIGNALS)]


def published(which, form):
    for title, numbers in PUBLISHED.items():
        yield ["*published*", f"*{title}*", *(f"*{form.format(number)}*" for number in numbers[which])]


def table(rows):
    lines = [f"| | score | {' | '.join(SIGNALS)} |", "|---|---|" + "---|" * len(SIGNALS)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def interval(value, low, high, scale, digits):
    return f"{scale * value:.{digits}f} [{scale * low:.{digits}f}, {scale * high:.{digits}f}]"


def monitor():
    study = json.loads((DOCS / "monitor_study.json").read_text())
    lines = [
        "| drift, detector | fixed threshold [Hz] | adaptive [Hz] | within 25 %, fixed | adaptive | first alarm |",
        "|---|---|---|---|---|---|",
    ]
    for title, found in study.items():
        fixed, adaptive = found["fixed"], found["adaptive"]
        rates = (f"{part['mean_rate_hz']:.0f}" for part in (fixed, adaptive))
        held = (f"{100 * part['within_25_percent']:.0f} %" for part in (fixed, adaptive))
        first = min((alarm["raised"] for alarm in found["alarms"].values()), default=None)
        cells = (title, *rates, *held, "none" if first is None else f"block {first}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
