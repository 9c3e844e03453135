"""The command that says what uncertain measurements do to a run."""

import json
from typing import Annotated

import typer
from rich.console import Console

from offshell.cli.app import app
from offshell.cli.options.frequency import frequency
from offshell.cli.options.paths import RunFolder

__all__: list[str] = []


@app.command()
def robustness(
    folder: RunFolder,
    rate: Annotated[
        str | None,
        typer.Option(
            help="Rate of events that chooses the nominal threshold, such as 10kHz.",
            show_default="the largest of the recipe; of jets 1 in 100 instead",
        ),
    ] = None,
    score: Annotated[
        str | None,
        typer.Option(
            help="A term of the detector, or a weighted sum.", show_default="the score of the recipe"
        ),
    ] = None,
    resimulate: Annotated[
        bool,
        typer.Option(
            "--resimulate",
            help="Also simulate events with 25 % more and less pile-up, or jets with the other detector (takes minutes).",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Shift what is uncertain and see what it does: energies by 2 %, angles by 0.02 rad, and with --resimulate more.

    Detector and threshold stay; printed are rate, AUC and efficiencies for each shift, and their changes.

    The result is kept as robustness.json in the run, and offshell report puts it on the page.
    """
    rate_hz = frequency(rate) if rate else None
    from offshell.evaluate.rates.robustness_table import rich_robustness
    from offshell.run.results import Results
    from offshell.run.robustness import measure_robustness

    found = measure_robustness(Results(folder), rate_hz=rate_hz, score=score, resimulate=resimulate)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        for table in rich_robustness(found):
            Console().print(table)
