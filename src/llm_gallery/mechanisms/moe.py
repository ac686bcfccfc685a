"""Mixture of experts: many MLPs, of which a router chooses a few for each token.

Paper: https://arxiv.org/abs/1701.06538
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import mlp
from llm_gallery.mechanisms._mechanism import (
    Callout,
    Mixer,
    Names,
    Quantity,
    callout,
    keeps_nothing,
    no_work,
)
from llm_gallery.mechanisms.lane_drawing import BY_CODE


def label(block: Block) -> str:
    """How it is routed, where that isn't by a score."""
    return "hash-routed MoE" if block.value("hashed") else "MoE"


def concepts(block: Block) -> Iterator[str]:
    """What it is, how it routes, and what stands beside the experts."""
    yield "mixture-of-experts"
    yield f"{block.value('scoring')}-routing"
    if block.value("shared"):
        yield "shared-expert"
    if (block.value("groups") or 1) != 1:
        yield "group-limited-routing"
    if "latent" in block.facts:
        yield "latent-experts"
    if block.value("hashed"):
        yield "hash-routing"
    if block.value("identity_experts"):
        yield "identity-experts"
    if "correction" in block.facts:
        yield "bias-balanced-routing"


def used(block: Block) -> str:
    """The experts that run for one token, and the shared ones."""
    shared = block.number("shared")
    return f"{block.number('used'):,}" + (f" + {shared:,}" if shared else "")


def sized(_: str, block: Block) -> str:
    """How many experts run, and of how many."""
    return f"{used(block)} of {block.number('experts'):,} experts"


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Experts, those that run, groups, widths."""
    rows = [
        callout(block, "experts", "experts"),
        (used(block), "used", ("used", "shared")),
    ]
    if (block.value("groups") or 1) != 1:
        groups = f"{block.number('groups_used'):,} of {block.number('groups'):,}"
        rows.append((groups, "groups", ("groups", "groups_used")))
    rows.append(callout(block, "inner", "inner width"))
    if "latent" in block.facts:
        rows.append(callout(block, "latent", "latent width"))
    return rows


MECHANISM = Mixer(
    kind="moe",
    names=Names(
        "Mixture of experts",
        short="experts",
        label=label,
        layer="Expert",
        spelled={"MoE": "experts"},
        sized=sized,
    ),
    colour="moe",
    concepts=concepts,
    does="Many MLPs, of which a router chooses a few for each token.",
    numbers=numbers,
    drawing=BY_CODE,
    size=mlp.size,
    quantity=Quantity("experts", squares=True),
    kept=keeps_nothing,
    work=no_work,
    introduced=(),
    searched=("experts", "used", "shared"),
    against_attention=False,
)
