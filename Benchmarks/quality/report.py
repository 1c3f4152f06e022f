"""Tables in Markdown, and goals met or missed."""

import re


def mean(values):
    values = list(values.values() if isinstance(values, dict) else values)
    return sum(values) / len(values) if values else None


def cell(value):
    """Text as it is, figures with two decimals, nothing as a dash."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.2f}"


def table(header, rows):
    """Lines of a Markdown table; the first column is text, the others are figures."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1)]
    lines += [[cell(value) for value in row] for row in rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


class Section:
    """What one table has to say: lines of Markdown, goals, and figures for JSON."""

    def __init__(self):
        self.lines = []
        self.goals = []
        self.figures = {}

    def add(self, *lines):
        self.lines += ["", *lines] if self.lines else lines

    def goal(self, what, found, limit, upwards=True):
        """Notes whether a figure reaches its limit, as it stands in the table: to two decimals."""
        if found is None or limit is None:
            return
        met = round(found, 2) >= limit if upwards else round(found, 2) <= limit
        relation = "at least" if upwards else "at most"
        self.goals.append((bool(met), f"{what}: {found:.2f}, expected {relation} {limit:g}"))

    def expect(self, what, met):
        self.goals.append((bool(met), what))


def insert(text, name, lines):
    """Puts the lines between <!-- name --> and <!-- end of name -->.

    Returns None where the text has no such place.
    """
    pattern = re.compile(
        rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end of {re.escape(name)} -->)", re.DOTALL)
    body = "\n".join(lines)
    result, count = pattern.subn(lambda match: f"{match[1]}\n{body}\n\n{match[2]}", text)
    return result if count else None
