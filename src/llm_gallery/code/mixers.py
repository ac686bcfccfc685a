"""One function for all mixers that are built alike; what differs between them is a value that it is called with."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.code.edits import names_in
from llm_gallery.code.functions import Functions
from llm_gallery.code.labels import label
from llm_gallery.code.parts import view
from llm_gallery.code.titles import position, reach, titles
from llm_gallery.code.values import name, plain
from llm_gallery.mechanisms import read_beside

BORROWS = ("shared_kv", "shared_index")
"""Facts of a mixer that reads what another layer's made."""
DEALING = (
    ("lends", "LENDING"),
    ("lends_memory", "LENDING"),
    *((fact, "BORROWING") for fact in BORROWS),
)
"""What a layer is called that reads what another made, or whose another reads."""
SETTINGS = "SETTINGS"
"""Stands for the settings of a mixer, until it is known whether its layer has a function of its own."""


@dataclass(slots=True)
class Mixer:
    """The function of all mixers that are built alike."""

    title: str
    type: str
    called: ast.expr
    fields: tuple[str, ...]
    kind: str
    names: dict[tuple[Any, ...], str] = field(default_factory=dict)  # settings -> their name

    def settings(self, block: Block) -> tuple[Any, ...]:
        """What of a block differs from the others."""
        return tuple(stated(block, word) for word in self.fields)


class Mixers:
    """Every mixer of a model by how it is built."""

    def __init__(
        self, blocks: Sequence[Block], whole: Mapping[str, Any], functions: Functions
    ) -> None:
        self.builds = functions.builds
        self.made: dict[int, Mixer] = {}
        alike: dict[int, dict[int, Block]] = {}
        own = {id(block): block for block in blocks}.values()
        for block in own:
            build = self.builds.built(self.builds.fullest(block, own))
            alike.setdefault(build, {}).setdefault(self.builds.whole(block), block)
        names = titles([next(iter(variants.values())) for variants in alike.values()])
        for title, variants in zip(names, alike.values(), strict=True):
            distinct = [*variants.values()]
            beside = next(iter(read_beside(distinct[0])), "positions")
            given = [name("x"), name("past"), name(beside)]
            called = functions.mixer(title, distinct, whole, given)
            fields = tuple(sorted(functions.varying))
            mixer = Mixer(title, functions.settings_type, called, fields, distinct[0].kind)
            if mixer.fields:
                self.entitle(mixer, distinct)
            self.made |= dict.fromkeys(map(self.builds.built, distinct), mixer)

    def entitle(self, mixer: Mixer, blocks: Sequence[Block]) -> None:
        """A name for each different setting: whether it sees all tokens, where that differs."""
        taken = {word for other in self.made.values() for word in other.names.values()}
        for block in blocks:
            held = mixer.settings(block)
            if held in mixer.names:
                continue
            limits = [word for word in ("window", "chunk") if word in mixer.fields]
            base = mixer.title.upper()
            if limits:
                base = reach(block).upper()
            elif "position" in mixer.fields:
                base = position(block).upper()
            words = [word for fact, word in DEALING if fact in mixer.fields and stated(block, fact)]
            base = "_".join([*words, base])
            candidates = [base, *(f"{base}_{i}" for i in range(2, 99))]
            chosen = next(word for word in candidates if word not in taken)
            taken.add(chosen)
            mixer.names[held] = chosen

    def call(self, block: Block, path: str, source: str, past: str) -> tuple[str, str | None]:
        """The call of a block's function, and the name of its settings, for which `SETTINGS` stands."""
        mixer = self.made[self.builds.built(block)]
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
        return any(one.id == "layer" for one in names_in(*called))

    def type_of(self, settings: str) -> str:
        """The class of settings of that name."""
        return next(one.type for one in self.made.values() if settings in one.names.values())

    def title_of(self, block: Block) -> str:
        """What the function of a block is called; what keeps nothing is called by its kind."""
        made = self.made.get(self.builds.built(block))
        return block.kind if made is None else made.title

    def classes(self) -> Iterator[str]:
        """The classes of settings, and each of these."""
        made = {id(mixer): mixer for mixer in self.made.values()}
        yield from (_class(mixer) for mixer in made.values() if mixer.fields)


def _class(mixer: Mixer) -> str:
    """A class of settings, and each of these; what most mixers lack has a default."""
    columns = dict(zip(mixer.fields, zip(*mixer.names, strict=True), strict=True))
    lacking = {
        word: "False" if all(isinstance(value, bool | None) for value in values) else "None"
        for word, values in columns.items()
        if None in values
    }
    text = f"class {mixer.type}(NamedTuple):\n"
    text += '    """What differs from layer to layer."""\n\n'
    for word in sorted(columns, key=lambda word: word in lacking):
        types = {type(value).__name__ for value in columns[word]} - {"NoneType"}
        more = " | None" if lacking.get(word) == "None" else ""
        default = f" = {lacking[word]}" if word in lacking else ""
        said = label(mixer.kind, word)
        text += f"    {word}: {' | '.join(sorted(types))}{more}{default}"
        text += f"  # {said}\n" if said else "\n"
    text += "\n\n"
    for values, name_of in mixer.names.items():
        pairs = zip(mixer.fields, values, strict=True)
        given = (f"{word}={number(value)}" for word, value in pairs if value is not None)
        text += f"{name_of} = {mixer.type}({', '.join(given)})\n"
    return text


class _Given(ast.NodeTransformer):
    """A call with other arguments."""

    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.given.get(node.id, node)


def number(value: Any) -> str:
    """A number, or what else a config states, as a literal; large ones as people write them. Raises Refusal of any other."""
    written = repr(value)
    try:
        ast.literal_eval(written)
    except (SyntaxError, ValueError):  # no end, or no number
        raise Refusal(f"can't run yet: {quoted(value)} is no number, expected one") from None
    if isinstance(value, int | float) and abs(value) >= 10_000 and value == int(value):
        return f"{value:_}"
    return written


def stated(block: Block, word: str) -> Any:
    """A setting or a fact of a block."""
    return plain(block.settings[word] if word in block.settings else block.value(word))
