"""The time mixing of RWKV-5 and RWKV-6: a matrix a head that fades by channel and takes in each token.

Paper: https://arxiv.org/abs/2404.05892
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Kept, Mixer, Names, callout
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Norm, Shift, Step
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.matrix_state import EACH, tells
from llm_gallery.mechanisms.state import ASKED, state_dtype


def dynamic(block: Block) -> bool:
    """Whether each token sets how fast channels fade: RWKV-6's do, RWKV-5's fade as learned."""
    return bool(block.value("decay_rank"))


def label(block: Block) -> str:
    """Which of the two it is."""
    return "RWKV-6" if dynamic(block) else "RWKV-5"


def cached(block: Block) -> Kept:
    """A matrix a head, and the last token's input."""
    each = block.number("heads") * block.number("key_dim") * block.number("value_dim")
    return Kept(states=((each, state_dtype(block)), (block.number("width"), "bf16")))


def work(block: Block, position: int) -> int:
    """Two passes over the state, written and read, and RWKV-6's shares of two tokens, for five streams."""
    passes = 2 * prod(map(block.number, ("heads", "key_dim", "value_dim")))
    return passes + 5 * int(block.value("mix_rank") or 0) * block.number("width")


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, and through how many channels a token sets its decays."""
    rows = [callout(block, "heads", "heads"), callout(block, "key_dim", "head size")]
    if dynamic(block):
        rows.append(callout(block, "decay_rank", "rank of the decay"))
    return rows


def concepts(block: Block) -> Iterator[str]:
    """What it is, and that it mixes tokens."""
    yield "matrix-rwkv"
    yield "token-shift"


def fades(block: Block) -> str:
    """Whether the token says how fast."""
    if dynamic(block):
        return "Every channel decays at a rate that *each token sets*."
    return "Every channel decays at a *learned rate*, the same for all tokens."


DRAWING = LaneDrawing(
    lanes=(
        Lane("r", "receptance", ("heads", "key_dim")),
        Lane("w", "alpha", ("heads", "key_dim"), rank="decay_rank", where=dynamic),
        Lane("k", "key", ("heads", "key_dim")),
        Lane("v", "value", ("heads", "value_dim")),
        Lane("gate", "gate", ("heads", "value_dim")),
    ),
    rows=(
        Step(
            on="w",
            words="decay",
            means="w = exp(−exp(base + d)), a number for each channel of a key",
            facts=("key_dim", "decay_rank"),
        ),
    ),
    core=EACH.changed(
        "r w k v", "_S_ ← _S_ diag(_w_) + _v k_^T^", reading="_o_ = (_S_ + _v_ (_u k_)^T^) _r_"
    ),
    after=(Norm("LayerNorm", note="per head"), Gate(words="SiLU", facts=("heads",))),
    broadest=112,
    foot=Shift(
        note=lambda block: "(1 − μ) x + μ last x" if dynamic(block) else "μ x + (1 − μ) last x",
        means="a mix with the last token, by shares that are learned or the token's own",
    ),
    symbols=(
        "_S_: the state of a head",
        "_w_: how much of each channel stays",
        "_u_: what the token itself counts more",
        "_o_: what is read",
        lambda block: "_μ_: of the token" if block.value("mix_rank") else "",
    ),
)

MECHANISM = Mixer(
    kind="rwkv6",
    names=Names(
        lambda block: f"{label(block)} time mixing",
        short="time mixing",
        label=label,
        counted="time mixing",
        proper=True,
    ),
    colour="linear",
    concepts=concepts,
    does="",
    tells=tells(EACH, fades),
    numbers=numbers,
    drawing=DRAWING,
    size=EACH.size,
    kept=cached,
    work=work,
    introduced=(("heads", "{} heads"), ("key_dim", "each with a matrix")),
    searched=(),
    against_attention=False,
    purposes=ASKED,
    legend=(STATE,),
)
