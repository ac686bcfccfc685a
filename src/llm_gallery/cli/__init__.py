"""The command line: what was asked for, printed, and an exit code that scripts can rely on."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from llm_gallery.architecture.refusal import Refusal, printable

DONE, USAGE, REFUSED, INTERRUPTED = 0, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command: 0 done, 2 wrong usage, 3 the input was read and refused, each with one line.

    A reader that closes the pipe early has had enough: that is quiet, and done.
    """
    from cyclopts import CycloptsError

    from llm_gallery.cli.commands import Unusable, app

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except Refusal as refusal:
        return _said(str(refusal), REFUSED)
    except (CycloptsError, Unusable) as error:
        words = " ".join(str(error).split())
        return _said(f"{words} `llm-gallery --help` tells more.", USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE


def _said(line: str, code: int) -> int:
    print(f"llm-gallery: {printable(line, 700)}", file=sys.stderr)
    return code
