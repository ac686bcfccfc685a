"""One function for all mixers that are built alike; what differs between them is a value that it is called with."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.code.functions import Functions, label
from llm_gallery.code.parts import view
from llm_gallery.code.values import name

SIZES = {"inputs", "outputs", "width", "inner"}
"""Facts of a part that its arrays say too: parts that differ in them alone run the same code."""
SETTINGS = "SETTINGS"
"""Stands for the settings of a mixer, until it is known whether its layer has a function of its own."""


@dataclass(slots=True)
class Mixer:
    """The function of all mixers that are built alike."""

    kind: str
    type: str
    called: ast.expr
    fields: tuple[str, ...] = ()
    names: dict[tuple[Any, ...], str] = field(default_factory=dict)  # settings -> their name

    def settings(self, block: Block) -> tuple[Any, ...]:
        """What of a block differs from the others."""
        return tuple(stated(block, word) for word in self.fields)


class Mixers:
    """Every mixer of a model by how it is built."""

    def __init__(
        self, blocks: Sequence[Block], whole: Mapping[str, Any], functions: Functions
    ) -> None:
        self.made: dict[str, Mixer] = {}
        alike: dict[str, dict[str, Block]] = {}
        for block in blocks:
            alike.setdefault(built(block), {}).setdefault(whole_of(block), block)
        kinds: dict[str, int] = {}
        for key, variants in alike.items():
            distinct = [*variants.values()]
            kind = distinct[0].kind
            kinds[kind] = kinds.get(kind, 0) + 1
            functions.kind = kind if kinds[kind] == 1 else f"{kind}_{kinds[kind]}"
            beside = "tokens" if kind == "ngram_memory" else "positions"
            given = [name("x"), name("past"), name(beside)]
            called = functions.mixer(distinct, whole, given)
            fields = tuple(sorted(functions.varying))
            mixer = Mixer(kind, functions.settings_type, called, fields)
            if mixer.fields:
                self.entitle(mixer, distinct)
            self.made[key] = mixer

    def entitle(self, mixer: Mixer, blocks: Sequence[Block]) -> None:
        """A name for each different setting: whether it sees all tokens, where that differs."""
        taken = {word for other in self.made.values() for word in other.names.values()}
        for block in blocks:
            held = mixer.settings(block)
            if held in mixer.names:
                continue
            limits = [word for word in ("window", "chunk") if word in mixer.fields]
            base = mixer.type.upper()
            if limits:
                base = "LOCAL" if any(block.value(word) for word in limits) else "GLOBAL"
            elif "position" in mixer.fields:
                base = "ROPE" if block.value("position") == "rope" else "NOPE"
            candidates = [base, *(f"{base}_{i}" for i in range(2, 99))]
            chosen = next(word for word in candidates if word not in taken)
            taken.add(chosen)
            mixer.names[held] = chosen

    def call(self, block: Block, path: str, source: str, past: str) -> tuple[str, str | None]:
        """The call of a block's function, and the name of its settings, for which `SETTINGS` stands."""
        mixer = self.made[built(block)]
        given = {
            "w": view(path),
            "x": name(source),
            "past": ast.parse(past, mode="eval").body,
            "b": name(SETTINGS),
        }
        called = _Given(given).visit(deepcopy(mixer.called))
        settings = mixer.names[mixer.settings(block)] if mixer.fields else None
        return ast.unparse(called), settings

    @property
    def numbered(self) -> bool:
        """Whether some mixer asks for the number of its layer."""
        called = (mixer.called for mixer in self.made.values())
        names = (one for call in called for one in ast.walk(call) if isinstance(one, ast.Name))
        return any(one.id == "layer" for one in names)

    def type_of(self, settings: str) -> str:
        """The class of settings of that name."""
        return next(one.type for one in self.made.values() if settings in one.names.values())

    def classes(self) -> Iterator[str]:
        """The classes of settings, and each of these."""
        for mixer in (mixer for mixer in self.made.values() if mixer.fields):
            held = [*mixer.names]
            text = f"class {mixer.type}(NamedTuple):\n"
            text += '    """What differs from layer to layer."""\n\n'
            for place, word in enumerate(mixer.fields):
                types = sorted({type(one[place]).__name__ for one in held}, key=_none_last)
                said = label(mixer.kind, word)
                type_ = " | ".join(types).replace("NoneType", "None")
                text += f"    {word}: {type_}{'  # ' if said else ''}{said}\n"
            text += "\n\n"
            for values, word in mixer.names.items():
                given = (f"{k}={number(v)}" for k, v in zip(mixer.fields, values, strict=True))
                text += f"{word} = {mixer.type}({', '.join(given)})\n"
            yield text


class _Given(ast.NodeTransformer):
    """A call with other arguments."""

    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.given.get(node.id, node)


def number(value: Any) -> str:
    """A number as people write it."""
    if isinstance(value, int | float) and abs(value) >= 10_000 and value == int(value):
        return f"{value:_}"
    return repr(value)


def stated(block: Block, word: str) -> Any:
    """A setting or a fact of a block."""
    return block.settings[word] if word in block.settings else block.value(word)


def built(block: Block) -> str:
    """What mixers have in common that run the same code: arrays, parts, and all that these state.

    An array of which a fact says whether it is there, as of sinks, is only read where it is.
    """
    own = [(tensor.name, tensor.role) for tensor in block.tensors if tensor.role not in block.facts]
    return repr((block.kind, own, [whole_of(part) for part in block.inside]))


def whole_of(block: Block) -> str:
    """A block with all that it states but sizes."""
    facts = {k: v.value for k, v in block.facts.items() if k not in SIZES}
    stored = (block.name, block.roles, block.copies, block.stacked)
    return repr((built(block), stored, sorted(facts.items()), sorted(block.settings.items())))


def _none_last(word: str) -> tuple[bool, str]:
    return word == "NoneType", word
