"""Files of a design made from the templates beside this package."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from offshell.io.replacing import replacing

__all__ = ["render"]

_environment = Environment(
    loader=PackageLoader("offshell.firmware"), undefined=StrictUndefined, keep_trailing_newline=True
)


def render(template: str, path: Path, **values: object) -> None:
    """Writes a file.

    Args:
        template: Name in `templates`.
        path: The file to write; its folder is made when missing.
        **values: What the template names.

    Raises:
        InputError: If no file can be written at `path`.
    """
    text = _environment.get_template(template).render(values)
    with replacing(path) as temporary:
        temporary.write_text(text)
