"""A multi-token prediction module as a drawing: the stream and the next token give the one after it.

Paper: https://arxiv.org/abs/2412.19437
"""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import arrow
from llm_gallery.figure.internals._lanes import Trunk, lanes
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import MATRIX, Node, hero, pill, trapezoid
from llm_gallery.figure.kit.shapes import About, Inset, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.apart import COPIED, Parts, mixers, parts
from llm_gallery.mechanisms.colour import TABLES

BROADEST = 190


def inset(use: Use) -> Inset:
    """One module, from its two inputs to its scores."""
    sheet, module = Board(use=use, colour=colour_of(use.block)), parts(use.path, use.block)
    trunk = Trunk(sheet, _joined(sheet, module).top)
    _predicted(trunk, module)
    elements = short(stored(use.block))
    modules = f"{use.layers} modules of {elements} each" if use.layers > 1 else elements
    return sheet.inset("Multi-token prediction", trunk.leave(), modules, "not in the total")


def _about(part: tuple[str, Block] | None) -> About | None:
    return None if part is None else tooltip(*part)


def _joined(sheet: Board, module: Parts) -> Node:
    """Its inputs, those normed that it norms, put side by side, and brought back to one width."""
    join, table = module.get("join"), module.get("embedding")
    words = {"token": "next token", "stream": "stream after all layers"}
    if table is None and "token_norm" not in module:  # DeepSeek V4.1's reads streams alone
        several = 1 if join is None else join[1].number("inputs") // join[1].number("outputs")
        words = {"stream": f"streams of {several:,} layers" if several > 1 else words["stream"]}
    streams = lanes(sheet, tuple(words), BROADEST)
    for name, said in words.items():
        x = streams.at[name]
        sheet.label(x, -7, said, anchor="middle")
        streams.tips[name] = Point(x, -20)
    if "token" in words:
        said = _whose(sheet.use.block, "embedding", table)
        streams.rise("token", _small(streams.at["token"], -53, said, table))
    y = streams.above(*words)
    for name in words:
        if norm := module.get(f"{name}_norm"):
            streams.norm(name, _about(norm), title(norm[1]), wide=116, y=y)
    shape = "" if join is None else arrow(join[1].number("inputs"), join[1].number("outputs"))
    first, *_, last = words if len(words) > 1 else ("stream", "stream")
    y, (x, wide) = streams.above(*words, high=MATRIX), streams.across(first, last)
    about = _about(join)
    node = trapezoid(x, y, shape, sheet.colour, narrowing=True, wide=wide, high=MATRIX, about=about)
    streams.into(sheet.add(node), *words)
    return node


def _whose(module: Block, name: str, part: tuple[str, Block] | None) -> str:
    """The model's table, one with the same values, or one that is stored: of what values isn't stated."""
    if part is None:
        return f"the model's {name}"
    return f"copy of the {name}" if module.settings.get(COPIED) else f"stored {name}"


def _small(x: float, y: float, words: str, part: tuple[str, Block] | None) -> Node:
    """A table that the module stores as a full block; one that it borrows as a dashed pill."""
    if part is None:
        return pill(x, y, words, TABLES, dashed=True)
    wide, answer = width(words, 12, 600) + 28, _about(part)
    return hero(x, y, words, TABLES, wide=wide, high=MATRIX, size=12, about=answer)


def _predicted(trunk: Trunk, module: Parts) -> None:
    """The module's layers, its norm if it has one, and scores from a head that it stores or the model's."""
    layers, head = mixers(trunk.sheet.use.block), module.get("head")
    count = "one layer" if len(layers) == 1 else f"{len(layers)} layers"
    named = dict.fromkeys(title(mixer).inline for layer in layers for mixer in layer)
    mixed = ", ".join(named)
    trunk.matrix(count, mixed)
    if norm := module.get("last_norm"):
        trunk.pill(title(norm[1]), about=_about(norm))
    said = _whose(trunk.sheet.use.block, "output head", head)
    trunk.join(_small(trunk.tip.x, trunk.above(MATRIX), said, head))
