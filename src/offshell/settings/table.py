"""What all tables of a recipe have in common."""

from collections.abc import Sequence
from inspect import isabstract, isclass
from types import ModuleType
from typing import Annotated, Any, TypeVar, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field

__all__ = ["Table", "kind_or", "listed", "one_of", "tables_in"]


class Table(BaseModel):
    """A table with checked keys that nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def listed(value: object) -> object:
    """Lets the command line say `samples.signals=top,w`."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def kind_or(default: str) -> Discriminator:
    """Tells the variants of a table apart by its key `kind`; a table without one is of the default kind."""

    def kind(table: Any) -> Any:  # noqa: ANN401 - whatever the user wrote
        return table.get("kind", default) if isinstance(table, dict) else getattr(table, "kind", None)

    return Discriminator(kind)


_Table = TypeVar("_Table", bound=Table)


def tables_in(package: ModuleType, family: type[_Table]) -> tuple[type[_Table], ...]:
    """The tables of a family among the public names of a package, in the order of the alphabet.

    Args:
        package: whose list of names decides.
        family: the abstract table that they share.
    """
    things = (getattr(package, name) for name in dir(package))
    return tuple(
        thing for thing in things if isclass(thing) and issubclass(thing, family) and not isabstract(thing)
    )


def one_of(tables: Sequence[type[Table]]) -> Any:  # noqa: ANN401 - types have no type that a checker knows
    """The type of a table that is one of several, told apart by its key `kind`."""
    return Annotated[Union[tuple(tables)], Field(discriminator="kind")]  # noqa: UP007 - they are not known before
