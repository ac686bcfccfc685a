"""Words for a part: its name, a sentence or two on what it does, and the steps inside a mechanism."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from llm_gallery.analysis.layers import pattern
from llm_gallery.architecture.block import Block, branch, layers, mixing
from llm_gallery.architecture.parts import SHARES, unstated_choice
from llm_gallery.architecture.roles import ROLES
from llm_gallery.concepts import concepts
from llm_gallery.mechanisms import DRAWN, MECHANISMS, full, particulars
from llm_gallery.mechanisms.moe import routed
from llm_gallery.mechanisms.wording import Name, capital

MOST = 2
"""Sentences about a part."""


def name(block: Block, around: Block | None) -> str:
    """A part by what it is; a matrix or a norm inside a mechanism by what it is there for."""
    if around is not None and around.is_mixture and block.is_mlp:
        return "Routed experts" if block is routed(around) else "Shared expert"
    if block.roles and (block.is_matrix or block.is_bare or block.is_norm):
        joint = " and ".join(role.replace("_", " ") for role in block.roles[:4])
        return f"{capital(joint)}{' matrix' if block.is_matrix else ''}"
    return "All layers" if block.is_stack else capital(full(block))


def sentences(block: Block, around: Block | None, times: int) -> str:
    """What it does; `times` is in how many layers it stands."""
    if around is not None and around.is_mixture and block.is_mlp:
        return _experts(block, around)
    said: list[str] = []
    if block.roles and not block.mixes:
        what = "; ".join(_purpose(role, around) for role in block.roles[:4])
        said.append(f"{capital(what)}.")
    if block.is_layer:
        said.append(layer(block))
    elif block.kind in DRAWN:
        said.append(particulars([(block, times)], most=MOST).replace("*", ""))
    elif not (said and block.is_bare):
        said.append(MECHANISMS[block.kind].does)
    return " ".join(filter(None, said))


def _purpose(role: str, around: Block | None) -> str:
    """What a role is there for in the mechanism around it; where that isn't said, in any."""
    own = {} if around is None else MECHANISMS[around.kind].purposes
    return own.get(role, ROLES[role])


def _experts(block: Block, around: Block) -> str:
    if block is not routed(around):
        gate = ", scaled by a gate of its own" if around.value("shared_gate") else ""
        if around.value("combined") == SHARES:
            gate = ", weighed against what the others give"
        inner = around.value("shared_inner")
        wide = f" of {inner:,} inside" if isinstance(inner, int) else ""
        return (
            f"An expert{wide} that every token passes{gate}, so that the others need not learn "
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
    branches = [branch(residual) for residual in block.inside if residual.is_residual]
    named = [[full(one) for part in parts for one in mixing(part)] for parts in branches]
    said = [_gives(names) for names in named if names]
    return (
        f"Adds to the stream what {', then what '.join(said)}." if said else "Passes the stream on."
    )


def _gives(names: Sequence[Name]) -> str:
    """ "grouped-query attention gives", "experts give"."""
    several = len(set(names)) > 1 or names[0].plural
    mixers = " beside ".join(dict.fromkeys(name.inline for name in names))
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


_OPERATIONS = (
    Operation("attention", "attention", "Each token’s queries meet the keys that it may see; the softmax of their scores weighs the values."),
    Operation("latent attention", "attention", "Each token’s queries meet keys made of the latents that are kept; the softmax of their scores weighs the values."),
    Operation("scores", "scores", "How well each query fits each key, before the softmax makes shares of it."),
    Operation("gate: how well", "agreement", "How well the row that was read agrees with the stream decides how much of it is added."),
    Operation("gate", "gate", "Made of the token by a matrix of its own: weighs what was read, channel by channel."),
    Operation("choice", "choice", "Of the scores the highest are chosen; made into weights, they say how much each expert’s answer counts."),
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
    Operation("softcap", "softcap", "A tanh bends large numbers, so that none exceeds the cap."),
    Operation("receptance", "receptance", "A sigmoid that decides how much is let out."),
    Operation("keys pooled", "pool", "Keys of neighbouring tokens are pooled into one, so that fewer are scored."),
    Operation("delayed", "delayed", "Part of the values is the last token’s."),
    Operation("mean of each", "mean", "Each query is averaged with its key."),
    Operation("the output is rotated", "back", "The values carried positions, for they are the keys: what was read is turned back."),
)  # fmt: skip
"""Steps that no concept is about."""


@cache
def operations() -> tuple[Operation, ...]:
    """Steps by how a drawing's words for them begin; of several that fit the longest holds."""
    told = (
        Operation(step.title, step.slug, step.says, concept.id)
        for concept in concepts().values()
        for step in concept.steps
    )
    return (*_OPERATIONS, *told)


STEPS = {
    "rope": ("rope",),
    "choice": ("routed",),
    "state": ("delta_rule",),
    "l2-norm": ("l2_normalized",),
    "silu": ("silu",),
    "shift": ("lerp",),
}
"""Functions of a printed file that are one step, by its address; of several the first that the file has."""
