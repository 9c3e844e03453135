"""What each layer of a design takes, as the texts of a table."""

from collections.abc import Mapping
from typing import Any

__all__ = ["COLUMNS", "layer_rows"]

COLUMNS = ("Layer", "LUT, Yosys", "LUT, estimate", "weights", "not zero", "EBOPs", "energy [nJ]")
"""The headings."""

_MISSING = "–"

# The first layer is synthesized with the scaling before it.
_WITH_SCALING = "scaling, "


def layer_rows(resources: Mapping[str, Any]) -> list[list[str]]:
    """Returns a row for each layer: its LUTs when it is synthesized alone, and what its arithmetic costs.

    Args:
        resources: What `offshell.firmware.resources.measurement.measure` returns.
    """
    costs = {row["layer"]: row for row in resources["cost"]}
    return [
        [
            name,
            f"{luts['luts']:,}",
            f"{luts['estimate']:,.0f}",
            *_cost(costs.get(name.removeprefix(_WITH_SCALING))),
        ]
        for name, luts in resources["layers"].items()
    ]


def _cost(cost: Mapping[str, Any] | None) -> list[str]:
    """Dashes for what has no weights."""
    if cost is None:
        return [_MISSING] * 4
    return [
        *(f"{cost[key]:,}" for key in ("n_weights", "n_nonzero")),
        f"{cost['ebops']:,.0f}",
        f"{cost['energy']:.3g}",
    ]
