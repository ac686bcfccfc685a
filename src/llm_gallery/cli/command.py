"""One command from its arguments to its exit code: every error is a line on standard error."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from cyclopts import CycloptsError

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.refusal import Refusal, printable, reason
from llm_gallery.catalog.faults import LeftOut
from llm_gallery.cli import (  # noqa: F401 - they register
    FAULT,
    census_commands,
    commands,
    machine_commands,
    site_commands,
    weights_commands,
)
from llm_gallery.cli.app import app
from llm_gallery.cli.options import STANDARD_INPUT, STANDARD_OUTPUT, Unusable
from llm_gallery.extras import Missing

DONE, USAGE, REFUSED = 0, 2, 3


def exit_code(arguments: Sequence[str] | None) -> int:
    """What the command ends with. A reader that closes the pipe early has had enough: that is quiet, and done."""
    atexit.register(gc.freeze)  # nor is it looked for when all ends
    _prepare_streams()
    command_words = with_stream_names(sys.argv[1:] if arguments is None else arguments)
    try:
        with _warn_once():
            ended = app([*command_words])
        sys.stdout.flush()
        return ended if isinstance(ended, int) else DONE
    except Refusal as refusal:
        return _print_error(str(refusal), REFUSED)
    except (CycloptsError, Unusable) as error:
        words = " ".join(str(error).split())
        return _print_error(f"{words} `llm-gallery --help` tells more.", USAGE)
    except Missing as missing:
        return _print_error(str(missing), USAGE)
    except Mistake as mistake:
        return _print_error(str(mistake), FAULT)
    except BrokenPipeError:
        _discard_output()
    except OSError as error:  # a full disk, say: commands name the files that they can't write
        _discard_output()
        return _print_error(
            f"{error.filename or 'The output'} can't be written ({reason(error)}).", USAGE
        )
    return DONE


@contextmanager
def _warn_once() -> Iterator[None]:
    """What a catalog is read without is said in a line like any other, and once."""
    with warnings.catch_warnings():
        warnings.simplefilter("default", LeftOut)
        shown = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, LeftOut):
                _print_error(str(message), DONE)
            else:
                shown(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        yield


def with_stream_names(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments with the streams by name: a dash alone would be an option without one."""
    for before, word in pairwise(("", *arguments)):
        stream = str(STANDARD_OUTPUT) if before in ("-o", "--output") else STANDARD_INPUT
        yield stream if word == "-" else word


def _prepare_streams() -> None:
    """Streams that take any text: a config may hold what the terminal can't show."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - until the end
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """What is left in the buffer goes nowhere, so that the interpreter's end is quiet as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_error(line: str, code: int) -> int:
    print(f"llm-gallery: {printable(line, 700)}", file=sys.stderr)
    return code
