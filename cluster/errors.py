"""What can go wrong, told in two sentences: the cause and the cure."""


class ClusterError(Exception):
    """The cluster cannot do what was asked. The message names the cause, and what to do."""
