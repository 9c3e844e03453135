"""What shifts do, as tables for the terminal and for a page."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from offshell.evaluate.rates.purity import Estimate
from offshell.evaluate.rates.reach import hertz
from offshell.evaluate.rates.robustness import OfShift, Robustness

__all__ = ["about", "background_rows", "rich_robustness", "signal_rows"]


def background_rows(found: Robustness) -> tuple[list[str], list[list[str]]]:
    """Returns headings and rows on threshold and rate, the nominal events first.

    Args:
        found: What `offshell.evaluate.rates.robustness.robustness` returns.
    """
    of = "rate [Hz]" if found["input_rate"] != 1 else "false positive rate [%]"
    scale = 1.0 if found["input_rate"] != 1 else 100.0
    asked = f"threshold for {_asked(found)}"
    rows = [
        [name, _cell(shift["rate"], scale), _change(shift["rate_change"], scale), f"{shift['threshold']:.5g}"]
        for name, shift in _shifts(found)
    ]
    return ["shift", of, "change", asked], rows


def signal_rows(found: Robustness, signal: str) -> tuple[list[str], list[list[str]]]:
    """Returns headings and rows on AUC and efficiencies of a signal, the nominal events first.

    Args:
        found: What `offshell.evaluate.rates.robustness.robustness` returns.
        signal: Which one.
    """
    rows = []
    for name, shift in _shifts(found):
        of = shift["signals"][signal]
        cells = (
            f"{of['auc']['value']:.4f}",
            _change(of["auc_change"], 1.0, digits="+.4f"),
            _cell(of["efficiency"], 100.0),
            _change(of["efficiency_change"], 100.0),
            _cell(of["efficiency_at_rate"], 100.0),
        )
        rows.append([name, *cells])
    headings = ["shift", "AUC", "change", "efficiency [%]", "change", f"at {_asked(found)} [%]"]
    return headings, rows


def about(found: Robustness) -> str:
    """Returns what a reader of the tables has to know, in sentences."""
    few = " Fewer than 10 independent background events pass: read the intervals." if found["few"] else ""
    new = (
        " New simulations are other events, whose changes have wider intervals."
        if not all(shift["same_events"] for shift in found["shifts"].values())
        else ""
    )
    return (
        f"Rates and efficiencies are those above the nominal threshold, {found['threshold']:.5g}, which stays; the last columns "
        f"are of a new threshold for {_asked(found)}. "
        f"Changes are to the nominal events, paired where they are the same; intervals of 95 %.{new}{few}"
    )


def rich_robustness(found: Robustness) -> Iterator[Table]:
    """Returns terminal tables, of the background and then of each signal.

    Args:
        found: What `offshell.evaluate.rates.robustness.robustness` returns.
    """
    yield _table("Rate of the background", *background_rows(found))
    *_, last = found["nominal"]["signals"]
    for signal in found["nominal"]["signals"]:
        table = _table(signal, *signal_rows(found, signal))
        if signal == last:
            table.caption, table.caption_justify = about(found), "left"
        yield table


def _table(title: str, headings: list[str], rows: list[list[str]]) -> Table:
    table = Table(title=Text(title, "bold"), box=box.SIMPLE_HEAD)
    first, *others = headings
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(Text(heading), justify="right")
    for row in rows:
        table.add_row(*(Text(cell.replace(" [", "\n[")) for cell in row))
    return table


def _shifts(found: Robustness) -> Iterator[tuple[str, OfShift]]:
    yield "nominal", found["nominal"]
    yield from found["shifts"].items()


def _asked(found: Robustness) -> str:
    rate = found["asked_rate"]
    return hertz(rate) if found["input_rate"] != 1 else f"{100 * rate:g} %"


def _cell(estimate: Estimate, scale: float) -> str:
    return _shown(estimate, scale, ".3g")


def _change(estimate: Estimate, scale: float, *, digits: str = "+.3g") -> str:
    return _shown(estimate, scale, digits)


def _shown(estimate: Estimate, scale: float, digits: str) -> str:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None or low is None or high is None:
        return "–"
    number, *bounds = (_number(scale * of, digits) for of in (value, low, high))
    return f"{number} [{', '.join(bounds)}]"


def _number(number: float, digits: str) -> str:
    if abs(number) >= 1000:  # noqa: PLR2004 - a thousand needs no decimals
        digits = digits.replace(".3g", ",.0f")
    return f"{number:{digits}}"
