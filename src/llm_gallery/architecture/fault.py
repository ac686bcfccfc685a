"""A fault of ours in one line: which error, where in the package, of which version, and that it is to be reported."""

from __future__ import annotations

from llm_gallery.architecture.refusal import printable

PACKAGE = __name__.partition(".")[0]
LONGEST_MESSAGE = 160


def fault(error: BaseException, doing: str) -> str:
    """What is said of an error that nobody expected, in place of its traceback.

    `doing` is what was asked, such as a command's name. What the error's frames hold is let go: the memory may be full.
    """
    place = _place(error)
    error.__traceback__ = None
    message = f": {printable(str(error), LONGEST_MESSAGE)}" if str(error) else ""
    return (
        f"{printable(doing)} ended in a fault of ours ({type(error).__name__} at {place}, version {_version()}{message}); "
        "please report this line, and what you gave, to the gallery's authors"
    )


def _place(error: BaseException) -> str:
    """ "llm_gallery.checking.packed:142", the last line of the package that was run."""
    place, trace = PACKAGE, error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__"))
        if module.partition(".")[0] == PACKAGE:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("llm-architecture-gallery")
    except PackageNotFoundError:  # run from its folder, uninstalled
        return "unknown"
