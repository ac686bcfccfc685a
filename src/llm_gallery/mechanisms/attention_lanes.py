"""The lanes of softmax attention: what makes queries, keys, values, gate and biases, and what they pass.

Norms come before the rotation, but for a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import (
    BY_CODE,
    Branch,
    Convolved,
    Gate,
    Given,
    HeadParts,
    Lane,
    LaneDrawing,
    Matrix,
    Norm,
    Scores,
    Step,
    Subtraction,
    Weighed,
    Weighing,
)
from llm_gallery.mechanisms.wording import Held, in_layers, root, some
from llm_gallery.mechanisms.written import EXTENSION, extension, rope_base, times

BEFORE = ("per head", "all heads", "each head its own")
"""Norms with weights that come before the rotation."""
Text = Callable[[Block], str]


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


def part_of_head(block: Block) -> str:
    """How many channels of a head turn, where not all do."""
    dim, turned = block.number("head_dim"), block.value("rotated")
    return "" if turned in (None, dim) else f"{turned:,} / {dim:,}"


def delayed(block: Block) -> str:
    """How many channels of the values are the last token's."""
    whole = block.number("kv_heads") * block.number("head_dim")
    return f"{block.number('delayed'):,} / {whole:,}" if block.value("delayed") else ""


def symbols(held: Held) -> tuple[str, ...]:
    """What the symbols of their formula are, a phrase each: the numbers of all where they differ."""
    blocks = [each for each, _ in held]
    block = blocks[0]
    heads, kept, size = (
        some(block.number(name) for block in blocks) for name in ("heads", "kv_heads", "head_dim")
    )
    values = some(map(value_dim, blocks))
    keys = "one" if kept == "1" else kept
    told = [f"_q_: {heads} heads of {size}"]
    if values == size:
        told.append(f"_k_, _v_: {keys}{' each' if kept == '1' else ' of each'}")
    else:
        told += [f"_k_: {keys} of {size}", f"_v_: {keys} of {values}"]
    told += turns(held)
    if biased(block):
        told.append("_b_: by distance")
    if "dynamic_mask" in block.facts:
        told.append("_m_: what a value says of itself")
    if "forgetting" in block.facts:
        told.append("_f_: what was forgotten since")
    if block.part("sink") is not None:
        told.append("_s_: sinks, by the token")
    if "noise_heads" in block.facts:
        told.append("λ: how much noise is subtracted")
    return tuple(told)


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
        *((f"RoPE base {' or '.join(bases)}",) if bases else ()),
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


def step(
    on: str,
    words: str | Text,
    holds: Callable[[Block], object] = lambda block: True,
    *facts: str,
    colour: Colour = "norm",
    note: str | Text = "",
    beside: str | Text = "",
    part: str = "",
    chip: bool = False,
) -> Step:
    """A pill for the blocks in which it is; values have room for a longer one."""

    def where(block: Block) -> str:
        return "" if not holds(block) else words if isinstance(words, str) else words(block)

    broadest = 112 if on.endswith("v") else 96
    return Step(
        on,
        where,
        note=note,
        facts=facts,
        colour=colour,
        beside=beside,
        part=part,
        size=11.5,
        broadest=broadest,
        chip=chip,
    )


def squared(unit: str) -> Text:
    """A learned number for each channel, times a constant, squared."""
    return lambda block: f"× (s · {block.settings[unit]:.4g})²"


def normed(*kinds: str) -> Callable[[Block], object]:
    """Whether queries and keys are normed in one of these ways."""
    return lambda block: block.value("qk_norm") in kinds


def scaled(on: str, fact: str) -> Step:
    """A constant that multiplies a lane."""
    return step(on, lambda block: times(block.value(fact)), lambda block: True, fact, chip=True)


def scale_of(held: Held) -> str:
    """What scores are divided by, in a formula; by a letter where that isn't the same in all layers."""
    sizes = {block.number("scale_dim") for block, _ in held if "scale_dim" in block.facts}
    if len(sizes) != 1:
        return " / √_d_"
    return "" if sizes == {1} else f" / {root(*sizes)}"


def formulas(held: Held) -> Iterator[str]:
    """What is read of keys and values that are another's."""
    yield f"softmax( _q k_^T^{scale_of(held)} ) _v_"


def of_others(means: str, given: Given) -> dict[str, Any]:
    """What drawings have in common of which only the queries are made of the input."""
    return {
        "given": (given,),
        "core": HeadParts(
            output_width,
            asks="q k",
            sums=lambda block: "_q k_^T^",
            formulas=formulas,
            facts=("heads", "kv_heads", "head_dim", "scale_dim"),
            means=means,
        ),
        "broadest": 160,
        "width": input_width,
        "shapes": ("→ {outputs}", "{outputs}"),
    }


