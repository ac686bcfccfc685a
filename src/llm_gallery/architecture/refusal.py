"""The one error for input that was read and can't be described."""

from __future__ import annotations


class Refusal(ValueError):
    """What was found, what was expected, where, and what to do, in one line.

    The command line prints it and exits with 3; the server answers 422 with it.
    """
