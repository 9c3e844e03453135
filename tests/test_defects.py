"""Whatever goes wrong with a file becomes one line."""

from pathlib import Path

import pytest

from offshell.errors import InputError, MissingDependencyError
from offshell.io import defects


def fail(error):
    with defects.reported(Path("toy.root"), kind="ROOT"):
        raise error


@pytest.mark.parametrize("error", [ValueError("two\nlines"), KeyError("x"), MemoryError(), RecursionError()])
def test_any_exception_is_a_defect_of_the_file(error):
    message = (
        rf"^Cannot read toy\.root\. .* Received: a truncated or damaged file \({type(error).__name__}\)\.$"
    )
    with pytest.raises(InputError, match=message):
        fail(error)


def test_what_is_said_already_is_not_said_again():
    with pytest.raises(InputError, match=r"^said$"):
        fail(InputError("said"))


def test_a_missing_package_is_not_a_defect_of_the_file():
    with pytest.raises(MissingDependencyError, match="Received: lz4 is not installed"):
        fail(ModuleNotFoundError("no lz4", name="lz4"))


def test_an_interruption_goes_through():
    with pytest.raises(KeyboardInterrupt):
        fail(KeyboardInterrupt())
