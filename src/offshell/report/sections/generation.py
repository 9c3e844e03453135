"""The part of the page on generated jets: whether they look like real ones, and how far from them they are."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from offshell.evaluate.generation.cloud_features import cloud_features, relative_clouds
from offshell.inputs import images
from offshell.inputs.clouds import to_jets
from offshell.plots.images import image_grid
from offshell.plots.overlays import overlays
from offshell.report.findings.clouds import GenerationFindings
from offshell.report.section import Grid, Picture, Section

if TYPE_CHECKING:  # it needs packages that a report without generated jets does without
    from offshell.evaluate.generation.comparison import GenerationMetric

__all__ = ["generation_section"]

_N_SINGLE_JETS = 4
_FEATURES = {
    "eta_rel": r"$\eta_{rel}$ of particles",
    "phi_rel": r"$\phi_{rel}$ of particles",
    "pt_rel": r"$p_{T,rel}$ of particles",
    "mass": r"jet mass / $p_T$",
    "n_particles": "number of particles",
}
_METRICS = {
    "w1_mass": ("W1 of jet mass [10⁻³]", 1e3),
    "w1_particles": ("W1 of particle features, mean [10⁻³]", 1e3),
    "w1_eta_rel": ("W1 of eta_rel [10⁻³]", 1e3),
    "w1_phi_rel": ("W1 of phi_rel [10⁻³]", 1e3),
    "w1_pt_rel": ("W1 of pt_rel [10⁻³]", 1e3),
    "w1_efp": ("W1 of energy-flow polynomials [10⁻⁵]", 1e5),
    "fpd": ("Frechet physics distance [10⁻³]", 1e3),
    "kpd": ("Kernel physics distance [10⁻³]", 1e3),
    "coverage": ("Coverage (more is better)", 1.0),
    "mmd": ("Minimum matching distance", 1.0),
}


def generation_section(findings: GenerationFindings) -> Section:
    """Returns the section on generated jets.

    Args:
        findings: What a generator made.
    """
    samples = {"real": findings.real, "generated": findings.generated}
    return Section(
        "generation",
        "Generated jets",
        "A generator that has learned the background makes jets that nothing can tell from real ones. Where the ratio leaves one "
        "by more than its bars, or a distance is several errors above the floor, the generator can be told from "
        "nature, and so can its scores: what it does not know, it may call an anomaly.",
        [
            Picture(
                overlays(*map(_labeled, samples.values())),
                "Real and generated jets, and their ratio; bars and bands are the root of the counts",
            ),
            Picture(_images(samples), "Aligned images: the average of all jets, and single ones"),
        ],
        remarks=[_ABOUT_FLOOR, _ABOUT_SIZE],
        grids=[_metric_grid(findings.metrics)],
    )


_ABOUT_FLOOR = (
    "The floor is the same number for real jets in place of the generated ones, as many and against the same reference: no "
    "generator can do better, and one that is at the floor cannot be told from nature by this number. The last column is "
    "what lies between them in units of both errors together; up to about two it is chance."
)

_ABOUT_SIZE = (
    "Errors come from drawing jets again. Most of these numbers shrink as samples grow, in value and floor alike; those of "
    "papers are mostly of 50,000 jets, and of other simulations. W1 is the Wasserstein distance of two distributions "
    "(arXiv:2106.11535), the physics distances compare 36 energy-flow polynomials (arXiv:2211.10295), coverage and matching "
    "use energy mover's distances of 100 to 100 jets (arXiv:1707.02392)."
)


def _labeled(clouds: Float[np.ndarray, "n particles columns"]) -> dict[str, Float[np.ndarray, " numbers"]]:
    features = cloud_features(clouds)
    return {label: features[name][~np.isnan(features[name])] for name, label in _FEATURES.items()}


def _images(samples: Mapping[str, Float[np.ndarray, "n particles columns"]]) -> Figure:
    rows = {}
    for name, clouds in samples.items():
        drawn = images.aligned(to_jets(relative_clouds(clouds), pt=1.0))  # images do not depend on pt
        rows[name] = np.concatenate([drawn.mean(axis=0, keepdims=True), drawn[:_N_SINGLE_JETS]])
    return image_grid(rows, columns=["average", *(f"jet {i + 1}" for i in range(_N_SINGLE_JETS))])


def _metric_grid(metrics: Mapping[str, "GenerationMetric"]) -> Grid:
    return Grid(
        "Distances between generated and real jets, each with its error",
        ["Distance", "generated", "real (floor)", "above the floor [errors]"],
        [[_METRICS[name][0], *_row(found, _METRICS[name][1])] for name, found in metrics.items()],
    )


def _row(found: "GenerationMetric", scale: float) -> list[str]:
    error = np.hypot(found["error"], found["floor_error"])
    above = f"{(found['value'] - found['floor']) / error:+.1f}" if error > 0 else "–"
    return [
        _with_error(scale * found["value"], scale * found["error"]),
        _with_error(scale * found["floor"], scale * found["floor_error"]),
        above,
    ]


def _with_error(value: float, error: float) -> str:
    """Both to the second digit of the error."""
    decimals = max(0, 1 - int(np.floor(np.log10(error)))) if error > 0 else 3
    return f"{value:.{decimals}f} ± {error:.{decimals}f}"