QUERY_NORM = step("q k", "RMSNorm", lambda block: block.part("query_norm"), part="norm")
ROTATION = step(
    "q k",
    "RoPE",
    rotated,
    *("rotated", "rope_base", *EXTENSION),
    colour="position",
    note=part_of_head,
)
LANES = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "head_dim"), rank="query_rank", rank_norm="query_latent_norm"),
        Lane("k", "key", ("kv_heads", "head_dim")),
        Lane("v", "value", value_width, same="k"),
        Lane("router", "", routed, where=routed),
        Lane("sinks", "", lambda block: 0, where=learned_sinks),
        Lane("s", "sink", stored_width("sink"), where=lambda block: block.part("sink")),
        Lane("b", "distance", stored_width("distance"), where=biased),
        Lane("m", "mask_step", stored_width("mask_step"), where=stating("dynamic_mask")),
        Lane("f", "forget_gate", ("heads",), where=stating("forgetting")),
        Lane(
            "λ",
            "noise_share",
            stored_width("noise_share"),
            where=stating("noise_heads"),
            upright=True,
        ),
        Lane("gate", "gate", gate_width, where=stating("gate")),
    ),
    rows=(
        Convolved("q k v", across="q k"),
        Branch("v", to="m"),
        Step(
            on="m",
            words="exp, softplus",
            means="m = exp(A softplus(dt)), one number a head",
            facts=("dynamic_mask",),
            size=11.5,
        ),
        Step(
            on="f",
            words=lambda block: "ln σ, summed" if "forgetting" in block.facts else "",
            means="f = Σ ln sigmoid(a) of the tokens after a key, up to the query",
            facts=("forgetting",),
            size=11.5,
        ),
        step("v", "delayed", delayed, "delayed", colour="convolution", note=delayed),
        step("v", "RMSNorm", lambda block: block.value("value_norm"), "value_norm"),
        scaled("v", "value_scale"),
        step(
            "q k",
            "RMSNorm",
            normed(*BEFORE),
            "qk_norm",
            beside=lambda block: str(block.value("qk_norm")),
            part="norm",
        ),
        step(
            "q k v",
            lambda block: f"within ± {block.value('clip'):g}",
            lambda block: block.value("clip"),
            "clip",
            chip=True,
        ),
        step(
            "q k",
            lambda block: f"length ≤ {block.value('longest_qk'):.4g}",
            stating("longest_qk"),
            "longest_qk",
            chip=True,
        ),
        step("q k", "RMSNorm", normed("without weights"), "qk_norm", beside="no weights"),
        step("q k", "L2 norm", normed("unit length"), "qk_norm", beside="per head"),
        scaled("q", "query_scale"),
        step("k", "× learned", lambda block: block.child("key_scale")),
        step(
            "q k",
            "RoPE",
            rotated,
            *("rotated", "rope_base", *EXTENSION),
            colour="position",
            note=part_of_head,
        ),
        step(
            "q k",
            "RMSNorm",
            normed("per head, after rotation"),
            "qk_norm",
            beside="per head",
            part="norm",
        ),
        step("q", squared("query_unit"), stating("squared_scales"), "squared_scales", chip=True),
        step("gate", squared("gate_unit"), stating("squared_scales"), "squared_scales", chip=True),
        step("q k", "L2 norm", normed("l2"), "qk_norm", beside="no weights"),
        step(
            "q",
            "temperature",
            lambda block: (
                block.value("temperature_tuning") and not block.settings.get("temperature_after")
            ),
            "temperature_tuning",
            chip=True,
        ),
        step(
            "router",
            "softmax",
            stating("head_experts"),
            "head_experts",
            colour="moe",
            note=lambda block: f"of top {experts_used(block)}",
        ),
        step("v", "SiLU", stating("value_experts"), "value_experts", colour="moe"),
        step(
            "router",
            lambda block: str(block.settings["scoring"]),
            stating("value_experts"),
            "value_experts",
            colour="moe",
            note=lambda block: f"of top {block.number('value_experts_used')}",
        ),
        scaled("router", "scale"),
        Weighed("v", lane="router", fact="value_experts_used"),
    ),
    core=Scores(output_width, without="router λ gate"),
    after=(
        Subtraction("λ"),
        Norm(means="norm of the heads' output"),
        Gate(function=("gate",), lane="gate"),
        Norm(role="gated_norm", means="norm of what the gate leaves"),
        Matrix(across="q v"),
        Weighing("router", experts_used),
    ),
    output=None,
    broadest=150,
    joint="q k v",
    width=input_width,
    shapes=("{width} → {outputs}", "→ {outputs}", "{outputs}", "{most}"),
    foot=lambda block: experts(block) or biases(block),
    around=BY_CODE,
)
