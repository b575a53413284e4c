"""Looks at a feed as XML, before feedparser does: whether it is well-formed, and of a size that ends.

feedparser reads what is not well-formed with a second parser, which raises at some of it. And it needs time that
grows with the square of an element's attributes: 19 s for 50,000.
"""

import re
from xml.parsers import expat

ROOTS = {"rss", "rdf", "feed", "channel"}
MOST_ATTRIBUTES = 500  # of one element. A dozen are many
MOST_NAMESPACES = 500  # in the whole file
DEEPEST = 500  # elements inside of each other


class _Excess(Exception):
    pass


class _Look:
    def __init__(self):
        self.root, self.depth, self.namespaces = "", 0, 0
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartNamespaceDeclHandler = self.declare

    def start(self, name, attributes):
        self.root = self.root or name.rpartition(" ")[2].lower()
        self.depth += 1
        self.limit(len(attributes) // 2, MOST_ATTRIBUTES, "attributes on one element")
        self.limit(self.depth, DEEPEST, "elements inside of each other")

    def end(self, name):
        self.depth -= 1

    def declare(self, prefix, uri):
        self.namespaces += 1
        self.limit(self.namespaces, MOST_NAMESPACES, "declarations of namespaces")

    def limit(self, count, most, what):
        if count > most:
            raise _Excess(
                f"has more than {most} {what} (line {self.parser.CurrentLineNumber}): no feed needs that. "
                "Take them out, and import it again"
            )


def find_fault(text):
    """Return why `text` cannot be a feed, in words that follow a file's name; None if nothing is wrong with it."""
    look = _Look()
    try:
        look.parser.Parse(text.encode(), True)
    except _Excess as error:
        return str(error)
    except expat.ExpatError as error:
        if re.search(r"<(!doctype\s+)?html", text[:2000], re.IGNORECASE):
            return "is an HTML page, not a feed"
        if look.root not in ROOTS:
            return "is not a feed: there is no RSS, RDF or Atom in it"
        return f"is not well-formed XML: {expat.errors.messages[error.code]} (line {error.lineno})"
    if look.root == "html":
        return "is an HTML page, not a feed"
    return None
