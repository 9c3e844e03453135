"""The part of the page on a committee of classifiers against pseudo-anomalies, and on what it assumes."""

from collections.abc import Iterator

from offshell.plots.histograms import distribution
from offshell.plots.images import image_grid
from offshell.report.findings.committee import CommitteeFindings
from offshell.report.section import Grid, Picture, Section

__all__ = ["committee_section"]


def committee_section(found: CommitteeFindings) -> Section:
    """Returns the section on what the committee learned from, what it assumes and which family speaks for which jets.

    Args:
        found: What a run found with it.
    """
    low, high = found.mass_range
    return Section(
        "committee",
        "What the committee assumes",
        "The detector has learned to tell the background from pseudo-anomalies: jets that are made of nothing but parts of "
        "background jets. They look like a prior: whatever resembles none of them is not found. Each family has a classifier "
        "of its own, and the one that adds most to the score of a jet speaks for it. A family without which a signal is lost is an "
        "assumption that the number rests on.",
        [
            Picture(image_grid(found.images), "Jets of the background and pseudo-anomalies of each family"),
            Picture(
                distribution(found.masses, name="jet mass [GeV]"),
                "Mass of the background and of the pseudo-anomalies",
            ),
        ],
        remarks=[
            f"Score: {found.expression}. The masses of pseudo-anomalies go from {low:g} to {high:g} GeV.",
            f"Rank correlation of the score with the jet mass: {_correlations(found)}.",
            f"Families left out: {', '.join(found.left_out) or 'none'}.",
        ],
        grids=[*_grids(found)],
    )


def _correlations(found: CommitteeFindings) -> str:
    return ", ".join(f"{value:.2f} in {sample}" for sample, value in found.mass_correlation.items())


def _grids(found: CommitteeFindings) -> Iterator[Grid]:
    members = list(next(iter(found.shares.values())))
    if found.without:
        rows = [
            [
                signal,
                *(
                    f"{of[member].value:.3f} [{of[member].low:.3f}, {of[member].high:.3f}]"
                    for member in members
                ),
            ]
            for signal, of in found.without.items()
        ]
        yield Grid("AUC without one of the families", ["", *(f"no {member}" for member in members)], rows)
    rows = [
        [sample, *(f"{100 * of[member]:.0f}" for member in members)] for sample, of in found.shares.items()
    ]
    yield Grid("Share [%] of the most anomalous percent that each family speaks for", ["", *members], rows)
    if found.mass_weights:
        columns = ["", *(f"- {weight:g} * rare_mass" for weight in found.mass_weights)]
        shares = found.mass_weights.values()
        rows = [
            ["mean", *(f"{100 * of.mean():.1f}" for of in shares)],
            ["worst", *(f"{100 * of.min():.1f}" for of in shares)],
        ]
        yield Grid(
            "Pseudo-anomalies [%] that pass with 1 % of the background, over bins of their mass",
            columns,
            rows,
        )
    ranks = range(1, 1 + max(map(len, found.speaking.values())))
    rows = [[sample, *names] for sample, names in found.speaking.items()]
    yield Grid("The family that speaks for each of the most anomalous jets", ["", *map(str, ranks)], rows)
