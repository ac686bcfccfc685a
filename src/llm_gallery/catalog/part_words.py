"""Words for a part: its name, a sentence or two on what it does, and the steps inside a mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from llm_gallery.analysis.layers import pattern
from llm_gallery.architecture.block import Block, branch, layers, mixing
from llm_gallery.architecture.parts import SHARES, unstated_choice
from llm_gallery.architecture.roles import ROLES
from llm_gallery.figure.block_names import called
from llm_gallery.mechanisms import DRAWN, MECHANISMS, full, heading, told
from llm_gallery.mechanisms.moe import routed

MOST = 2
"""Sentences about a part."""
_MATRICES = ("linear", "tensors")
_ASKS = {"receptance": "what the state is asked with", "key": "along what a value is written"}
_SPACE = {
    "gate": "what scales what was read of the state",
    "x": "what is written to the state",
    "B": "along what it is written",
    "C": "along what the state is read",
}
_LOW_RANK = {"latent_down": "down to the rank", "latent_up": "up again"}
_STATE = {
    "key": "along what a value is written",
    "query": "what the state is asked with",
    "value": "what is written to the state",
    "gate": "what scales what was read of the state",
}
PURPOSES: Mapping[str, Mapping[str, str]] = {
    "mlp": {"gate": "what scales the numbers of up, one by one"},
    "attention": {"gate": "what scales what the heads have gathered"},
    "latent_attention": {
        "gate": "what scales what the heads have gathered",
        "latent_down": "to the latent that is kept",
    },
    "moe": {
        "latent_down": "to the latent in which experts work",
        "latent_up": "from it back to the stream",
    },
    "low_rank_residual": _LOW_RANK,
    "delay_scale": _LOW_RANK,
    "receptance_mlp": {
        "key": "to the inner width",
        "value": "the way back to the stream",
        "receptance": "how much of the result is let out",
    },
    "rwkv": {"key": "how much a value counts", "receptance": "how much of the mean is let out"},
    "rwkv6": _ASKS,
    "rwkv7": {**_ASKS, "beta": "how much of what the state answers is taken out of it"},
    "mamba": _SPACE,
    "mamba2": _SPACE,
    "short_convolution": {
        "x": "what is convolved",
        "B": "what scales it before the convolution",
        "C": "what scales what the convolution gives",
    },
    "deltanet": _STATE,
    "gated_deltanet": _STATE,
    "gated_linear_attention": _STATE,
    "gated_slot_attention": _STATE,
    "hgrn": _STATE,
    "hgrn2": _STATE,
    "kimi_delta_attention": _STATE,
    "lightnet": _STATE,
    "lightning_attention": _STATE,
    "mlstm": _STATE,
    "retention": _STATE,
    "compressor": {"gate": "how much each token counts in the entry"},
    "gated_memory": {"gate": "what scales the memory"},
    "per_layer_input": {"gate": "what scales the row of the layer"},
}
"""What a role does in one kind of mechanism, where that is more, or other, than what it does in all."""


def name(block: Block, around: Block | None) -> str:
    """A part by what it is; a matrix or a norm inside a mechanism by what it is there for."""
    if around is not None and around.is_mixture and block.is_mlp:
        return "Routed experts" if block is routed(around) else "Shared expert"
    if block.roles and (block.kind in _MATRICES or block.is_norm):
        joint = " and ".join(role.replace("_", " ") for role in block.roles[:4])
        kind = "" if block.is_norm or block.kind == "tensors" else " matrix"
        return f"{joint[:1].upper()}{joint[1:]}{kind}"
    return "All layers" if block.is_stack else heading(full(block))


def sentences(block: Block, around: Block | None, times: int) -> str:
    """What it does; `times` is in how many layers it stands."""
    if around is not None and around.is_mixture and block.is_mlp:
        return _experts(block, around)
    said: list[str] = []
    if block.roles and not block.mixes:
        what = "; ".join(_purpose(role, around) for role in block.roles[:4])
        said.append(f"{what[:1].upper()}{what[1:]}.")
    if block.kind == "layer":
        said.append(layer(block))
    elif block.kind in DRAWN:
        said.append(told([(block, times)], most=MOST).replace("*", ""))
    elif not (said and block.kind == "tensors"):
        said.append(MECHANISMS[block.kind].does)
    return " ".join(filter(None, said))


def _purpose(role: str, around: Block | None) -> str:
    """What a role is there for in the mechanism around it; where that isn't said, in any."""
    own = PURPOSES.get("" if around is None else around.kind, {})
    return own.get(role, ROLES[role])


def _experts(block: Block, around: Block) -> str:
    if block is not routed(around):
        gate = ", scaled by a gate of its own" if around.value("shared_gate") else ""
        if around.value("combined") == SHARES:
            gate = ", weighed against what the others give"
        return (
            f"An expert that every token passes{gate}, so that the others need not learn "
            "what all tokens need."
        )
    passed = (
        "How many of them a token passes, the config doesn't state;"
        if unstated_choice(around)
        else f"A token passes {block.used:,} of them, and"
    )
    return (
        f"{block.copies:,} MLPs of {block.number('inner'):,} inside. {passed} "
        "what they give is added by weight."
    )


def layer(block: Block) -> str:
    """What a layer adds to the stream, one after another or side by side."""
    said: list[str] = []
    for residual in block.inside:
        if not residual.is_residual:
            continue
        names = [called(full(one)) for part in branch(residual) for one in mixing(part)]
        if names:
            said.append(" beside ".join(dict.fromkeys(names)))
    if not said:
        return "Passes the stream on."
    return f"Adds to the stream what {', then what '.join(map(_gives, said))}."


