"""States of fixed size between two tokens, which each token passes over."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms._checks import check_facts
from llm_gallery.mechanisms._mechanism import Kept
from llm_gallery.mechanisms.bits import BITS, bytes_of

SHIFT = "_mix"
"""How the roles of shares end of which a projection reads a token and the one before."""


PURPOSES = {
    "key": "along what a value is written",
    "query": "what the state is asked with",
    "value": "what is written to the state",
    "gate": "what scales what was read of the state",
}
"""What the parts of a mixer are for that writes values along keys."""
ASKED = {"receptance": PURPOSES["query"], "key": PURPOSES["key"]}
"""The same in RWKV's words."""
PURPOSES_IN_SPACE = {
    "gate": PURPOSES["gate"],
    "x": PURPOSES["value"],
    "B": "along what it is written",
    "C": "along what the state is read",
}
"""The same of a state space."""


def shifts(block: Block) -> bool:
    """Whether its projections read the token before, too, which is then kept."""
    return any(tensor.role.endswith(SHIFT) for tensor in block.tensors)


def state_dtype(block: Block) -> str:
    """The dtype of a recurrent state. Raises Refusal for one that isn't known."""
    dtype = str(block.value("state_dtype"))
    if dtype not in BITS:
        raise Refusal(f"the state dtype is {dtype[:20]!r}, expected one of {', '.join(BITS)}")
    return dtype


def state_bytes(block: Block, elements: int) -> int:
    """Bytes of a recurrent state in its own dtype."""
    return bytes_of(elements, state_dtype(block))


def state(*facts: str) -> Callable[[Block], Kept]:
    """Keeps a state of as many elements as its facts multiply to. Raises Mistake for what is no fact."""
    check_facts(facts, "a fact of `kept`")
    return lambda block: Kept(states=((prod(map(block.number, facts)), state_dtype(block)),))


def passes(times: int, *facts: str) -> Callable[[Block, int], int]:
    """Passes so often over such a state. Raises Mistake for what is no fact."""
    check_facts(facts, "a fact of `work`")
    return lambda block, position: times * prod(map(block.number, facts))
