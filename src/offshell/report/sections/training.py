"""The part of the page on the training."""

from offshell.plots.training import learning_rate, losses
from offshell.report.findings.run import Findings
from offshell.report.section import Picture, Section

__all__ = ["training_section"]


def training_section(findings: Findings) -> Section:
    """Returns the section on losses and learning rate."""
    history = findings.history
    was_trained = len(history["loss"]) > 0
    return Section(
        "training",
        "Training",
        "Both losses should fall and then stay level. A validation loss that rises while the other falls means "
        "that the detector memorizes; the weights of the best epoch are the ones kept.",
        [Picture(losses(history), "Loss"), Picture(learning_rate(history), "Learning rate")]
        if was_trained
        else [],
    )
