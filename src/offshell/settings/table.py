"""What all tables of a recipe have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Discriminator

__all__ = ["Table", "kind_or", "listed"]


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
