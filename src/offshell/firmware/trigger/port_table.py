"""Which wires of `model_inp` carry which number of a trigger object, as the texts of a table."""

from itertools import accumulate

from offshell.firmware.trigger.ports import Ports
from offshell.inputs.objects import FEATURES, KINDS, N_FEATURES

__all__ = ["wire_rows"]

_UNUSED = "–"


def wire_rows(ports: Ports) -> list[list[str]]:
    """Returns a row for each object: its name, and the wires of its pt, eta and phi; a dash where the design looks at none.

    Args:
        ports: of a design; none but one for trigger objects has rows.
    """
    if len(ports.inputs) != N_FEATURES:
        return []
    widths = [form.bits for form in ports.inputs]
    wires = [_slice(end - width, width) for width, end in zip(widths, accumulate(widths), strict=True)]
    names = [
        f"{kind} {row - rows.start + 1}"
        for kind, rows in KINDS.items()
        for row in range(rows.start, rows.stop)
    ]
    n = len(FEATURES)
    return [[name, *wires[n * place : n * (place + 1)]] for place, name in enumerate(names)]


def _slice(start: int, width: int) -> str:
    """As Verilog writes it."""
    return f"[{start + width - 1}:{start}]" if width else _UNUSED
