"""The part of the page on what the encoder tells the decoder."""

from collections.abc import Iterator

from offshell.plots import latents
from offshell.report.findings.run import Findings
from offshell.report.section import Picture, Section

__all__ = ["latents_section"]

_N_LATENT_POINTS = 1500


def latents_section(findings: Findings) -> Section:
    """Returns the section on the latent spaces."""
    alive = {kind: z for kind, z in findings.latents.items() if latents.has_spread(z)}
    return Section(
        "latent",
        "Latent space",
        "What the encoder tells the decoder about each event, flattened to two dimensions. PCA is a straight "
        "projection, so distances keep their meaning. t-SNE only keeps neighbors together: neither the size of a "
        "cluster nor the distance between two means anything. Samples that separate here were told apart although "
        "the detector never saw a signal.",
        [picture for kind in alive for picture in _latent_pictures(findings, kind)],
        [
            f"The {kind} latent is the same for every event: the encoder has collapsed and there is nothing to draw."
            for kind in findings.latents
            if kind not in alive
        ],
    )


def _latent_pictures(findings: Findings, kind: str) -> Iterator[Picture]:
    given = findings.latents[kind]
    z = latents.thin({sample: given[sample] for sample in findings.ordered(given)}, n_points=_N_LATENT_POINTS)
    for method, project in (("PCA", latents.pca), ("t-SNE", latents.tsne)):
        figure = latents.scatter(project(z), labels=(f"{method} 1", f"{method} 2"))
        yield Picture(figure, f"{kind} latent space, {method}")
