"""The tables of docs/physics.md, from the metrics of runs and from the scan: everything that stands between the marks.

    python docs/make_physics_tables.py

Each mark names a source: `<!-- run runs/demo top -->` the scores of a run, `<!-- scan -->` docs/physics_scan.json. The
runs are made with the commands that stand in the page.
"""

import json
import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent
MARK = re.compile(r"(<!-- (run|scan)(.*?) -->\n).*?(<!-- end -->)", re.DOTALL)
SCANNED = ["dice", "mse", "bce", "kl_gaussian", "mu2", "kl_categorical", "pixel_diff"]


def main(*pages):
    for page in map(Path, pages):
        page.write_text(MARK.sub(filled, page.read_text()))


def filled(mark):
    opening, kind, arguments, closing = mark.groups()
    folder_and_signal = arguments.split()
    table = scan() if kind == "scan" else run(*folder_and_signal)
    return f"{opening}\n{table}\n{closing}"


def run(folder, signal):
    """One line for each score, the best first."""
    metrics = json.loads((DOCS.parent / folder / "metrics.json").read_text())[signal]
    best_first = sorted(metrics.items(), key=lambda item: -item[1]["auc"])
    lines = ["| score | AUC | TPR at 1e-1 [%] | at 1e-2 | at 1e-3 |", "|---|---|---|---|---|"]
    for name, score in best_first:
        rates = (percent(score["tpr"][fpr]) for fpr in ("1e-1", "1e-2", "1e-3"))
        area = f"{score['auc']:.3f} [{score['auc_low']:.3f}, {score['auc_high']:.3f}]"
        lines.append(f"| `{name}` | {area} | {' | '.join(rates)} |")
    return "\n".join(lines) + "\n"


def percent(rate):
    if rate["value"] is None:
        return "–"
    low, value, high = (100 * rate[key] for key in ("low", "value", "high"))
    return f"{value:.1f} [{low:.1f}, {high:.1f}]{'*' if rate['few'] else ''}"


def scan():
    """One line for each setting, the AUC of each term."""
    found = json.loads((DOCS / "physics_scan.json").read_text())
    lines = [
        f"| setting | {' | '.join(f'`{name}`' for name in SCANNED)} |",
        "|---" * (len(SCANNED) + 1) + "|",
    ]
    for title, areas in found.items():
        cells = (f"{areas[name][0]:.3f}" if name in areas else "" for name in SCANNED)
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(*(sys.argv[1:] or [DOCS / "physics.md", DOCS.parent / "README.md"]))
