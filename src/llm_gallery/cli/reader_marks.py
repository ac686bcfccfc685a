"""A reader's marks from the options of a command and from a TOML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llm_gallery.architecture.refusal import printable, quoted
from llm_gallery.cli.options import OwnMarks, Unusable

if TYPE_CHECKING:
    from llm_gallery.figure import Marks


def reader_marks(own: OwnMarks) -> Marks | None:
    """The marks of a file and of options, which stand behind the file's; None where there are none."""
    if own == OwnMarks():
        return None
    from llm_gallery.figure.marks.given import marks
    from llm_gallery.figure.marks.marks_file import Written, written_marks

    written = Written() if own.marks is None else written_marks(own.marks)
    said = dict(written.notes)
    for note in own.note:
        part, text = _parted(note)
        if part in said:
            raise Unusable(f"{quoted(part)} has two notes; write one sentence.")
        said[part] = text
    return marks((*written.highlight, *own.highlight), said, own.title or written.title)


def _parted(note: str) -> tuple[str, str]:
    """The part and the sentence; the first colon stands between."""
    part, colon, text = note.partition(":")
    if not (colon and part.strip() and text.strip()):
        raise Unusable(
            f'--note is {quoted(printable(note))}, expected a part, a colon and a sentence, as in "attention: one latent".'
        )
    return part.strip(), text.strip()
