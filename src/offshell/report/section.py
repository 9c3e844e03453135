"""What a part of the page is made of: words, figures, tables."""

from dataclasses import dataclass, field

from matplotlib.figure import Figure

__all__ = ["Grid", "Picture", "Section"]


@dataclass(frozen=True)
class Picture:
    """A figure and the words under it.

    Attributes:
        figure: The figure.
        caption: What it shows.
    """

    figure: Figure
    caption: str


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Attributes:
        caption: What it shows.
        columns: The headings, that of the first column included.
        rows: One list for each row, as long as the headings; the first text names the row.
        of_words: Whether the cells are sentences, which may run over lines, and not numbers.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    of_words: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        name: Its address on the page.
        title: Its headline.
        reading: How to read its figures, for a student.
        pictures: Its figures.
        remarks: What else is to be said.
        grids: Its tables.
    """

    name: str
    title: str
    reading: str
    pictures: list[Picture]
    remarks: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.pictures or self.remarks or self.grids)
