"""The cost of a network in the terminal."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from offshell.compress.cost import LayerCost, total

__all__ = ["rich_cost"]

_COLUMNS = (
    "parameters",
    "zero\n[%]",
    "products",
    "EBOPs",
    "memory\n[bit]",
    "energy\n[nJ]",
    "in float32\n[nJ]",
)


def rich_cost(rows: Sequence[LayerCost]) -> Table:
    """Returns the terminal table of what `offshell.compress.cost` counts, with the total below.

    Args:
        rows: The cost of each layer.
    """
    table = Table(title="Cost", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("layer", overflow="fold")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*_cells(row))
    table.add_section()
    table.add_row(*_cells(total(rows)), style="bold")
    table.caption = (
        "Energy of the arithmetic in 45 nm (Horowitz, ISSCC 2014); weights that are zero cost nothing."
    )
    return table


def _cells(row: LayerCost) -> list[str]:
    return [
        row.layer,
        f"{row.n_parameters:,}",
        f"{100 * row.sparsity:.0f}",
        f"{row.n_products:,}",
        f"{row.ebops:,.0f}",
        f"{row.memory_bits:,.0f}",
        f"{row.energy:.3g}",
        f"{row.energy_float32:.3g}",
    ]
