"""Tables for RESULTS.md."""


def table(headings, rows):
    """The first column is text, the others are figures."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def section(title, *parts):
    return "\n\n".join([f"## {title}", *parts])