def _gives(mixers: str) -> str:
    """ "grouped-query attention gives", "experts give"."""
    several = " beside " in mixers or (mixers.endswith("s") and not mixers.endswith("ss"))
    return f"{mixers} {'give' if several else 'gives'}"


def summary(root: Block) -> str:
    """What a model is, in two sentences."""
    depth, width = len(layers(root)), root.number("width")
    many = f"{depth:,} layers" if depth != 1 else "One layer"
    return f"{many} on one stream of {width:,} numbers a token: {pattern(root)}. Each reads the stream and adds to it."


class Operation(NamedTuple):
    """A step that stores nothing: how its title begins, its address behind its block's, and what it does."""

    title: str
    slug: str
    says: str
    concept: str = ""


OPERATIONS = (
    Operation("RoPE", "rope", "Turns pairs of channels by an angle that grows with the position, so that a score tells how far apart two tokens stand.", "rope"),
    Operation("attention", "attention", "Each token’s queries meet the keys that it may see; the softmax of their scores weighs the values."),
    Operation("latent attention", "attention", "Each token’s queries meet keys made of the latents that are kept; the softmax of their scores weighs the values."),
    Operation("scores", "scores", "How well each query fits each key, before the softmax makes shares of it."),
    Operation("sinks", "sinks", "One learned score a head joins the softmax and takes a share of it, so that a head may look at nothing.", "attention-sinks"),
    Operation("temperature", "temperature", "Scores grow with the position, so that attention stays sharp in long texts.", "attention-temperature"),
    Operation("output gate", "gate", "Numbers between 0 and 1, made of the token, weigh what was read channel by channel.", "gated-attention"),
    Operation("gate: how well", "agreement", "How well the row that was read agrees with the stream decides how much of it is added."),
    Operation("gate", "gate", "Made of the token by a matrix of its own: weighs what was read, channel by channel."),
    Operation("choice", "choice", "Of the scores the highest are chosen; made into weights, they say how much each expert’s answer counts."),
    Operation("choices that run", "identity", "Choices that run no expert: the token’s own numbers pass in their place.", "identity-experts"),
    Operation("what all weights", "scale", "A constant that the chosen experts’ weights are multiplied with."),
    Operation("activation", "activation", "A curve that bends each number by itself: without one, matrices one after the other would be one matrix."),
    Operation("state", "state", "What all tokens so far have left. A token fades it, writes to it, and reads its own answer from it; its size never grows."),
    Operation("memory", "state", "What all tokens so far have left. A token fades it, writes to it, and reads its own answer from it; its size never grows."),
    Operation("average", "state", "A weighted average of all values so far, kept as two running sums a channel."),
    Operation("L2 norm", "l2-norm", "Divides each head’s vector by its length, so that only its direction counts."),
    Operation("norm of each head", "head-norm", "Divides each head’s vector by its root mean square."),
    Operation("RMSNorm", "norm", "Divides a vector by its root mean square, so that sizes stay alike."),
    Operation("β", "beta", "How much of the token is written to the state: a number between 0 and 1 for each head."),
    Operation("α", "alpha", "How much of the state stays: a number between 0 and 1, made of the token."),
    Operation("Δ", "step", "How long a step the state takes for this token: a long one forgets more and writes more."),
    Operation("f =", "forget", "How much of the memory stays, by the token."),
    Operation("i =", "write", "How much of the token is written to the memory."),
    Operation("o =", "output", "How much of what was read is let out."),
    Operation("SiLU", "silu", "x times its sigmoid.", "swiglu"),
    Operation("softcap", "softcap", "A tanh bends large numbers, so that none exceeds the cap."),
    Operation("learned mix", "shift", "Each channel mixes this token with the last one, by a learned share.", "token-shift"),
    Operation("receptance", "receptance", "A sigmoid that decides how much is let out."),
    Operation("score of each", "score", "A cheap score of every earlier token: the best are attended to.", "sparse-attention"),
    Operation("keys pooled", "pool", "Keys of neighbouring tokens are pooled into one, so that fewer are scored."),
    Operation("weighted by", "pooling", "Neighbouring tokens become one entry: each counts by the softmax of its gate.", "compressed-attention"),
    Operation("hashes", "hash", "The ids of the last few tokens are hashed together: the hash is the row of the table.", "ngram-memory"),
    Operation("delayed", "delayed", "Part of the values is the last token’s."),
    Operation("bias for each", "bias", "A learned number for each head and distance joins the score.", "relative-positions"),
    Operation("mean of each", "mean", "Each query is averaged with its key."),
    Operation("the output is rotated", "back", "The values carried positions, for they are the keys: what was read is turned back."),
    Operation("shares by depth", "shares", "The more was summed, the less the next branch counts, so that the stream stays as long.", "residual-scaling"),
    Operation("learned rates", "rates", "The stream moves towards what a branch gives, in each channel by a learned part of the way.", "residual-scaling"),
    Operation("learned scales", "scales", "Learned numbers scale the stream and what a branch adds.", "residual-scaling"),
)  # fmt: skip
"""Steps by how a drawing's words for them begin; of several that fit the longest holds."""
STEPS = {
    "rope": ("rotated", "turned"),
    "choice": ("routed",),
    "state": ("delta_rule",),
    "l2-norm": ("of_length_one",),
    "silu": ("silu",),
    "shift": ("mixed",),
}
"""Functions of a printed file that are one step, by its address; of several the first that the file has."""
