"""Download a file over HTTP so that a broken download goes on where it stopped."""

from collections.abc import Callable
from pathlib import Path

import requests

from offshell.errors import InputError

__all__ = ["TIMEOUT", "OnProgress", "resuming_downloader", "unreachable"]

TIMEOUT = 30  # seconds without a byte
_ATTEMPTS = 5
_BLOCK = 1 << 16  # bytes

OnProgress = Callable[[int, int | None], None]
"""Told how many bytes are there and how many there will be, as far as the server says."""


def resuming_downloader(part: Path, *, on_progress: OnProgress) -> Callable[[str, str, object], None]:
    """Returns a downloader as pooch takes it, which keeps what has arrived in `part` and goes on from there.

    A server that does not know ranges (RFC 9110, section 14) sends everything again. Whether the bytes are right
    is for pooch to check.

    Args:
        part: The file for what has arrived; gone when the download is complete.
        on_progress: Called with each block.

    Returns:
        A function of the address, the file to write and the pooch, which raises InputError if the server cannot be
        reached, refuses, or breaks off without sending anything new.
    """

    def download(url: str, output_file: str, _pooch: object) -> None:
        for _ in range(_ATTEMPTS):
            before = _size(part)
            if _complete(url, part, on_progress):
                part.replace(output_file)
                return
            if _size(part) == before:
                break
        raise InputError(
            f"Download of {url} broke off. Expected: the whole file. Received: {_size(part)} bytes, kept in {part}; "
            "run the same again to go on."
        )

    return download


def unreachable(url: str, error: requests.RequestException) -> InputError:
    """Returns the error for a server that cannot be reached or refuses, which offers what needs no network."""
    response = error.response
    received = f"status {response.status_code}" if response is not None else "no connection"
    return InputError(
        f"Cannot download {url}. Expected: a network and this address. Received: {received}. Without it, simulate: "
        "offshell simulate events background --out background.h5 (or jets qcd)"
    )


def _complete(url: str, part: Path, on_progress: OnProgress) -> bool:
    """Fetches what is missing; False if the connection broke or what was there did not fit."""
    have = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        response = requests.get(url, headers=headers, stream=True, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise unreachable(url, error) from error
    with response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            return _is_whole(response, part)
        if not response.ok:
            raise unreachable(url, requests.HTTPError(response=response))
        return _saved(response, part, have, on_progress)


def _is_whole(response: requests.Response, part: Path) -> bool:
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    if total == str(_size(part)):
        return True
    part.unlink()
    return False


def _saved(response: requests.Response, part: Path, have: int, on_progress: OnProgress) -> bool:
    resumed = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    arrived = have if resumed else 0
    length = response.headers.get("Content-Length")
    total = None if length is None else arrived + int(length)
    try:
        with part.open("ab" if resumed else "wb") as file:
            for block in response.iter_content(_BLOCK):
                arrived += file.write(block)
                on_progress(arrived, total)
    except requests.RequestException:
        return False
    except OSError as error:
        raise InputError(
            f"Cannot write {part}. Expected: a folder with room to write. Received: {error.strerror}."
        ) from error
    return total is None or arrived == total


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
