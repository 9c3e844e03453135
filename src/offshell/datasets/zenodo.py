"""Where Zenodo keeps the files of a record, and the checksums that it publishes for them."""

import requests

from offshell.datasets.download import TIMEOUT, unreachable
from offshell.errors import InputError

__all__ = ["ADDRESS", "file_address", "published_checksums", "record_address"]

ADDRESS = "https://zenodo.org"


def record_address(record: int) -> str:
    """Returns the address of the page of a record."""
    return f"{ADDRESS}/records/{record}"


def file_address(record: int, name: str) -> str:
    """Returns the address of a file of a record."""
    return f"{record_address(record)}/files/{name}?download=1"


def published_checksums(record: int) -> dict[str, str]:
    """Returns the checksum of each file of a record as Zenodo publishes it, such as "md5:45663819f47c...".

    Raises:
        InputError: If Zenodo cannot be reached or answers something else.
    """
    address = f"{ADDRESS}/api/records/{record}"
    try:
        answer = requests.get(address, timeout=TIMEOUT)
        answer.raise_for_status()
        return {file["key"]: file["checksum"] for file in answer.json()["files"]}
    except requests.JSONDecodeError as error:
        raise InputError(
            f"{address}: not a record. Expected: JSON. Received: {answer.text[:40]!r}."
        ) from error
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{address}: no checksums. Expected: files with key and checksum. Received: neither."
        ) from error
    except requests.RequestException as error:
        raise unreachable(address, error) from error
