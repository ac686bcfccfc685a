"""Lines of a concept with a block's numbers in them: the first of which all numbers are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from llm_gallery.architecture.block import Block

_NAMED = re.compile(r"{(\w+)}")


def numbers(block: Block) -> dict[str, object]:
    """What a block states, by name, and how many queries share a key."""
    stated: dict[str, object] = {name: fact.value for name, fact in block.facts.items()}
    heads, keys = stated.get("heads"), stated.get("kv_heads")
    if isinstance(heads, int) and isinstance(keys, int) and keys and heads % keys == 0:
        stated["share"] = heads // keys
    return stated


def filled(lines: Iterable[str], known: Mapping[str, object]) -> Iterator[str]:
    """The lines whose {numbers} there all are, each with them, in their order."""
    for line in lines:
        if all(known.get(name) for name in _NAMED.findall(line)):
            yield line.format_map({name: _written(number) for name, number in known.items()})


def _written(number: object) -> str:
    return f"{number:,}" if isinstance(number, int) else str(number)
