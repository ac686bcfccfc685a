"""A model's code: the printed file, with what it is and how to run it said on top."""

from __future__ import annotations

from functools import lru_cache

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import layers
from llm_gallery.architecture.refusal import LONGEST_LINE, printable
from llm_gallery.catalog.load import Given, Model, find, model
from llm_gallery.engines.weight_format import released_format
from llm_gallery.extras import need
from llm_gallery.running.compared import compared_with

ABOUT = "ABOUT"
"""Stands for what the file says of itself, until it is printed."""
READ = ("fp8", "bf16", "fp32", None)
"""Formats of a release that the file reads as it is, and those that nobody states."""


def code(given: Given, *, guess: bool = False) -> str:
    """One Python file that runs a model: its mechanisms in numpy, its numbers, its checkpoint, generation.

    It is the very program that `run` executes. Needs the `code` extra, which formats the file.

    Returns: the text of the file.
    Raises: Refusal as `describe` does, and where a part of the model has no forward.
    """
    described = model(given, guess=guess)
    if described.of_package and described is find(described.id):
        return _of_package(described.id)
    return _printed(described)


@lru_cache(maxsize=32)
def _of_package(model: str) -> str:
    """The file of one of the package's own, for which its lessons ask, too."""
    return _printed(find(model))


def _printed(model: Model) -> str:
    need("code", "Printing code")
    from llm_gallery.code.drafting import DRAFT
    from llm_gallery.code.file import at_once, printed
    from llm_gallery.code.formatted import formatted

    stored = None if model.entry is None else released_format(model.entry.config)
    text = printed(model.architecture, ABOUT, float8=stored == "fp8")
    about = _about(
        model, stored, drafts=f"def {DRAFT}(" in text, whole=at_once(model.architecture.root)
    )
    return formatted(text.replace(ABOUT, _in_a_docstring(about), 1))


def _in_a_docstring(text: str) -> str:
    """A text as it stands between three quotes: a model's name is a stranger's, too."""
    lines = [printable(line, LONGEST_LINE) for line in text.split("\n")]
    return "\n".join(lines).replace("\\", r"\\").replace('"', r"\"")


def file_name(model: str) -> str:
    """What the file of a model is called, so that Python can import it."""
    return f"{model.replace('-', '_').replace('.', '_')}.py"


def _about(model: Model, stored: str | None, *, drafts: bool, whole: bool) -> str:
    """What the file is, and how to run it; whether it `drafts` the token after the next, or reads a text `whole`."""
    root = model.architecture.root
    counted, depth = parameters(root), len(layers(root))
    gives = "the likeliest token of each place" if whole else "the tokens that follow 1 2 3"
    lines = [
        f"{model.name} in numpy: {counted.total:,} parameters in {depth} layers.",
        "",
        f"python {file_name(model.id)} FOLDER 1 2 3 prints {gives}; FOLDER holds the checkpoint.",
    ]
    if ahead := counted.multi_token_prediction:
        lines.append(
            f"Beside them {ahead:,} of a module that predicts the token after the next: `draft` runs it."
            if drafts
            else f"Left out: {ahead:,} that predict further tokens, which the reference never runs."
        )
    if stored not in READ:
        lines.append(f"It was released in {stored}, which is to be made bf16 first.")
    return "\n".join([*lines, printed_by(compared_with(model.architecture)), ""])


def printed_by(compared: str) -> str:
    """The last line of what a file says of itself: what its type was compared with, if with anything."""
    if compared:
        return f"Printed by `llm-gallery code`, whose functions are tested against {compared}."
    return "Printed by `llm-gallery code`; no run of its type was compared with the reference."
