"""Mixture of experts: many MLPs, of which a router chooses a few for each token.

Paper: https://arxiv.org/abs/1701.06538
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import SHARES, unstated_choice
from llm_gallery.mechanisms import mlp
from llm_gallery.mechanisms._mechanism import (
    Beside,
    Callout,
    Mixer,
    Names,
    callout,
    keeps_nothing,
    no_work,
)
from llm_gallery.mechanisms.attended import counted
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.legend import ACTIVATION, SOFTMAX, Term
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said


def label(block: Block) -> str:
    """How it is routed, where that isn't by a score."""
    return "MoE by token id" if block.value("hashed") else "MoE"


def field(block: Block) -> str:
    """What the field calls it: by where its experts read, or how wide what they read is."""
    if block.value("shortcut"):
        return "ScMoE"
    return "LatentMoE" if "latent" in block.facts else "MoE"


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


def reads(block: Block) -> tuple[Beside, ...]:
    """What its router reads instead of what the experts do, or beside it."""
    if block.value("router_norm"):
        return ("branched",)
    if block.value("router_inner"):
        return ("routing",)
    return ("tokens",) if block.value("hashed") else ()


def chosen(block: Block) -> str:
    """How many experts the router picks for one token; "?" where the config leaves it open."""
    return "?" if unstated_choice(block) else f"{block.number('used'):,}"


def used(block: Block) -> str:
    """The experts that run for one token, and the shared ones."""
    shared = block.number("shared")
    return chosen(block) + (f" + {shared:,}" if shared else "")


def of_all(block: Block) -> str:
    """How many of all run for one token, and the shared ones: "8 of 256 + 1 shared"."""
    shared = block.number("shared")
    always = f" + {shared:,} shared" if shared else ""
    return f"{chosen(block)} of {block.number('experts'):,}{always}"


def inside(block: Block, part: Block) -> str:
    """What a part of it is called among the parameters."""
    if part is block:
        return "Biases of experts"
    if part is routed(block):
        return "Routed experts"
    if _shared(block, part):
        return "Shared experts"
    return "Latent projections" if part.kind in ("linear", "rms_norm") else "Routers"


def routed(block: Block) -> Block | None:
    """The experts that the router chooses from: a mixture names them before the shared ones."""
    return block.child("mlp")


def shared_experts(block: Block) -> list[Block]:
    """The shared experts: MLPs that run for every token."""
    return [part for part in block.inside if _shared(block, part)]


def _shared(block: Block, part: Block) -> bool:
    """Whether a part of a mixture is its shared experts."""
    return part.is_mlp and part is not routed(block)


def unshared(block: Block) -> Block:
    """Only experts that the router chooses."""
    if not block.is_mixture or not block.value("shared"):
        return block
    inside = (p for p in block.inside if not _shared(block, p) and p.kind != "shared_gate")
    bare = block.lacking("shared_gate", "shared_inner")
    return counted(replace(bare, inside=tuple(inside)), shared=0)


def least(block: Block, part: Block) -> int:
    """How many copies of a part run at least: choices that run no expert leave fewer of the routed ones."""
    if part is not routed(block):
        return part.used
    if unstated_choice(block):
        return 1
    return max(0, part.used - (block.number("identity_experts") if varies(block) else 0))


def varies(block: Block) -> bool:
    """Whether the routed experts that run may be fewer than those that are counted."""
    return unstated_choice(block) or "identity_experts" in block.facts


def within(block: Block) -> str:
    """How many experts run for a token, and of how many."""
    return " and ".join(filter(None, experts_within(block)))


def experts_within(block: Block) -> tuple[str, str]:
    """The routed experts that run for a token, and the shared ones ("" where there are none): "8 of 256 experts", "a shared one"."""
    shared = block.number("shared")
    number = "an unstated number" if unstated_choice(block) else chosen(block)
    beside = "a shared one" if shared == 1 else f"{shared:,} shared ones" if shared else ""
    return f"{number} of {block.number('experts'):,} experts", beside


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
    if "shared_inner" in block.facts:
        rows.append(callout(block, "shared_inner", "shared width"))
    if "latent" in block.facts:
        rows.append(callout(block, "latent", "latent width"))
    return rows


def tells(held: Held) -> Iterator[Said]:
    """How many experts run, who chooses them, and what runs beside them."""
    scored = [block for block, _ in held if not block.value("hashed")]
    yield "mixture-of-experts", f"{'A router' if scored else 'A table'} picks {_picked(held)}."
    if hashed := sum(count for block, count in held if block.value("hashed")):
        where = (
            f"In *{hashed:,} of {sum(count for _, count in held):,} layers* "
            if scored
            else "There "
        )
        yield "hash-routing", f"{where}the *token's id* alone chooses them."
    block = held[-1][0]
    if block.value("shortcut"):
        yield (
            "shortcut-experts",
            "The experts read an *earlier point* of the layer and run in parallel with what follows (a shortcut).",
        )
    if idle := block.value("identity_experts"):
        choices = "*One* more expert is" if idle == 1 else f"*{idle:,} more experts* are"
        yield "identity-experts", f"{choices} zero-computation, so that some tokens cost less."
    if "latent" in block.facts:
        narrow = f"a latent of *{block.number('latent'):,}*"
        yield (
            "latent-experts",
            f"Experts work in {narrow} in place of the hidden size, so that each is smaller.",
        )
    if (shared := block.number("shared")) and {b.number("shared") for b, _ in held} == {shared}:
        inner = [w for w in {b.value("shared_inner") for b, _ in held} if isinstance(w, int)]
        wide = f", *{inner[0]:,} wide*," if len(inner) == 1 else ""
        count = f"*{shared:,} shared experts*"
        runs = f"A *shared expert*{wide} runs" if shared == 1 else f"{count}{wide} run"
        yield "shared-expert", f"{runs} for every token."
    if "expert_banks" in block.facts:
        banks = block.number("expert_banks")
        taken = (
            "*one bank* for all layers"
            if banks == 1
            else f"*{banks:,} banks*, which layers take by turns"
        )
        yield "", f"Routed experts stand in {taken}."
    if (block.value("groups") or 1) != 1:
        groups = f"*{block.number('groups_used'):,} of {block.number('groups'):,} groups*"
        yield "group-limited-routing", f"The router picks {groups} first, then experts within them."
    if "correction" in block.facts:
        yield "bias-balanced-routing", "A *routing bias* per expert balances their load."


