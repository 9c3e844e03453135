"""Rows of text as a table of Markdown."""


def table(rows, *, marks="---"):
    """The first row is the header; `marks` say how columns are aligned, one for all or one for each."""
    header, *body = (f"| {' | '.join(row)} |" for row in rows)
    columns = [marks] * len(rows[0]) if isinstance(marks, str) else marks
    return "\n".join([header, f"|{'|'.join(columns)}|", *body])


def interval(value, low, high, *, scale=1, digits=3):
    return f"{scale * value:.{digits}f} [{scale * low:.{digits}f}, {scale * high:.{digits}f}]"
