"""The command line: what was asked for, printed, and an exit code that scripts can rely on."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.extras import Missing

DONE, USAGE, REFUSED, INTERRUPTED = 0, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command: 0 done, 2 wrong usage or a missing extra, 3 the input was read and refused, each with one line.

    A reader that closes the pipe early has had enough: that is quiet, and done.
    """
    _uncollected()
    from cyclopts import CycloptsError

    from llm_gallery.cli import census_commands, commands, site_commands  # noqa: F401 - they register
    from llm_gallery.cli.app import app
    from llm_gallery.cli.options import Unusable

    _prepared()
    try:
        app(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except Refusal as refusal:
        return _said(str(refusal), REFUSED)
    except (CycloptsError, Unusable) as error:
        words = " ".join(str(error).split())
        return _said(f"{words} `llm-gallery --help` tells more.", USAGE)
    except Missing as missing:
        return _said(str(missing), USAGE)
    except BrokenPipeError:
        _silenced()
    except OSError as error:  # a full disk, say: commands name the files that they can't write
        _silenced()
        return _said(f"The output can't be written ({error.strerror}).", USAGE)
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE


def _uncollected() -> None:
    """Garbage is looked for less often while modules load, and not when all ends: a tenth of a short run."""
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)


def _prepared() -> None:
    """Streams that take any text: a config may hold what the terminal can't show."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - until the end
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _silenced() -> None:
    """What is left in the buffer goes nowhere, so that the interpreter's end is quiet as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(line: str, code: int) -> int:
    print(f"llm-gallery: {printable(line, 700)}", file=sys.stderr)
    return code
