"""How well thresholds hold a rate that drifts."""

from show.markdown import table

HEADER = (
    "drift, detector",
    "fixed threshold [Hz]",
    "adaptive [Hz]",
    "within 25 %, fixed",
    "adaptive",
    "first alarm",
)


def drifts(study):
    return table([HEADER, *(row(title, found) for title, found in study.items())])


def row(title, found):
    parts = found["fixed"], found["adaptive"]
    rates = (f"{part['mean_rate_hz']:.0f}" for part in parts)
    held = (f"{100 * part['within_25_percent']:.0f} %" for part in parts)
    first = min((alarm["raised"] for alarm in found["alarms"].values()), default=None)
    return [title, *rates, *held, "none" if first is None else f"block {first}"]
