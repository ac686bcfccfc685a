"""A wrong name in a file of the package: told in a line when the file is loaded, with the nearest name that is right."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
FEW = 12
"""Names that a message lists; of more it tells the nearest alone."""
BUILDERS = ("parts", "recurrent", "families", "beside")
"""Folders whose functions make blocks."""


class Mistake(ValueError):
    """The file, what stands there, what was expected, and the nearest name that is right.

    The file is `where`, else the line of the package that is being loaded, else the one whose code asks. The command
    line prints the message and exits with 70.
    """

    def __init__(self, message: str, where: str | None = None) -> None:
        super().__init__(f"{_place() if where is None else where}{message}")


def expect_names(
    names: Iterable[str], known: Collection[str], what: str, of: str, where: str | None = None
) -> None:
    """Raises Mistake for the first of some names that isn't known.

    `what` says where the name stands ("a role of a lane"), `of` what it should be ("a role of architecture/roles.py").
    """
    for name in names:
        if name not in known:
            wanted = f"one of {', '.join(known)}" if 1 < len(known) <= FEW else of
            near = f"; the nearest is {nearest_name(name, known)!r}" if known else ""
            raise Mistake(f"{what} is {name!r}, expected {wanted}{near}", where)


def nearest_name(name: object, known: Collection[str]) -> str:
    """The known name that is most like another."""
    from difflib import get_close_matches  # only where a name is wrong

    by_letters = {one.lower(): one for one in known}
    near = get_close_matches(str(name)[:60].lower(), [*by_letters], n=1, cutoff=0)
    return by_letters[near[0]] if near else ""


def _place() -> str:
    """ "mechanisms/mamba2.py:90: ", the line of the package that is being loaded; else of the builder that asks."""
    asking, frame = "", sys._getframe(1)
    while frame.f_back is not None:
        file, above = Path(frame.f_code.co_filename), frame.f_back
        if file.is_relative_to(PACKAGE):
            place = f"{file.relative_to(PACKAGE).as_posix()}:{frame.f_lineno}: "
            if above.f_code.co_filename.startswith("<frozen importlib"):
                return place
            if not asking and file.parent.name in BUILDERS and file.name != "basic.py":
                asking = place
        frame = above
    return asking