def _picked(held: Held) -> str:
    """How many experts, and what that saves, as far as the config tells."""
    counts = {(used(block), block.number("experts")) for block, _ in held}
    first = held[0][0]
    stored = first.number("experts")
    if len(counts) > 1:
        return "*a few experts* for each token; the others don't run"
    if unstated_choice(first):
        return f"*some of {stored:,} experts* for each token; how many, the config doesn't state"
    share = f"{first.number('used') / stored:.1%}".replace(".0%", "%")
    most = "at most " if varies(first) else ""
    return (
        f"{most}*{chosen(first)} of {stored:,} experts* for each token: *{share}* of their weights"
    )


_SIGNS = {"sigmoid": "σ", "sqrtsoftplus": "√softplus"}


def formula(block: Block) -> tuple[str, ...]:
    """The experts' scores, their sum by these, and over which."""
    picked, experts = chosen(block), block.number("experts")
    shared = " + _E_^shared^( _x_ )" if block.value("shared") else ""
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, (int, float)) and scale != 1 else ""
    if block.value("hashed"):
        return (f"_y_ = Σ _p_ _E_( _x_ ){shared}", f"over {picked} of {experts:,} by the token")
    routed = f"Σ _p E_( _x_ ){shared}"
    if block.value("combined") == SHARES:
        routed = "_a_ Σ _p E_( _x_ ) + ( 1 − _a_ ) _E_^shared^( _x_ )"
    scoring = str(block.value("scoring"))
    return (
        f"_p_ = {_SIGNS.get(scoring, scoring)}( {factor}_W x_ )",
        f"_y_ = {routed}",
        f"over the {picked} of {experts:,} with the highest _p_",
    )


def between(block: Block) -> Iterator[Row]:
    """A score an expert, the experts chosen, and what is inside these."""
    picked, experts = chosen(block), block.number("experts")
    if not block.value("hashed"):
        yield "scores", shape(experts)
    yield "chosen", shape(picked)
    if "latent" in block.facts:
        yield "latent", shape(block.number("latent"))
    yield "inside", shape(picked, block.number("inner"))


MECHANISM = Mixer(
    kind="moe",
    wired="experts",
    names=Names(
        "Mixture of experts",
        short="experts",
        inline="experts",
        label=label,
        field=field,
        within=within,
        layer="Expert",
        spelled={"MoE": "experts"},
        inside=inside,
    ),
    colour="moe",
    concepts=concepts,
    does="Many MLPs, of which a router chooses a few for each token.",
    tells=tells,
    numbers=numbers,
    drawing=BY_CODE,
    size=mlp.size,
    kept=keeps_nothing,
    work=no_work,
    introduced=(),
    searched=("experts", "used", "shared"),
    against_attention=False,
    formula=formula,
    shapes=on_stream(between),
    purposes={
        "latent_down": "to the latent in which experts work",
        "latent_up": "from it back to the stream",
    },
    legend=(
        SOFTMAX,
        ACTIVATION,
        Term("Expert", "One of many MLPs, of which a few run for a token."),
        Term("Router", "Gives each expert a score; the best run."),
    ),
    reads=reads,
    miniature={
        **dict.fromkeys(
            ("moe_intermediate_size", "expert_ffn_hidden_size", "share_expert_dim"), 24
        ),
        **dict.fromkeys(
            (
                "shared_expert_intermediate_size",
                "shared_intermediate_size",
                "moe_shared_expert_intermediate_size",
            ),
            28,
        ),
        **dict.fromkeys(
            (
                "num_experts",
                "n_routed_experts",
                "num_local_experts",
                "moe_num_experts",
                "routed_expert_hidden_size",
                "moe_hidden_size",
            ),
            16,
        ),
        **dict.fromkeys(
            ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "n_group"), 4
        ),
        **dict.fromkeys(("n_shared_head", "top_k_experts"), 2),
        **dict.fromkeys(
            (
                "num_experts_per_tok",
                "num_experts_per_token",
                "experts_top_k",
                "experts_per_token",
                "moe_k",
                "moe_top_k",
                "moe_topk",
            ),
            3,
        ),
        "num_hash_layers": 1,
        "moe_latent_size": 20,
        "zero_expert_num": 8,
    },
)
