"""The tensors of a release as an engine loads them: bytes by its config's packing, and who holds which of them.

A file of one's own says its bytes itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, Tensor, children
from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.engines.holding import (
    ROWS_OF_VOCABULARY,
    UNDIVIDED_TOWERS,
    Place,
    of_text,
    pairs_rows,
    share,
)
from llm_gallery.engines.loaded import DRAFTS, Loaded
from llm_gallery.engines.packing import MXFP4, Packing
from llm_gallery.engines.recipe import Matrix, Recipe, recipe
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.engines.weight_format import UNPACKED, in_words, released_format, settings

UNPACKED_ROLES = frozenset(("join", "head_weight", "noise_share"))
"""Roles of maps that no release packs."""
UNPACKED_KINDS = frozenset(("router", "shared_gate", "connection", "compressor"))
"""Kinds of parts that none packs but MLX."""
SINGLE: Mapping[str, frozenset[str]] = {
    "deepseek_v4": frozenset(("connection",)),
    "minimax_m2": frozenset(("router",)),
}
"""Kinds of parts that a packed release of a type keeps in 32 bits, as vLLM does; biases that balance experts always are."""
LATENT = frozenset(("latent_attention",))
"""Kinds of mixers that decode with their maps from the latent taken apart."""
NUMBERS = ("total", DRAFTS, "other_modalities")
"""The numbers of the facts that together count all that is stored."""
OF_FILE = "file"
"""The dtype of a file of one's own, whatever it holds."""


def released_dtypes(subject: Subject) -> tuple[str, ...]:
    """In what the weights of a release are loaded: as it is packed, or in 16 bits.

    A release in 32 bits is loaded in 16, and so is one whose config states no dtype. Raises Refusal for a packing that
    isn't known, and for a GGUF.
    """
    if subject.file is not None:
        if subject.file.format != "safetensors":
            raise Refusal(
                f"{subject.name} is a GGUF, expected safetensors or a config; use --with llama.cpp"
            )
        return (OF_FILE,)
    packed = recipe(subject.config, subject.name)
    if packed is not None:
        return (packed.name,)
    return ("fp16",) if _stated(subject.config) == "float16" else ("bf16",)


@once_a_subject
def released(subject: Subject, dtype: str) -> tuple[Loaded, ...]:
    """The tensors that an engine loads: the language model and the towers beside it, no module that drafts.

    Raises Refusal for a dtype that the release doesn't have, and for a packing that isn't known.
    """
    return tuple(held for held, kind in stored(subject, dtype) if kind != DRAFTS)


def stored(subject: Subject, dtype: str) -> Iterator[tuple[Loaded, str]]:
    """Every tensor of a release, and the number of the facts that counts it. Raises Refusal as `released` does."""
    known = released_dtypes(subject)
    if dtype not in known:
        raise Refusal(
            f"{subject.name} is asked for in {quoted(dtype)}, expected {known[0]}: so it is loaded; leave --quant out"
        )
    root, own = subject.root, subject.file
    packed = None if own is not None else recipe(subject.config, subject.name)
    single = SINGLE.get(subject.architecture.model_type, frozenset())
    walking = _Walk(packed, root.value("tied") is True, single)
    whole = subject.architecture.model_type in UNDIVIDED_TOWERS
    tensors = walking.of(root, root.name, Place(towers="whole" if whole else None))
    if own is None:
        yield from tensors
        return
    from llm_gallery.engines.own_file import of_file  # brings all that checks a file

    yield from of_file(subject.name, subject.architecture, own, tensors)


class Release(NamedTuple):
    """How a release stores its weights: the format of most, and bytes by the number of the facts that counts them."""

    format: str | None  # None where the config states none: bytes are those of 16 bits
    bytes: Mapping[str, int] | None  # None where it is packed in a way that isn't known

    @property
    def packed(self) -> bool:
        """Whether it is quantized."""
        return self.format not in UNPACKED

    @property
    def words(self) -> str:
        """The format as people write it: "MXFP4"."""
        return in_words(self.format or "bf16")


def release(subject: Subject) -> Release:
    """The weights of a release by its config alone."""
    known = released_format(subject.config)
    try:
        packed = recipe(subject.config, subject.name)
    except Refusal:
        method = (settings(subject.config) or {}).get("quant_method", "a format")
        return Release(known or printable(str(method), 40), None)
    if packed is not None:
        held = Counter(dict.fromkeys(NUMBERS, 0))
        for tensor, kind in stored(subject, packed.name):
            held[kind] += tensor.bytes
        return Release(packed.name, held)
    if known not in UNPACKED:
        return Release(known, None)
    counts, each = parameters(subject.root), 4 if known == "fp32" else 2
    return Release(known, {name: each * getattr(counts, name) for name in NUMBERS})


