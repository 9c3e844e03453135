"""The figures of the page in their order, each section with a sentence on how to read it."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from matplotlib.figure import Figure

from offshell.plots import latents as latent
from offshell.plots import plots
from offshell.report.findings.findings import Findings
from offshell.report.section import Picture, Section
from offshell.report.sections.compression import compression_section
from offshell.report.sections.events import event_sections
from offshell.report.sections.firmware import firmware_sections
from offshell.report.sections.generation import generation_section
from offshell.report.sections.reconstruction import reconstruction_section
from offshell.report.sections.trainings import trainings_section
from offshell.report.table import signal_table

__all__ = ["sections"]

_N_RANDOM = 6
_N_LATENT_POINTS = 1500


def sections(findings: Findings) -> list[Section]:
    """Returns the sections of the page that have something to show.

    Args:
        findings: The results of a run.
    """
    made = [make(findings) for make in _MAKERS]
    if findings.events is not None:
        made[2:2] = event_sections(findings.events)
    if findings.generation is not None:
        made.insert(2, generation_section(findings.generation))
    if findings.reconstruction is not None:
        made.insert(2, reconstruction_section(findings.reconstruction))
    made.append(trainings_section(findings.trainings))
    if findings.compression is not None:
        made.append(compression_section(findings.compression))
    if findings.firmware is not None:
        made.extend(firmware_sections(findings.firmware))
    return [section for section in made if not section.is_empty]


def _roc(findings: Findings) -> Section:
    return Section(
        "roc",
        "ROC curves",
        "Each curve shows how much signal (up) is kept when a cut on the score lets a given share of the "
        "background pass (right). Higher is better; the dotted diagonal is a coin toss. A trigger works far to the "
        "left, near the dotted vertical line at one background event in 100,000. In the gray band fewer than ten "
        "background events decide, so the curves are guesses there. The gray dashed curve is the best score of "
        "the other panel.",
        [picture for signal in findings.signals for picture in _roc_pictures(findings, signal)],
    )


def _roc_pictures(findings: Findings, signal: str) -> Iterator[Picture]:
    table = signal_table(findings, signal)
    groups = {"scores of the detector": table.detector, "baselines": table.baselines}
    for (label, rows), others in zip(groups.items(), [table.baselines, table.detector], strict=True):
        names = [name for name in findings.score_names if name in {row.name for row in rows}]
        reference = others[0].name if others else None
        if names:
            background, scores = findings.scores[findings.background], findings.scores[signal]
            figure = plots.roc(background, scores, names=names, reference=reference)
            yield Picture(figure, f"{signal} against {findings.background}: {label}")


def _distributions(findings: Findings) -> Section:
    return Section(
        "distributions",
        "Score distributions",
        "How often each value of a score occurs, for each sample by itself. A good score pushes the signal to the "
        "right, where the filled background is rare. The axis up is logarithmic; the outermost bins hold "
        "everything beyond them.",
        [_distribution(findings, name) for name in findings.score_names],
    )


def _distribution(findings: Findings, name: str) -> Picture:
    scores = {s: findings.scores[s][name] for s in findings.samples if name in findings.scores[s]}
    return Picture(
        plots.distribution(scores, name=name), name + (" (baseline)" if name in findings.baselines else "")
    )


def _average_images(findings: Findings) -> Section:
    return Section(
        "images",
        "Average images",
        "All images of a sample laid over one another, and below what the detector makes of them. The brightness "
        "is the share of the jet in a pixel; each step of the color scale is a factor of ten. Where the two rows "
        "differ, the detector has not learned the sample.",
        [Picture(_average_figure(findings), "Average image of each sample")] if findings.images else [],
    )


def _average_figure(findings: Findings) -> Figure:
    samples = _ordered(findings, findings.images)
    rows = {"average": np.stack([findings.images[sample].mean(axis=0) for sample in samples])}
    if findings.reconstructions:
        made = [findings.reconstructions[sample].mean(axis=0) for sample in samples]
        rows["reconstructed"] = np.stack(made)
    return plots.image_grid(rows, columns=samples)


def _random_images(findings: Findings) -> Section:
    return Section(
        "samples",
        "Single jets",
        "A few jets taken at random, not chosen, and their reconstructions. An autoencoder draws the typical jet "
        "well and smears what it has not seen.",
        [_random_picture(findings, sample) for sample in _ordered(findings, findings.images)],
    )


def _random_picture(findings: Findings, sample: str) -> Picture:
    images = findings.images[sample]
    chosen = np.random.default_rng(0).permutation(len(images))[:_N_RANDOM]
    rows = {"jet": images[chosen]}
    if sample in findings.reconstructions:
        rows["reconstructed"] = findings.reconstructions[sample][chosen]
    return Picture(plots.image_grid(rows), f"Random jets: {sample}")


def _most_anomalous(findings: Findings) -> Section:
    rows = {sample: findings.most_anomalous[sample] for sample in _ordered(findings, findings.most_anomalous)}
    return Section(
        "anomalous",
        "Most anomalous jets",
        "The jets with the highest scores of each sample, the highest first. If those of the background look "
        "broken rather than rare, the detector has found a flaw of the data, not physics.",
        [Picture(plots.image_grid(rows), "Most anomalous jets of each sample")] if rows else [],
    )


def _training(findings: Findings) -> Section:
    history = findings.history
    was_trained = len(history["loss"]) > 0
    return Section(
        "training",
        "Training",
        "Both losses should fall and then stay level. A validation loss that rises while the other falls means "
        "that the detector memorizes; the weights of the best epoch are the ones kept.",
        [Picture(plots.losses(history), "Loss"), Picture(plots.learning_rate(history), "Learning rate")]
        if was_trained
        else [],
    )


def _latent(findings: Findings) -> Section:
    alive = {kind: z for kind, z in findings.latents.items() if latent.spread(z)}
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
    z = latent.thin(
        {sample: given[sample] for sample in _ordered(findings, given)}, n_points=_N_LATENT_POINTS
    )
    for method, project in (("PCA", latent.pca), ("t-SNE", latent.tsne)):
        figure = plots.scatter(project(z), labels=(f"{method} 1", f"{method} 2"))
        yield Picture(figure, f"{kind} latent space, {method}")


def _ordered(findings: Findings, mapping: Mapping[str, object]) -> list[str]:
    """The samples of a mapping in the order of the page, so that colors and columns agree everywhere."""
    return [sample for sample in findings.samples if sample in mapping]


_MAKERS: tuple[Callable[[Findings], Section], ...] = (
    _roc,
    _distributions,
    _average_images,
    _random_images,
    _most_anomalous,
    _training,
    _latent,
)
