"""The part of the page on what uncertain measurements do."""

from offshell.evaluate.rates.robustness import Robustness
from offshell.evaluate.rates.robustness_table import about, background_rows, signal_rows
from offshell.report.section import Grid, Section

__all__ = ["robustness_section"]


def robustness_section(found: Robustness) -> Section:
    """Returns the section on shifts of the measurement.

    Args:
        found: What `offshell robustness` found.
    """
    signals = found["nominal"]["signals"]
    return Section(
        "robustness",
        "If the detector measured otherwise",
        "Energies, angles and pile-up are never known exactly. Each row shifts one of them in the test events; the trained "
        "detector and its threshold stay, as they would in a trigger. A score whose rate moves much needs a calibration, or a "
        "threshold that follows.",
        [],
        remarks=[about(found)],
        grids=[
            Grid("Rate of the background", *background_rows(found)),
            *(Grid(f"Separation of {signal}", *signal_rows(found, signal)) for signal in signals),
        ],
    )