@once_a_subject
def absorbed(subject: Subject, dtype: str) -> tuple[Loaded, ...]:
    """What vLLM makes of packed maps from a latent when it has loaded them: the same in 16 bits, to decode with.

    The packed ones stay, for prompts. Raises Refusal as `released` does.
    """
    held = {tensor.name: tensor.bytes for tensor in released(subject, dtype)}
    return tuple(
        Loaded(f"{name} (in 16 bits)", 2 * tensor.elements, read=False)
        for path, block in of_text(subject.root)
        if block.kind in LATENT
        for part in block.inside
        if set(part.roles) == {"key", "value"}
        for tensor in part.tensors
        if held[name := f"{path}.{part.name}.{tensor.name}"] < 2 * tensor.elements
    )


def _stated(config: Mapping[str, Any]) -> str:
    """The dtype that a config states; empty where it states none."""
    parts = (part for part in (config, config.get("text_config")) if isinstance(part, Mapping))
    named = (part.get(key) for part in parts for key in ("dtype", "torch_dtype"))
    return next((name for name in named if isinstance(name, str)), "")


class _Walk(NamedTuple):
    """A walk through a tree with what is asked of each tensor."""

    recipe: Recipe | None
    tied: bool
    single: frozenset[str]  # kinds of parts that a packed release keeps in 32 bits

    def of(self, block: Block, path: str, at: Place) -> Iterator[tuple[Loaded, str]]:
        """The tensors of a block and of all inside it."""
        kind = "total" if at.apart is None else DRAFTS if at.apart.drafts else "other_modalities"
        for tensor in block.tensors:
            if tensor.tied_to is None:
                for held in self._loaded(block, tensor, path, at):
                    yield held, kind
        for below, part in children(path, block):
            copy = f"{below}.*" if part.copies > 1 and not part.stacked else below
            yield from self.of(part, copy, at.inside(block, part))

    def _loaded(self, block: Block, tensor: Tensor, path: str, at: Place) -> Iterator[Loaded]:
        """A tensor, or its part of the queries and that of keys and values."""
        packed = self._packing(block, tensor, path, at)
        each = self._bytes(tensor, at) if packed is None else packed.bytes(tensor.shape)
        inner = at.mlp if at.share == "experts" and packed == MXFP4 else None
        whole = Loaded(
            tensor.full_name(path),
            each * at.copies,
            share(block, tensor, at),
            copies=at.copies,
            used=at.used,
            read=self._read(block, tensor, at),
            vocabulary=tensor.shape[0] if block.kind in ROWS_OF_VOCABULARY and tensor.shape else 0,
            inner=inner.number("inner") if inner else 0,
        )
        rows = pairs_rows(block, at) if tensor.shape else 0
        if whole.share == "divided" and 0 < rows <= tensor.shape[0]:
            heads = at.mixer.number("kv_heads") if at.mixer else 0
            kept = whole.bytes * rows // tensor.shape[0]
            yield whole._replace(bytes=kept, share="pairs", pairs=heads)
            if kept < whole.bytes:
                yield whole._replace(bytes=whole.bytes - kept)
        else:
            yield whole

    def _bytes(self, tensor: Tensor, at: Place) -> int:
        """Bytes of one copy that isn't packed."""
        single = tensor.role == "correction" or at.within in self.single
        return tensor.elements * (4 if single and self.recipe is not None else 2)

    def _packing(self, block: Block, tensor: Tensor, path: str, at: Place) -> Packing | None:
        """How a matrix is packed; None for one that isn't, and for what is no matrix."""
        linear = block.is_matrix or block.is_mlp or block.is_head or block.is_embedding
        whole = at.within in UNPACKED_KINDS
        if self.recipe is None or len(tensor.shape) != 2 or not (linear or whole):
            return None
        tower = at.apart is not None and at.apart.other_modality
        latent = at.share is None and at.mixture is not None  # to where experts work, and back
        asked = Matrix(
            path.replace(".*", ".0"),
            expert=at.share == "experts",
            head=block.is_head,
            embedding=block.is_embedding,
            tower=tower,
            fine=whole or latent or not UNPACKED_ROLES.isdisjoint(block.roles),
        )
        return self.recipe.of(asked)

    def _read(self, block: Block, tensor: Tensor, at: Place) -> bool:
        """Whether a token of a text reads it."""
        if at.apart is not None or not at.run:
            return False
        if block.is_embedding:
            return self.tied
        return not block.table or (block.is_router and tensor.role != "table")
