"""The facts of a block as they are compared: what is absent, off or neutral left out, spellings made one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import MIXING
from llm_gallery.mechanisms.facts import term, terms
from llm_gallery.mechanisms.latent_attention import named

Plain = int | float | str | bool | None
UNKNOWN = "unknown"
"""The value of what a model may have or lack: its description doesn't say, so no comparison tells it."""
Value = Plain | tuple[Plain, ...]
"""A tuple where the layers of one part differ in a fact: its values in order of first appearance."""


def facts(block: Block) -> dict[str, Value]:
    """The facts of a mixer as they are compared: what is absent, off or neutral is left out."""
    compared: dict[str, Value] = {
        named(block, name): fact.value
        for name, fact in block.facts.items()
        if fact.value is not False and fact.value is not None and not _neutral(block, name)
    }
    if block.mixes:
        compared.update(MIXING[block.kind].compared(block))
    if _by_width(block):
        compared["embedding_scale"] = "√width"
    if "rotated" in compared and (rotated := compared.pop("rotated")) != block.value("head_dim"):
        compared["rotated_share"] = int(str(rotated)) / block.number("head_dim")
    if "rope_scaling" in compared:
        compared["rope_scaling"] = _extension(block)
        compared.pop("rope_factor", None)
    if "groups" not in compared:
        compared.pop("groups_used", None)
    if block.mixes_channels:  # traits of the whole say them
        for name in ("width", "activation", "gated"):
            compared.pop(name, None)
    for name in ("bidirectional", "state_dtype"):  # a trait of the whole says the first
        compared.pop(name, None)
    compared = {name: value for name, value in compared.items() if value is not None}
    # of a block, that there is one
    compared.update((name, True) for name in compared if term(name).sort == "block")
    for part in block.inside:
        if part.kind in terms() and part.kind not in compared:
            compared.update(nested(part))
    return compared


def _by_width(block: Block) -> bool:
    """Whether the embedding is multiplied by the root of its width, whatever that is."""
    scale, width = block.value("embedding_scale"), block.value("width")
    return isinstance(scale, float) and isinstance(width, int) and isclose(scale * scale, width)


def _neutral(block: Block, name: str) -> bool:
    """Whether a value changes nothing."""
    return term(name, block.kind).neutral == block.value(name)


def _extension(block: Block) -> str:
    """How a context is extended, with its factor: "YaRN × 40"."""
    name, factor = str(block.value("rope_scaling")), block.value("rope_factor")
    spelled = term("rope_scaling").worded(name) or name
    return spelled if not isinstance(factor, int | float) else f"{spelled} × {factor:g}"


def nested(part: Block) -> Iterator[tuple[str, Value]]:
    """A part that no fact of its parent speaks of, and its own facts."""
    yield part.kind, True
    yield from (
        (f"{part.kind}.{name}", value)
        for name, value in facts(part).items()
        if name not in ("inputs", "outputs", "width", "vocabulary", "bias")
    )


def follows(name: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> bool:
    """Whether a fact stands on one side only, or is of an inner part, because another one changed."""
    causes = term(name).follows if (name in old) != (name in new) else ()
    if parent := name.rpartition(".")[0]:
        causes = (parent, *causes)
    return bool(causes) and any(old.get(cause) != new.get(cause) for cause in causes)


def merged(blocks: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """One mapping; where the blocks differ, their values in order.

    A block that takes another's index over has the indexer of that one.
    """
    if len(blocks) == 1:
        return dict(blocks[0])
    names = dict.fromkeys(name for block in blocks for name in block)
    merged: dict[str, Value] = {}
    for name in names:
        having = [block for block in blocks if name in block or not _borrowed(name, block)]
        merged[name] = joined([facts.get(name) for facts in having])
    return merged


def several(value: Value) -> tuple[Plain, ...]:
    """The values of layers that may differ."""
    return value if isinstance(value, tuple) else (value,)


def joined(values: Sequence[Value]) -> Value:
    """What layers have of a fact between them: one value, or each that differs, in order."""
    distinct = tuple(
        dict.fromkeys(value_of_layer for value in values for value_of_layer in several(value))
    )
    return distinct[0] if len(distinct) == 1 else distinct


def _borrowed(name: str, facts: Mapping[str, Value]) -> bool:
    """Whether it is of a part whose work the layer takes over from another."""
    return term(name.partition(".")[0]).shared in facts
