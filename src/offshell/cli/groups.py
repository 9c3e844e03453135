"""Groups of commands that know what else a word can be than a command."""

from typing import Any

from typer.core import TyperGroup

from offshell.errors import InputError

__all__ = ["SaysWhere"]


class SaysWhere(TyperGroup):
    """Says where the name of a process or a recipe belongs, if it stands where a command should."""

    def resolve_command(self, context: Any, arguments: list[str]) -> Any:  # noqa: ANN401 - typer keeps its Click to itself
        """The command that the first argument names.

        Raises:
            InputError: if that is a process or a recipe.
        """
        if arguments and arguments[0] not in self.commands and (hint := _about(arguments[0])):
            raise InputError(
                f"{hint} Expected: a command: {', '.join(self.commands)}. Received: {arguments[0]}."
            )
        return super().resolve_command(context, arguments)


def _about(word: str) -> str | None:
    from offshell import recipe
    from offshell.samples.names import about_process

    if word in recipe.names():
        return f"{word} is a recipe: offshell run {word}."
    return about_process(word)
