"""What the drawing of attention asks of a block: widths, and which of its parts and facts are there."""

from __future__ import annotations

from collections.abc import Callable

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.mechanisms.wording import Held, in_layers, some
from llm_gallery.mechanisms.written import extension, rope_base


def input_width(block: Block) -> int:
    """The width of the stream, from the first matrix that reads it."""
    return next((child.number("inputs") for child in block.inside if "inputs" in child.facts), 0)


def value_dim(block: Block) -> int:
    """The size of a head's values: that of its keys unless it says otherwise."""
    return block.number("value_dim" if "value_dim" in block.facts else "head_dim")


def output_width(block: Block) -> int:
    """What the heads give together, less those that are subtracted from the others; pairs read two heads' values."""
    if block.settings.get("paired"):
        return block.number("heads") * value_dim(block)
    noise = block.number("noise_heads") if "noise_heads" in block.facts else 0
    return (block.number("heads") - noise) * value_dim(block)


def value_width(block: Block) -> int:
    """None of their own where they are what the keys' matrix gives."""
    if "unified_kv" in block.facts and block.part("query", "key", "value") is None:
        return 0
    return block.number("kv_heads") * value_dim(block)


def gate_width(block: Block) -> int:
    """A number a head or a channel; Qwen3-Next's gate is the second half of each head's queries."""
    gate = block.part("gate")
    if gate is not None and gate.roles == ("gate",):
        return gate.number("outputs")
    return block.number("heads") * value_dim(block)


def stored_width(role: str) -> Callable[[Block], int]:
    """What the matrix of a role gives, if there is one."""

    def outputs(block: Block) -> int:
        part = block.part(role)
        return 0 if part is None else part.number("outputs")

    return outputs


def number(fact: str) -> Callable[[Block], int]:
    """A number that a block states, 0 where it doesn't."""
    return lambda block: block.number(fact) if fact in block.facts else 0


def stating(fact: str) -> Callable[[Block], object]:
    """Whether a block states a fact."""
    return lambda block: fact in block.facts


def biased(block: Block) -> bool:
    """Whether the scores have a bias for the distance."""
    return block.value("position") in ("relative", "alibi")


def learned_sinks(block: Block) -> bool:
    """Whether the sinks are learned numbers, and not what the token sets."""
    return "sinks" in block.facts and block.part("sink") is None


def sink_keys(block: Block) -> Tensor | None:
    """The learned keys for nothing, one a key head, where the sinks have such."""
    return next((tensor for tensor in block.tensors if tensor.role == "sink_keys"), None)


def bias(block: Block) -> str:
    """What is added to the scores, as their formula has it."""
    added = {
        "_b_": biased(block),
        "_m_": "dynamic_mask" in block.facts,
        "_f_": "forgetting" in block.facts,
    }
    return "".join(f" + {symbol}" for symbol, there in added.items() if there)


def rotated(block: Block) -> bool:
    """Whether positions are told by rotation."""
    return block.value("position") == "rope"


def delayed(block: Block) -> str:
    """How many channels of the values are the last token's."""
    whole = block.number("kv_heads") * block.number("head_dim")
    return f"{block.number('delayed'):,} of {whole:,}" if block.value("delayed") else ""


def symbols(held: Held, *, listed: bool = False) -> tuple[str, ...]:
    """What the symbols of their formula are, a phrase each: the numbers of all where they differ.

    Heads and what turns them aren't said where they are `listed` beside the block.
    """
    blocks = [each for each, _ in held]
    block = blocks[0]
    heads, kept, size = (
        some(block.number(name) for block in blocks) for name in ("heads", "kv_heads", "head_dim")
    )
    values = some(map(value_dim, blocks))
    keys = "one" if kept == "1" else kept
    many = "head" if kept == "1" else "heads"
    told = [f"_q_: {heads} heads of {size}"]
    if values == size:
        told.append(f"_k_, _v_: {keys} {many} each")
    else:
        told += [f"_k_: {keys} {many} of {size}", f"_v_: {keys} {many} of {values}"]
    told = told * (not listed or values != size) + [
        words for words in turns(held) if not (listed and words.startswith(BASE))
    ]
    if biased(block):
        told.append(f"_b_: by distance{_how_far(held)}")
    if "dynamic_mask" in block.facts:
        told.append("_m_: what a value says of itself")
    if "forgetting" in block.facts:
        told.append("_f_: what was forgotten since")
    if block.part("sink") is not None:
        told.append("_s_: sinks, by the token")
    if "noise_heads" in block.facts:
        told.append("λ: how much noise is subtracted")
    return tuple(told)


BASE = "RoPE base"
"""How the words on how fast positions turn begin."""


def _how_far(held: Held) -> str:
    """Up to how many tokens apart a learned bias reaches, where it isn't any."""
    far = {block.number("extent") for block, _ in held if "extent" in block.facts}
    return f", up to {some(far)} tokens apart" if far else ""


def turns(held: Held) -> tuple[str, ...]:
    """How fast positions turn, and how their context was extended, in how many layers; none where nothing turns."""
    turning = [(block, count) for block, count in held if "rope_base" in block.facts]
    bases = dict.fromkeys(rope_base(block.facts["rope_base"]) for block, _ in turning)
    extended: dict[str, int] = {}
    for block, count in turning:
        if words := extension(block):
            extended[words] = extended.get(words, 0) + count
    every = sum(count for _, count in held)
    return (
        *((f"{BASE} {' or '.join(bases)}",) if bases else ()),
        *(f"{words}{in_layers(count, every)}" for words, count in extended.items()),
    )


def experts_used(block: Block) -> int:
    """How many experts a token asks with: each has a query for every key."""
    return block.number("heads") // block.number("kv_heads")


def routed(block: Block) -> int:
    """How many experts a router of queries or of values chooses from."""
    return sum(
        block.number(name) for name in ("head_experts", "value_experts") if name in block.facts
    )


def experts(block: Block) -> str:
    """Which projections are a choice of experts."""
    if "value_experts" in block.facts:
        used = block.number("value_experts_used")
        return f"v: {used:,} of {block.number('value_experts'):,} experts"
    if "head_experts" not in block.facts:
        return ""
    return f"q, out: {experts_used(block):,} of {block.number('head_experts'):,} experts"


def biases(block: Block) -> str:
    """Which projections have a bias."""
    out = block.part("output")
    linears = [child for child in block.inside if child.kind == "linear" and child.value("bias")]
    forget = block.part("forget_gate")
    named = ["q, k, v"] if any(child not in (out, forget) for child in linears) else []
    named += ["f"] if forget is not None and forget in linears else []
    named += ["out"] if any(child is out for child in linears) else []
    words = [f"with bias: {', '.join(named)}"] if named else []
    return ", ".join(words)
