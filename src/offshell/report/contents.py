"""The sections of the page in their order."""

from offshell.report.findings.run import Findings
from offshell.report.section import Section
from offshell.report.sections.committee import committee_section
from offshell.report.sections.compression import compression_section
from offshell.report.sections.decorrelation import decorrelation_section
from offshell.report.sections.events import event_sections
from offshell.report.sections.firmware import firmware_sections
from offshell.report.sections.generation import generation_section
from offshell.report.sections.jets import (
    average_images_section,
    most_anomalous_section,
    random_images_section,
)
from offshell.report.sections.latents import latents_section
from offshell.report.sections.observables import observables_section
from offshell.report.sections.reconstruction import reconstruction_section
from offshell.report.sections.robustness import robustness_section
from offshell.report.sections.scores import distributions_section, roc_section
from offshell.report.sections.training import training_section
from offshell.report.sections.trainings import trainings_section

__all__ = ["sections"]


def sections(findings: Findings) -> list[Section]:
    """Returns the sections of the page that have something to show.

    Args:
        findings: The results of a run.
    """
    made = [
        roc_section(findings),
        distributions_section(findings),
        decorrelation_section(findings.decorrelation),
    ]
    if findings.committee is not None:
        made.append(committee_section(findings.committee))
    if findings.reconstruction is not None:
        made.append(reconstruction_section(findings.reconstruction))
    if findings.generation is not None:
        made.append(generation_section(findings.generation))
    if findings.events is not None:
        made.extend(event_sections(findings.events))
    if findings.observables is not None:
        made.append(observables_section(findings.observables))
    if findings.robustness is not None:
        made.append(robustness_section(findings.robustness))
    made += [
        average_images_section(findings),
        random_images_section(findings),
        most_anomalous_section(findings),
        training_section(findings),
        trainings_section(findings.trainings),
        latents_section(findings),
    ]
    if findings.compression is not None:
        made.append(compression_section(findings.compression))
    if findings.firmware is not None:
        made.extend(firmware_sections(findings.firmware))
    return [section for section in made if not section.is_empty]
