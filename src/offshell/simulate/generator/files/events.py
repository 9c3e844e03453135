"""Files of collisions that another generator made, cut into blocks that can be simulated one by one."""

import gzip
import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from offshell.errors import InputError, from_extra

__all__ = ["HEPMC", "LHE", "Block", "EventFile", "blocks", "checked_event_file", "hard_processes"]

LHE, HEPMC = "lhe", "hepmc"

_FIRST_LINE = {LHE: re.compile(rb"\s*<event[\s>]"), HEPMC: re.compile(rb"E ")}
"""Of an event."""
_HEPMC_END = re.compile(rb"HepMC::\S*END_EVENT_LISTING")

# A block of LHE waits for the start of Pythia; an event of HepMC, with all its particles, is fifty times as large.
_EVENTS_PER_BLOCK = {LHE: 500, HEPMC: 100}


@dataclass(frozen=True)
class EventFile:
    """A file that was looked through from its beginning to its end."""

    path: Path
    layout: str
    """`LHE`: hard processes, which Pythia has to shower; `HEPMC`: all particles that reach the detector."""
    n_events: int


@dataclass(frozen=True)
class Block:
    """Some events, as the text of a file of their own."""

    source: Path
    layout: str
    n_events: int
    text: bytes


def checked_event_file(path: Path) -> EventFile:
    """Look through a file named `.lhe` or `.hepmc`, perhaps with `.gz` behind it.

    Raises:
        InputError: It cannot be read, is no such file, holds no event or ends in the middle.
        MissingDependencyError: pylhe is not installed, for LHE.
    """
    layout = LHE if LHE in path.name.lower().split(".")[-2:] else HEPMC
    with _errors_named(path, layout):
        n_events = _n_events_lhe(path) if layout == LHE else _n_events_hepmc(path)
    if n_events == 0:
        raise InputError(
            f"{path} holds no event. Expected: at least one in the format {layout}. Received: none."
        )
    return EventFile(path, layout, n_events)


def blocks(file: EventFile) -> Iterator[Block]:
    """The events of a file, in blocks that depend on the file alone."""
    header, events = b"", list[list[bytes]]()
    with _opened(file.path) as lines:
        for line in lines:
            if not _FIRST_LINE[file.layout].match(line):
                if events:
                    events[-1].append(line)
                else:
                    header += line
                continue
            if len(events) == _EVENTS_PER_BLOCK[file.layout]:
                yield _block(file, header, events)
                events = []
            events.append([line])
    yield _block(file, header, events)


def _block(file: EventFile, header: bytes, events: list[list[bytes]]) -> Block:
    end = b"</LesHouchesEvents>\n"
    if file.layout == HEPMC:
        end = b"".join(re.findall(rb"HepMC::\S*START_EVENT_LISTING\n", header)).replace(b"START", b"END")
    text = header + b"".join(line for event in events for line in event)
    return Block(file.path, file.layout, len(events), text if text.endswith(end) else text + end)


@contextmanager
def hard_processes(block: Block | None) -> Iterator[tuple[str, ...]]:
    """The settings that make Pythia read a block of LHE; none without a block."""
    if block is None:
        yield ()
        return
    with NamedTemporaryFile(suffix=".lhe") as file:
        file.write(block.text)
        file.flush()
        yield ("Beams:frameType = 4", f"Beams:LHEF = {file.name}")


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


@contextmanager
def _errors_named(path: Path, layout: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, ValueError, RuntimeWarning) as error:
        raise InputError(
            f"Cannot read {path}. Expected: a complete file of events in the format {layout}. Received: {error}."
        ) from error


def _n_events_lhe(path: Path) -> int:
    with from_extra("lhe", needed=f"{path} needs pylhe"):
        import pylhe  # noqa: PLC0415 - an extra

    n_events = 0
    with warnings.catch_warnings(), closing(pylhe.LHEFile.fromfile(path).events) as events:
        warnings.simplefilter("error")  # pylhe only warns of a file that ends in the middle
        for event in events:
            n_events += 1
            if event.eventinfo.nparticles != len(event.particles):
                raise ValueError(
                    f"{len(event.particles)} instead of {event.eventinfo.nparticles} particles in event {n_events}"
                )
    return n_events


def _n_events_hepmc(path: Path) -> int:
    n_events, last = 0, b""
    with _opened(path) as lines:
        for line in lines:
            n_events += _FIRST_LINE[HEPMC].match(line) is not None
            last = line if line.strip() else last
    if n_events and not _HEPMC_END.match(last):
        raise ValueError(f"{n_events} events and an end in the middle")
    return n_events
