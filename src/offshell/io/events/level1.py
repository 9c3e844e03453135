"""Read events from the public level-1 trigger data of CMS of 2026 (Zenodo 21787779, CC0), which are parquet files.

Two forms of the same events are read: the mirror on Hugging Face (`CERN/anomaly_detection_cmsl1t`), files with columns
such as `egammas_egIEt`, and the Zenodo record, where each sample and split is a folder with a folder for each kind of
object, `egammas/*.parquet`, with columns such as `egIEt`. Both hold hardware units, which `offshell.inputs.hardware`
brings to GeV and radians. The layout is that of the code that wrote them (`publish/huggingface.py`,
`publish/export.py` and `publish/card.py` of github.com/bb511/adl1t_datamaker).

Muons have eta and phi as measured, not extrapolated to the vertex, as in AXOL1TL. Saturated objects are kept.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

import awkward as ak

from offshell.errors import InputError
from offshell.inputs import hardware
from offshell.io import defects
from offshell.io.chunks import named_columns
from offshell.io.events import shards
from offshell.io.events.packing import Momenta, packed
from offshell.io.events.source import CHUNK, EventFile, Events, EventSource

__all__ = ["open_file", "open_folder"]

_COLLECTIONS = {"met": "MET", "electrons": "egammas", "muons": "muons", "jets": "jets"}
_COLUMNS = {
    "met": ["Et", "phi"],
    "electrons": ["egIEt", "egIEta", "egIPhi"],
    "muons": ["muonIEt", "muonIEta", "muonIPhi"],
    "jets": ["jetIEt", "jetIEta", "jetIPhi"],
}


@contextmanager
def open_file(path: Path) -> Iterator[EventFile]:
    """Opens a file of the mirror on Hugging Face.

    Raises:
        InputError: If the file is damaged, truncated or lacks a column.
        MissingDependencyError: If pyarrow is not installed.
    """
    columns = {kind: [f"{_COLLECTIONS[kind]}_{name}" for name in names] for kind, names in _COLUMNS.items()}
    with shards.opened([path], list(chain(*columns.values()))) as rows:

        def chunks(start: int, stop: int) -> Iterator[Events]:
            for table in rows.tables(start, stop, size=CHUNK):
                yield _events(path, dict.fromkeys(columns, table), columns)

        called = named_columns(rows.present)
        source = EventSource(path, "CMS level-1 2026 (Hugging Face)", rows.n_rows)
        yield EventFile(
            source, chunks, lambda start, stop: rows.numbers(called, start, stop) if called else {}
        )


@contextmanager
def open_folder(path: Path) -> Iterator[EventFile]:
    """Opens a folder of the Zenodo record that holds the folders MET, egammas, muons and jets.

    Raises:
        InputError: If a folder is missing, a file is damaged, truncated or lacks a column, or the folders have
            different numbers of events.
        MissingDependencyError: If pyarrow is not installed.
    """
    with ExitStack() as stack:
        parts = {
            kind: stack.enter_context(shards.opened(_files(path, collection), _COLUMNS[kind]))
            for kind, collection in _COLLECTIONS.items()
        }
        n_events = {_COLLECTIONS[kind]: rows.n_rows for kind, rows in parts.items()}
        if len(set(n_events.values())) > 1:
            raise InputError(
                f"{path}: folders that do not fit. Expected: as many events in each. Received: {n_events}."
            )

        def chunks(start: int, stop: int) -> Iterator[Events]:
            tables = [rows.tables(start, stop, size=CHUNK) for rows in parts.values()]
            for together in zip(*tables, strict=False):  # the reader counts whether all events came
                yield _events(path, dict(zip(parts, together, strict=True)), _COLUMNS)

        yield EventFile(EventSource(path, "CMS level-1 2026 (Zenodo)", n_events["MET"]), chunks)


def _files(path: Path, collection: str) -> list[Path]:
    files = sorted((path / collection).glob("*.parquet"))
    if not files:
        raise InputError(
            f"Cannot read {path}. Expected: parquet files in each of the folders {', '.join(_COLLECTIONS.values())}. "
            f"Received: none in {collection}."
        )
    return files


def _events(path: Path, tables: Mapping[str, shards.Table], columns: Mapping[str, list[str]]) -> Events:
    with defects.reported(path, kind="parquet"):
        objects = {kind: _momenta(path, tables[kind], names) for kind, names in columns.items()}
        return hardware.decode(packed(objects, source=str(path)))


def _momenta(path: Path, table: shards.Table, columns: list[str]) -> Momenta:
    pt, *eta, phi = (_lists(path, table, column) for column in columns)
    return pt, eta[0] if eta else ak.zeros_like(pt), phi


def _lists(path: Path, table: shards.Table, column: str) -> ak.Array:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    lists = table[column].combine_chunks()
    kind = lists.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)) or not pa.types.is_integer(
        kind.value_type
    ):
        raise InputError(f"{path}: wrong type of {column}. Expected: lists of integers. Received: {kind}.")
    values = lists.flatten()
    if lists.null_count or values.null_count:
        raise InputError(f"{path}: missing values. Expected: integers. Received: null in {column}.")
    return ak.unflatten(values.to_numpy(), lists.value_lengths().to_numpy())
