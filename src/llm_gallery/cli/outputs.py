"""Where a command puts what it made: printed, or in a file; what that replaces is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from llm_gallery.architecture.refusal import counted, reason
from llm_gallery.cli.options import STANDARD_OUTPUT, Unusable


def write_output(content: str | bytes, output: Path | None) -> None:
    """Prints what was made, or writes it into a file."""
    data = content if isinstance(content, bytes) else content.encode()
    if output is None or output == STANDARD_OUTPUT:
        if isinstance(content, bytes) and sys.stdout.isatty():
            raise Unusable("Binary output isn't shown on a terminal; name a file with --output.")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    with writing(output):
        output.write_bytes(data)


@contextmanager
def writing(*outputs: Path) -> Iterator[None]:
    """Files are written meanwhile: those that this replaced are said in one line, and why one can't be written."""
    before = [(file, replaced) for file in outputs if (replaced := _existing_file(file))]
    try:
        yield
    except OSError as error:
        named = error.filename or outputs[0]
        raise Unusable(f"{named} can't be written ({reason(error)}).") from None
    if before:
        (first, replaced), *more = before
        others = f", and {counted(len(more), 'file')} beside it" if more else ""
        print(f"llm-gallery: {first} replaced, {replaced}{others}", file=sys.stderr)


def _existing_file(file: Path) -> str:
    """What a file holds until it is replaced; empty where there is none."""
    try:
        if not file.is_file():
            return ""
        status = file.stat()
    except OSError:
        return ""
    written = datetime.fromtimestamp(status.st_mtime)
    return f"which held {counted(status.st_size, 'byte')} of {written:%Y-%m-%d %H:%M}"
