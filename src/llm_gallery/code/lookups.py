"""What names, attributes and elements of a forward stand for: its module's own, the block's, its parts', a run's."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from llm_gallery.code.frame import Frame
from llm_gallery.code.parts import below, from_outside, numbered, part, shard, stacked
from llm_gallery.code.sources import found, source
from llm_gallery.code.values import (
    Experts,
    Function,
    Known,
    Name,
    Part,
    Parts,
    Settings,
    Shards,
    Stored,
    Value,
    constant,
    field,
    is_number,
    name,
)

SAME_AS = {"scale_dim": "head_dim"}
"""Facts that are mostly another one's number."""


class Lookups(Frame):
    """Names of a function and what is asked of them."""

    def outside(self, word: str) -> Value:
        """What a module knows by a name: its own function or constant, an import, a builtin."""
        module, word = found(self.module, word)
        held = source(module)
        if word in held.functions:
            return Function(module, word)
        if word in held.constants:
            return self.stated(module, word, held.constants[word])
        return Name(word, brings=held.others.get(word, ""))

    def stated(self, module: str, word: str, node: ast.expr) -> Value:
        """A constant of a module."""
        value, says = self.anew(module).value(node), source(module).says.get(word, "")
        if isinstance(value, Known) and is_number(value.values[0]):
            return Known(value.values, constant(word, value.values[0], says=says))
        if isinstance(value, ast.expr):
            return Name(word.strip("_").upper(), computed=value, says=says)
        return value

    def attribute(self, base: Value, word: str) -> Value:
        """A setting, a part, or an attribute of what a run computes."""
        match base:
            case Settings():
                return self.setting(base, word)
            case Parts():
                base.asked.add(word)
                return base.held.get(word, self.known(None, ast.Constant(None)))
            case Part(settings=settings) if word in "bw":
                return settings if word == "b" else from_outside(base)
            case Stored(ndim=int(ndim)) if word == "ndim":
                return self.known(ndim, ast.Constant(ndim))
        return ast.Attribute(value=self.code(base), attr=word, ctx=ast.Load())

    def setting(self, b: Settings, word: str) -> Value:
        """A fact or a setting of the block, of the whole model where the block has none."""
        if word == "layer":
            return name("layer")
        b.asked.update((min(i, len(b.blocks) - 1), word) for i in self.alive)
        blocks = b.blocks * (self.variants if len(b.blocks) == 1 else 1)
        values = tuple(_stated(block, b.whole, word) for block in blocks)
        if word in SAME_AS:  # under one name where both are the same
            others = [_stated(block, b.whole, SAME_AS[word]) for block in blocks]
            word = SAME_AS[word] if all(values[i] == others[i] for i in self.alive) else word
        same, value = self.agreed(Known(values, ast.Constant(None)))
        if not same or word in self.caller.asked:
            self.caller.asked.add(word)
            return Known(values, field(word))
        if not is_number(value):
            return Known(values, ast.Constant(value))
        states = b.blocks[0].kind if word in b.blocks[0].facts else ""
        return Known(values, constant(word, value, states))

    def item(self, base: Value, index: Value) -> Value:
        """An element of what is known, an expert, or an element of what a run computes."""
        same, key = self.agreed(index)
        if isinstance(base, Shards):
            return shard(base, self.code(index))
        if isinstance(base, Experts):
            return self.expert(base, self.code(index))
        if isinstance(base, Mapping) and same:
            return base[key]
        holds, held = self.agreed(base)
        if holds and same and isinstance(held, Mapping | list | tuple):
            return self.element(held[key], key)
        if isinstance(base, Known) and same and not holds:
            values = self.each(lambda one: one[key], base)
            return Known(values, field(str(key)))
        return ast.Subscript(value=self.code(base), slice=self.code(index), ctx=ast.Load())

    def element(self, value: Any, key: Any) -> Known:
        """A value that a setting holds, under the name that it has there."""
        named = isinstance(key, str) and (is_number(value) or isinstance(value, list | tuple))
        return self.known(value, constant(key, value) if named else ast.Constant(value))

    def expert(self, experts: Experts, index: ast.expr) -> Part:
        """An expert that the run chooses."""
        at = below(experts.name)
        if experts.block.stacked:
            at.args.append(index)
            settings = Settings((experts.block,), experts.whole)
            return Part(settings, stacked(experts.block, experts.whole), at)
        made = part([experts.block], experts.whole, experts.name)
        if experts.block.copies == 1:
            return made
        if made.leaf:
            return numbered(made, experts, index)
        stem = ast.Constant(f"{experts.name}{experts.joint}")
        at.args = [ast.JoinedStr([stem, ast.FormattedValue(index, -1)])]
        return Part(made.settings, made.parts, at)


def _stated(block: Any, whole: Mapping[str, Any], word: str) -> Any:
    if word in block.settings:
        return block.settings[word]
    return block.facts[word].value if word in block.facts else whole.get(word)
