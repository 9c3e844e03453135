"""The part of the page on how well clouds are reconstructed."""

from collections.abc import Mapping

from offshell.evaluate.description.reconstruction import Reconstruction, RelativeErrors, compression_rate
from offshell.report.findings.clouds import ReconstructionFindings
from offshell.report.section import Grid, Section

__all__ = ["reconstruction_section"]


def reconstruction_section(findings: ReconstructionFindings) -> Section:
    """Returns the section on the quality of reconstructions."""
    rate = compression_rate(findings.size, n_particles=findings.n_particles)
    return Section(
        "reconstruction",
        "Reconstruction",
        f"The code has {findings.size} numbers for {findings.n_particles} particles of three numbers each: {rate:.1%}. Each "
        "particle is matched to one of the reconstruction such that the distances in momentum are smallest in all. The errors are "
        "relative: the median says whether the reconstruction is biased, the interquartile range how far apart the middle half is. "
        "A signal that is reconstructed as well as the background cannot be found by its reconstruction.",
        [],
        grids=[_grid(findings.errors)],
    )


def _grid(samples: Mapping[str, Reconstruction]) -> Grid:
    columns = ["Sample", "particle pT", "eta", "phi", "jet mass", "jet pT"]
    rows = [
        [name, *(_cell(errors) for kind in (of["particles"], of["jets"]) for errors in kind.values())]
        for name, of in samples.items()
    ]
    return Grid("Median / interquartile range of relative errors", columns, rows)


def _cell(errors: RelativeErrors) -> str:
    return f"{errors['median']:.3f} / {errors['iqr']:.3f}"
