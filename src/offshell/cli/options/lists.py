"""Several names or numbers as people write them, with commas."""

from offshell.errors import InputError

__all__ = ["names", "whole_numbers"]


def names(text: str) -> list[str]:
    """The words between the commas.

    Example:
        >>> names("cores, blobs")
        ['cores', 'blobs']
    """
    return [word.strip() for word in text.split(",") if word.strip()]


def whole_numbers(text: str) -> list[int]:
    """Whole numbers from text such as `2,3,4`.

    Raises:
        InputError: if something is none.

    Example:
        >>> whole_numbers("2,3,4")
        [2, 3, 4]
    """
    try:
        return [int(word) for word in names(text)]
    except ValueError:
        raise InputError(
            f"These are no whole numbers. Expected: such as 2,3,4. Received: {text!r}."
        ) from None
