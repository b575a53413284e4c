"""The text of a feed file, in any encoding: exactly what its author wrote, or a FeedError that says why not.

feedparser tries one encoding after the other until one reads every byte as something. With one bad byte in a UTF-8
file it turns each "é" of the file into "Ă©", and does not say so.
"""

import codecs
import os
import re
import stat

LARGEST = 20_000_000  # bytes: thousands of stories, and half a minute's work

_EBCDIC = "cp037"
# The first bytes say how to read the XML declaration: https://www.w3.org/TR/xml/#sec-guessing. The longer ones first.
_MARKS = [
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", _EBCDIC),
]
_DECLARED = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_CHARACTER_OF_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Python's codecs that are not character sets. Some run for minutes, some raise errors of their own.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}


class FeedError(Exception):
    """Why a file was not imported."""


def read_text(path):
    """Return the text of the file at `path`, without its XML declaration. Raises FeedError."""
    data = _read_bytes(path)
    if not data.strip():
        raise FeedError("is empty")
    text = _decode(data).lstrip("\ufeff")
    # The lines of the declaration stay, so that errors name the right ones.
    return _DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), text)


def _read_bytes(path):
    try:
        # Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FeedError("is a device or a pipe. Save the feed to a file first, and import that")
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise FeedError(f"cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise FeedError(f"is larger than {LARGEST // 1_000_000} MB. Split it into smaller feeds, and import each")
    return data


def _decode(data):
    sniffed = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if sniffed == _EBCDIC:  # a family: the declaration is the same in all, the rest is not
        found, sniffed = _DECLARED.match(data.decode(_EBCDIC).encode()), None
    else:
        found = None if sniffed else _DECLARED.match(data.lstrip())
    declared = sniffed or (found[1].decode("ascii", "replace").lower() if found else "utf-8")
    charset = sniffed or _charset(declared)
    errors = []
    for name in dict.fromkeys((charset, "utf-8")):
        try:
            return data.decode(name)
        except UnicodeError as error:
            errors.append(error)
        except LookupError:  # rot13 and the like, which make no text of bytes
            charset = "utf-8"
    # Many feeds say UTF-8, or nothing, and are windows-1252 throughout. One character in UTF-8 shows that it isn't.
    if charset in {"utf-8", "ascii"} and not _CHARACTER_OF_UTF_8.search(data):
        try:
            return data.decode("windows-1252")
        except UnicodeError as error:
            errors.append(error)
    raise FeedError(_where_it_breaks(data, declared, errors[0]))


def _charset(name):
    """Return Python's name for a declared encoding; UTF-8 if there is no such encoding, or the file can't be in it."""
    try:
        name = codecs.lookup("gb18030" if name == "gb2312" else name).name  # its superset, which many mean
    except (LookupError, ValueError):
        return "utf-8"
    is_another = name.replace("_", "-") in _NO_CHARSETS or name.startswith(("utf-16", "utf-32"))
    return "utf-8" if is_another else name


def _where_it_breaks(data, declared, error):
    place = getattr(error, "start", None)
    if place is None:  # a codec that does not say where
        return f"is not in the encoding that it declares, {declared}. Save it as UTF-8, and import it again"
    line = data.count(b"\n", 0, place) + 1
    return (
        f"is not whole: byte 0x{data[place]:02X} in line {line} is not {declared}, the file's encoding. "
        "Get the file again, or save it as UTF-8"
    )
