"""The parts of the page that show images of jets."""

import numpy as np
from matplotlib.figure import Figure

from offshell.plots.images import image_grid
from offshell.report.findings.run import Findings
from offshell.report.section import Picture, Section

__all__ = ["average_images_section", "most_anomalous_section", "random_images_section"]

_N_RANDOM = 6


def average_images_section(findings: Findings) -> Section:
    """Returns the section on the average image of each sample."""
    return Section(
        "images",
        "Average images",
        "All images of a sample laid over one another, and below what the detector makes of them. The brightness "
        "is the share of the jet in a pixel; each step of the color scale is a factor of ten. Where the two rows "
        "differ, the detector has not learned the sample.",
        [Picture(_average_figure(findings), "Average image of each sample")] if findings.images else [],
    )


def _average_figure(findings: Findings) -> Figure:
    samples = findings.ordered(findings.images)
    rows = {"average": np.stack([findings.images[sample].mean(axis=0) for sample in samples])}
    if findings.reconstructions:
        made = [findings.reconstructions[sample].mean(axis=0) for sample in samples]
        rows["reconstructed"] = np.stack(made)
    return image_grid(rows, columns=samples)


def random_images_section(findings: Findings) -> Section:
    """Returns the section on jets taken at random."""
    return Section(
        "samples",
        "Single jets",
        "A few jets taken at random, not chosen, and their reconstructions. An autoencoder draws the typical jet "
        "well and smears what it has not seen.",
        [_random_picture(findings, sample) for sample in findings.ordered(findings.images)],
    )


def _random_picture(findings: Findings, sample: str) -> Picture:
    images = findings.images[sample]
    chosen = np.random.default_rng(0).permutation(len(images))[:_N_RANDOM]
    rows = {"jet": images[chosen]}
    if sample in findings.reconstructions:
        rows["reconstructed"] = findings.reconstructions[sample][chosen]
    return Picture(image_grid(rows), f"Random jets: {sample}")


def most_anomalous_section(findings: Findings) -> Section:
    """Returns the section on the jets with the highest scores."""
    rows = {sample: findings.most_anomalous[sample] for sample in findings.ordered(findings.most_anomalous)}
    return Section(
        "anomalous",
        "Most anomalous jets",
        "The jets with the highest scores of each sample, the highest first. If those of the background look "
        "broken rather than rare, the detector has found a flaw of the data, not physics.",
        [Picture(image_grid(rows), "Most anomalous jets of each sample")] if rows else [],
    )
