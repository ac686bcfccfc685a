"""Compute of one token's forward pass: two operations a multiply-add, at a position in the context.

Definitions: docs/definitions.md#compute-per-token
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import APART


def flops_per_token(root: Block, position: int) -> int:
    """Operations for the token at `position` (1 is the first): every matrix that runs, and the mixing."""
    costs = _Costs(position)
    return sum(costs.block(part) for part in root.inside if part.kind not in APART)


class _Costs:
    """Costs at one position, each distinct block computed once."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.known: dict[int, int] = {}

    def block(self, block: Block) -> int:
        if id(block) not in self.known:
            own = _OWN.get(block.kind, _nothing)(block, self.position)
            inside = sum(self.block(part) for part in block.inside)
            passes = block.number("passes") if "passes" in block.facts else 1
            self.known[id(block)] = (own + inside) * passes
        return self.known[id(block)] * block.used


def _nothing(block: Block, position: int) -> int:
    return 0


def _matrix(block: Block, position: int) -> int:
    return 2 * block.number("inputs") * block.number("outputs")


def _router(block: Block, position: int) -> int:
    """One matrix, or the matrices inside, which count for themselves."""
    return 0 if block.inside else _matrix(block, position)


def _head(block: Block, position: int) -> int:
    return 2 * block.number("vocabulary") * block.number("width")


def _stacked_matrices(block: Block, position: int) -> int:
    """Experts kept in tensors of their own: a matrix is what has two dimensions."""
    return sum(2 * tensor.elements for tensor in block.tensors if len(tensor.shape) == 2)


def _convolution(block: Block, position: int) -> int:
    return 2 * block.tensors[0].elements


def attended(block: Block, position: int) -> int:
    """Tokens that attention at `position` looks at, itself included."""
    seen = position
    if "window" in block.facts:
        seen = min(seen, block.number("window"))
    if "selected" in block.facts:
        seen = min(seen, block.number("selected"))
    if "chunk" in block.facts:
        seen = min(seen, (position - 1) % block.number("chunk") + 1)
    return seen


def _attention(block: Block, position: int) -> int:
    """Scores and values of every query head."""
    keys = block.number("head_dim")
    values = block.number("value_dim") if "value_dim" in block.facts else keys
    return 2 * block.number("heads") * (keys + values) * attended(block, position)


def _latent_attention(block: Block, position: int) -> int:
    """Scores over both parts of a key, values over theirs, expanded from the latent."""
    widths = block.number("nope_dim") + block.number("rope_dim") + block.number("value_dim")
    return 2 * block.number("heads") * widths * attended(block, position)


def _compressed_attention(block: Block, position: int) -> int:
    """Scores and values over the window and over the compressed past, or what was chosen of it."""
    seen = min(position, block.number("window"))
    if "ratio" in block.facts:
        past = position // block.number("ratio")
        seen += min(past, block.number("selected")) if "selected" in block.facts else past
    return 2 * block.number("heads") * 2 * block.number("head_dim") * seen


def _indexer(block: Block, position: int) -> int:
    """A score of every token, or of every pooled key, for each head, and the heads' weighted sum."""
    scored = -(-position // (block.number("pooled") if "pooled" in block.facts else 1))
    if "candidates" in block.facts:
        scored = min(scored, block.number("candidates"))
    return 2 * block.number("heads") * (block.number("head_dim") + 1) * scored


def _gated_deltanet(block: Block, position: int) -> int:
    """Three passes over the state: read by k, write, read by q."""
    state = block.number("value_heads") * block.number("key_dim") * block.number("value_dim")
    return 2 * 3 * state


def _kimi_delta_attention(block: Block, position: int) -> int:
    """Three passes over the state: read by k, write, read by q."""
    return 2 * 3 * block.number("heads") * block.number("head_dim") ** 2


def _lightning_attention(block: Block, position: int) -> int:
    """Two passes over the state: write and read."""
    return 2 * 2 * block.number("heads") * block.number("head_dim") ** 2


def _mamba(block: Block, position: int) -> int:
    """Two passes over the state: write and read."""
    return 2 * 2 * block.number("inner") * block.number("state_dim")


def _mamba2(block: Block, position: int) -> int:
    """Two passes over the state: write and read."""
    state = block.number("heads") * block.number("head_dim") * block.number("state_dim")
    return 2 * 2 * state


def _mlstm(block: Block, position: int) -> int:
    """Two passes over the state, the normalizer its last column: write and read."""
    columns = block.number("value_dim") + 1
    return 2 * 2 * block.number("heads") * block.number("key_dim") * columns


def _rwkv(block: Block, position: int) -> int:
    """Two passes over numerator and denominator: write and read."""
    return 2 * 2 * 2 * block.number("inner")


_OWN: Mapping[str, Callable[[Block, int], int]] = {
    "linear": _matrix,
    "router": _router,
    "shared_gate": _matrix,
    "exit_gate": _matrix,
    "head": _head,
    "mlp": _stacked_matrices,
    "convolution": _convolution,
    "attention": _attention,
    "latent_attention": _latent_attention,
    "indexer": _indexer,
    "compressed_attention": _compressed_attention,
    "gated_deltanet": _gated_deltanet,
    "kimi_delta_attention": _kimi_delta_attention,
    "lightning_attention": _lightning_attention,
    "mamba": _mamba,
    "mamba2": _mamba2,
    "mlstm": _mlstm,
    "rwkv": _rwkv,
}
