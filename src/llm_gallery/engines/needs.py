"""What must divide for a model to be split: heads, widths and the vocabulary, as vLLM 0.32 asserts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.holding import of_text
from llm_gallery.engines.recipe import Matrix, Recipe, recipe
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.mechanisms import label
from llm_gallery.mechanisms.moe import routed

PADDING = 64
"""Rows to a multiple of which vLLM pads the vocabulary."""
DIVIDED: Mapping[str, Mapping[str, str]] = {
    "attention": {"heads": "heads", "kv_heads": "key-value heads"},
    "cross_attention": {"heads": "heads", "kv_heads": "key-value heads"},
    "latent_attention": {"heads": "heads"},
    "compressed_attention": {"heads": "heads", "output_groups": "groups of heads"},
    "gated_deltanet": {"key_heads": "key heads", "value_heads": "value heads"},
    "kimi_delta_attention": {"heads": "heads of Kimi Delta Attention"},
    "lightning_attention": {"heads": "heads", "norm_groups": "groups of a norm"},
    "mamba": {"inner": "channels of Mamba"},
    "mamba2": {"heads": "heads of Mamba-2", "groups": "groups of Mamba-2"},
    "short_convolution": {"channels": "channels of a convolution"},
}
"""What of a mixer is divided, by its kind and the fact that counts it."""
COPIED = frozenset(("kv_heads",))
"""Facts whose number may divide the ranks, too: each is held by several."""
ALONE_OR_DIVIDED = frozenset(("groups",))
"""Facts that may be 1: then every rank holds it."""
DIVIDED_TOWERS = frozenset((
    "clip_vision_model", "kimi_k25_vision", "llama4_vision_model", "pixtral", "qwen3_5_vision", "qwen3_vl",
    "siglip_vision_model",
))  # fmt: skip
"""Types of towers whose heads vLLM divides."""
OF_TOWER = ("num_attention_heads", "num_heads", "vt_num_attention_heads")
"""Keys of a tower's heads."""


class Need(NamedTuple):
    """A number that ranks must divide."""

    what: str
    number: int
    fact: str = ""
    over: str = "tensor"  # the ranks of a group; "experts": all, "shared": of a group, each unless they are spread
    block: int = 1  # numbers that stay together on a rank

    def ranks(self, split: Split) -> int:
        """Over how many ranks it is divided."""
        if self.over == "experts":
            return 1 if split.experts else split.tensor * split.data
        if self.over == "shared" and split.experts and split.data > 1:
            return 1
        return split.tensor

    def met(self, split: Split) -> bool:
        """Whether it divides."""
        ranks = self.ranks(split)
        if ranks == 1 or (self.fact in ALONE_OR_DIVIDED and self.number == 1):
            return True
        if self.fact in COPIED and ranks > self.number:
            return ranks % self.number == 0
        return self.number % (ranks * self.block) == 0

    def words(self, split: Split) -> str:
        """What is had and what is expected."""
        blocks = f" in blocks of {self.block}" if self.block > 1 else ""
        return f"{self.number:,} {self.what}{blocks}, expected a number that {self.ranks(split):,} ranks divide"


@once_a_subject
def needs(subject: Subject) -> tuple[Need, ...]:
    """Every need of a model, each once, in the order in which they are met.

    Raises Refusal for a packing that isn't known.
    """
    packed = recipe(subject.config, subject.name)
    found: dict[Need, None] = {}
    seen: set[int] = set()
    for path, block, mixture in _parts(subject.root):
        if packed is None and id(block) in seen:  # names matter to what is packed alone
            continue
        seen.add(id(block))
        found |= dict.fromkeys(_of_block(path, block, mixture, packed))
    return (*found, *_of_towers(subject))


@once_a_subject
def refuse_unknown(subject: Subject) -> None:
    """Raises Refusal for a mixer that isn't known to divide."""
    for _, block, _ in _parts(subject.root):
        if block.mixes_tokens and block.kind not in DIVIDED:
            raise Refusal(
                f"{subject.name} has {label(block)}, expected a mixer that is known to divide; use --tp 1"
            )


def _parts(root: Block) -> Iterator[tuple[str, Block, Block | None]]:
    """The blocks of the language model with their paths, and the mixture that each is directly in."""
    mixtures: dict[str, Block] = {}
    for path, block in of_text(root):
        if block.is_mixture:
            mixtures[path] = block
        yield path, block, mixtures.get(path.rpartition(".")[0])


def _of_block(
    path: str, block: Block, mixture: Block | None, packed: Recipe | None
) -> Iterator[Need]:
    if block.is_embedding or block.is_head:
        rows = block.number("vocabulary")
        padded = -(-rows // PADDING) * PADDING
        yield Need("rows of its padded vocabulary", padded)
    if block.kind in DIVIDED:
        for fact, what in DIVIDED[block.kind].items():
            if fact in block.facts:
                yield Need(what, block.number(fact), fact)
    if block.is_mlp:
        yield _of_mlp(path, block, mixture, packed)


def _of_mlp(path: str, block: Block, mixture: Block | None, packed: Recipe | None) -> Need:
    """The inner width, which blocks of scales keep together."""
    chosen = mixture is not None and block is routed(mixture)
    copy = f"{path}.0" if block.copies > 1 and not block.stacked else path
    names = [f"{copy}.{part.name}" for part in block.inside if part.is_matrix] or [copy]
    made = packed and packed.of(Matrix(names[-1], expert=chosen))
    together = made.rows if made else 1
    if packed and made and not chosen and packed.name.startswith("int"):
        together = made.columns  # experts may have smaller groups, other maps may not
    width = block.number("inner") * (1 if chosen else block.copies)
    over = "experts" if chosen else "shared" if mixture is not None else "tensor"
    what = "channels inside each expert" if chosen else "channels inside an MLP"
    return Need(what, width, over=over, block=max(1, together))


def _of_towers(subject: Subject) -> Iterator[Need]:
    """The heads of a tower that sees, where the config states them."""
    tower = subject.config.get("vision_config")
    if isinstance(tower, Mapping) and str(tower.get("model_type")) in DIVIDED_TOWERS:
        for key in OF_TOWER:
            heads = tower.get(key)
            if isinstance(heads, int) and heads > 0:
                yield Need("heads in its vision tower", heads)
                return
