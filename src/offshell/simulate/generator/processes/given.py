"""Which process did a user give: its name, a file, or the process itself?"""

import os
from pathlib import Path

from offshell.simulate.generator.files.events import HEPMC, LHE, checked_event_file
from offshell.simulate.generator.processes.of_events import EventProcess, event_process_named
from offshell.simulate.generator.processes.of_jets import process_named
from offshell.simulate.generator.processes.process import Process

__all__ = ["Given", "GivenEvent", "given_event_process", "given_process", "is_process_file"]

Given = str | os.PathLike[str] | Process
GivenEvent = str | os.PathLike[str] | EventProcess

_SETTINGS = ".cmnd"
_SUFFIXES = (_SETTINGS, f".{LHE}", f".{LHE}.gz", f".{HEPMC}", f".{HEPMC}.gz")


def is_process_file(name: str | os.PathLike[str]) -> bool:
    """Whether a name has one of the endings of files that say what collides.

    Example:
        >>> is_process_file("run/events.lhe.gz"), is_process_file("qcd")
        (True, False)
    """
    return os.fspath(name).lower().endswith(_SUFFIXES)


def given_process(given: Given) -> Process:
    """The process of jets that a user means.

    Args:
        given: A name in `PROCESSES`, a process, or a file: `.cmnd` with settings of Pythia, `.lhe` with hard processes that
            Pythia showers, `.hepmc` with all particles that reach the detector; the latter two perhaps with `.gz` behind.

    Raises:
        InputError: There is no such process, or the file is missing, damaged, empty or not understood.
        MissingDependencyError: The package that reads the file is not installed.
    """
    if isinstance(given, Process):
        return given
    if not is_process_file(given):
        return process_named(os.fspath(given))
    path = Path(given)
    if path.suffix.lower() == _SETTINGS:
        return Process(path.name, f"settings of {path}", settings=_settings(path))
    return Process(path.name, f"events of {path}", file=checked_event_file(path))


def given_event_process(given: GivenEvent) -> EventProcess:
    """The process of events that a user means; a name must be one in `EVENT_PROCESSES`, all else is as for jets."""
    if isinstance(given, EventProcess):
        return given
    if not is_process_file(given):
        return event_process_named(os.fspath(given))
    of_jets = given_process(given)
    return EventProcess(of_jets.name, of_jets.title, settings=of_jets.settings, file=of_jets.file)


def _settings(path: Path) -> tuple[str, ...]:
    from offshell.simulate.generator.files.settings import checked_settings  # noqa: PLC0415 - needs Pythia

    return checked_settings(path)
