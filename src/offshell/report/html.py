"""The report: one HTML page that needs no network, with the table of scores, the figures and the recipe."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from offshell.io.replacing import replacing
from offshell.report.contents import sections
from offshell.report.findings.run import Findings
from offshell.report.score_table import signal_table
from offshell.style import sample_colors, styled

__all__ = ["write"]


def write(path: Path, findings: Findings) -> None:
    """Writes the report of a run; the file appears only when it is complete.

    Args:
        path: The HTML file to write.
        findings: The results of the run.

    Raises:
        InputError: If no file can be written at `path`.
    """
    with replacing(Path(path)) as temporary:
        temporary.write_text(_page(findings), encoding="utf-8")


def _page(findings: Findings) -> str:
    template = _environment().get_template("report.html.jinja")
    return template.render(
        findings=findings,
        colors=sample_colors(findings.samples),
        sizes={sample: len(next(iter(findings.scores[sample].values()))) for sample in findings.samples},
        tables=[signal_table(findings, signal) for signal in findings.signals],
        sections=sections(findings),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("offshell", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_source"] = _as_source
    return environment


@styled
def _as_source(figure: Figure) -> str:
    """A figure as the `src` of an image; inside an image its element names cannot clash with other figures'."""
    if engine := figure.get_layout_engine():  # else saving draws the figure twice, once to lay it out
        engine.execute(figure)
        figure.set_layout_engine(None)
    buffer = BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + b64encode(buffer.getvalue()).decode("ascii")
