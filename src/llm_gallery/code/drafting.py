"""The prediction module as code: its own function, and the one that gives it the stream of the model."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.code.lending import Lending
from llm_gallery.code.mixers import SETTINGS
from llm_gallery.code.outline import STREAM
from llm_gallery.code.wiring import Stream
from llm_gallery.mechanisms.apart import behind, joining, table

MODULE, DRAFT = "prediction_module", "draft"


def simple(stream: Stream, lends: Lending) -> bool:
    """Whether a layer of the model reads nothing but the stream, so that the module's can stand alone."""
    shares = lends.sources or lends.chosen or stream.beside or stream.handed
    return not (shares or stream.several or stream.passes > 1 or stream.numbered)


def module_code(stream: Stream, path: str, module: Block) -> str:
    """The module's function, and one that runs the model before it."""
    own, width = stream.anew(), stream.root.number("width")
    rows = table(module)
    own.lines.append(f"following = {own.plain(rows.name, rows, 'tokens')}")
    own.line("x", own.plain("", joining(module), "x", "following"))
    parts = [(at.removeprefix(path).lstrip("."), part) for at, part in behind(path, module)]
    given = own.through(parts, "x", "x")
    scores = next(part for _, part in parts if part.is_head)
    past, lines = own.past_type, "\n    ".join([*own.lines, f"return {given}, past"])
    for settings in own.settings:
        lines = lines.replace(SETTINGS, settings, 1)
    said = f"The scores of each token after the next, (T, {scores.number('vocabulary')}), and what it keeps."
    return f'''\
def {MODULE}(w: Weights, x: Array, tokens: Array, past: {past}, positions: Array) -> tuple[Array, {past}]:
    """{said}

    x (T, {width}) is the stream after the last norm, `tokens` are the next ones.
    Paper: https://arxiv.org/abs/2412.19437 (section 2.2)
    """
    {lines}


def {DRAFT}(w: Weights, tokens: Array, following: Array, past: list[{past}], positions: Array) -> Array:
    """The same, of a text: `following` are the tokens after `tokens`; the last of `past` is the module's."""
    x = {STREAM}(w, tokens, past, positions)
    scores, past[-1] = {MODULE}(w.at({path!r}), x, following, past[-1], positions)
    return scores
'''
