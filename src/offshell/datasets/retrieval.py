"""Fetch public data sets: download, check, keep."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pooch
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from offshell.datasets import zenodo
from offshell.datasets.catalog import DataFile, dataset_named
from offshell.datasets.download import OnProgress, resuming_downloader
from offshell.errors import InputError
from offshell.io.replacing import replacing

__all__ = ["fetch"]


def fetch(name: str, *, folder: str | Path = "data") -> list[Path]:
    """Returns the files of a public data set, downloaded into `folder`/`name` where they are not there yet.

    A file has its name only when its checksum is right: what has arrived so far is in `NAME.part`, from where a broken
    download goes on, and a file whose checksum is wrong is downloaded again. The checksum is that of the catalog, or
    else what Zenodo publishes, which is kept in `NAME.checksum` so that a second look needs no network.

    Args:
        name: A name of `offshell.datasets.catalog.CATALOG`.
        folder: Where to keep data sets.

    Raises:
        InputError: If there is no such data set, Zenodo cannot be reached or refuses, the download breaks off, the
            checksum is wrong or unknown, or the folder cannot be written.
    """
    dataset = dataset_named(name)
    home = Path(folder) / name
    return [_fetched(dataset.record, file, home / file.name) for file in dataset.files]


def _fetched(record: int, file: DataFile, path: Path) -> Path:
    _make_folder(path.parent)
    checksum = file.checksum or _published_checksum(record, path)
    part = path.with_name(f"{path.name}.part")
    pooch.get_logger().setLevel("WARNING")  # the progress bar says it
    try:
        with _progress(path.name, file.size) as on_progress:
            pooch.retrieve(
                zenodo.file_address(record, file.name),
                checksum,
                fname=path.name,
                path=path.parent,
                downloader=resuming_downloader(part, on_progress=on_progress),
            )
    except InputError:
        raise
    except ValueError as error:  # of pooch, which has deleted the file
        raise InputError(
            f"{path}: wrong checksum, deleted. Expected: {checksum}. Received: another file; try again."
        ) from error
    return path


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Cannot write to {folder}. Expected: a folder. Received: {error.strerror}."
        ) from error


def _published_checksum(record: int, path: Path) -> str:
    kept = path.with_name(f"{path.name}.checksum")
    if not kept.exists():
        published = zenodo.published_checksums(record)
        if path.name not in published:
            raise InputError(
                f"{zenodo.record_address(record)}: no such file. Expected: {path.name}. "
                f"Received: {', '.join(published) or 'no files'}."
            )
        with replacing(kept) as temporary:
            temporary.write_text(published[path.name])
    return kept.read_text().strip()


@contextmanager
def _progress(name: str, size: int | None) -> Iterator[OnProgress]:
    """Shows on standard error how much of a file is there, from when something arrives."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
    task = bar.add_task(name, total=size)
    with ExitStack() as stack:

        def on_progress(arrived: int, total: int | None) -> None:
            if not bar.live.is_started:
                stack.enter_context(bar)
            bar.update(task, completed=arrived, total=total or size)

        yield on_progress
