"""The lanes of softmax attention: what makes queries, keys, values, gate and biases, and what they pass.

Norms come before the rotation, but for a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.attended import rotation
from llm_gallery.mechanisms.attention_sizes import (
    biased,
    biases,
    delayed,
    experts,
    experts_used,
    gate_width,
    input_width,
    learned_sinks,
    output_width,
    rotated,
    routed,
    stating,
    stored_width,
    value_width,
)
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
from llm_gallery.mechanisms.wording import Held, root
from llm_gallery.mechanisms.written import EXTENSION, times

BEFORE = ("per head", "all heads", "each head its own")
"""Norms with weights that come before the rotation."""
Text = Callable[[Block], str]


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
    rotation,
    rotated,
    *("rotated", "rope_base", *EXTENSION),
    colour="position",
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
        step("v", "a token late", delayed, "delayed", colour="convolution", note=delayed),
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
            rotation,
            rotated,
            *("rotated", "rope_base", *EXTENSION),
            colour="position",
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
