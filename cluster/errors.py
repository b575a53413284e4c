"""What can go wrong, in two sentences: the cause and the cure."""

import errno

ANOTHER = "name another folder: python -m cluster --directory DIR"


class ClusterError(Exception):
    """The cluster cannot do what was asked. The message names the cause, and what to do."""


def explain(error: OSError) -> str:
    """Say what the system refuses, and what to do about it."""
    what = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{what} Make room, or {ANOTHER}"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{what} Run as its owner, or {ANOTHER}"
    return what
