"""python -m cluster: see command.py."""

import sys

from . import interrupts

if __name__ == "__main__":
    interrupts.end_at_once()
    from .command import main  # takes a while

    sys.exit(main())
