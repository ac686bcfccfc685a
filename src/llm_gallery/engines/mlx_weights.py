"""The tensors of a model as mlx-lm converts them: in 16 bits, or whole matrices in 8, 6 or 4 bits.

Source: mlx-lm 0.32.2, `utils.quantize_model` with groups of 64, `convert.convert`, and `quant_predicate` and
`cast_predicate` of each model's file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import Block, Tensor, children
from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.engines.holding import Place
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.mlx_cache import GROUP, quantized
from llm_gallery.engines.mlx_models import VERSION, file_of
from llm_gallery.engines.packing import MXFP4
from llm_gallery.engines.subject import Subject, once_a_subject

BITS = {"bf16": 16, "8-bit": 8, "6-bit": 6, "4-bit": 4}
"""Bits of a number of a quantized matrix, by the name of the weights."""


class _Rules(NamedTuple):
    """What one file does otherwise than most."""

    eight: frozenset[str] = frozenset()  # kinds of parts that are never below 8 bits
    whole: frozenset[str] = frozenset()  # kinds and roles that are never quantized
    single: frozenset[str] = frozenset()  # roles of tensors that stay in 32 bits
    dropped: frozenset[str] = frozenset()  # roles of tensors that aren't loaded
    idle_keys: bool = False  # whether layers that share keys hold maps to some, and a norm of them


_ROUTER = frozenset(("router",))
_BALANCE = frozenset(("correction",))
_PRECISE = _Rules(eight=_ROUTER)
_BALANCED = _Rules(eight=_ROUTER, single=_BALANCE)
_WHOLE = _Rules(whole=_ROUTER)
_DEEPSEEK = _Rules(whole=_ROUTER, single=_BALANCE)
_GATED = _Rules(eight=frozenset(("router", "shared_gate")))
_GRANITE = _Rules(eight=frozenset(("router", "output", "down", "head")))
_RULES: Mapping[str, _Rules] = {
    "Klear": _BALANCED,
    "afmoe": _BALANCED,
    "bailing_hybrid": _BALANCED._replace(whole=frozenset(("key value",))),
    "bailing_moe": _BALANCED,
    "bailing_moe_linear": _BALANCED,
    "ernie4_5_moe": _Rules(dropped=_BALANCE),
    "exaone_moe": _DEEPSEEK,
    "gemma3n": _Rules(idle_keys=True),
    "gemma4": _PRECISE,
    "glm4_moe": _DEEPSEEK,
    "glm4_moe_lite": _DEEPSEEK,
    "glm_moe_dsa": _DEEPSEEK,
    "gpt_oss": _PRECISE,
    "granite": _GRANITE,
    "granitemoe": _GRANITE,
    "rwkv7": _Rules(eight=frozenset(("embedding", "alpha", "beta", "value_share", "gate"))),
    "spark2_5": _Rules(whole=frozenset(("g_proj",))),
    "granitemoehybrid": _PRECISE,
    "jamba": _PRECISE,
    "kimi_k25": _DEEPSEEK,
    "kimi_k3": _BALANCED,
    "kimi_linear": _BALANCED._replace(single=frozenset(("correction", "decay", "step_bias"))),
    "kimi_vl": _DEEPSEEK,
    "laguna": _BALANCED,
    "lfm2_moe": _BALANCED,
    "longcat_flash": _BALANCED,
    "mellum": _PRECISE,
    "mimo_v2_flash": _DEEPSEEK,
    "minimax": _BALANCED,
    "minimax_m3_vl": _BALANCED,
    "nemotron_h": _Rules(whole=_ROUTER, single=frozenset(("correction", "decay"))),
    "qwen3_5": _Rules(single=frozenset(("decay",))),
    "qwen3_5_moe": _GATED._replace(single=frozenset(("decay",))),
    "qwen3_moe": _PRECISE,
    "qwen3_next": _GATED,
    "qwen3_vl_moe": _PRECISE,
    "solar_open": _DEEPSEEK,
    "step3p5": _BALANCED,
    **dict.fromkeys(("deepseek_v3", "deepseek_v32"), _DEEPSEEK),
    **dict.fromkeys(("deepseek", "deepseek_v2", "dots1"), _WHOLE),
}
"""Rules by the file; the others have none of their own."""
_MATRICES = frozenset(("per_layer_embedding", "position_embedding", "router", "shared_gate"))
"""Kinds of parts whose matrices are quantized, too."""
UNKNOWN = ("bailing_moe_v3", "bitnet", "kimi_k3", "muse_spark")
"""Files whose weights aren't known here: they load more than the model needs, or quantize by the layer."""


def weights(subject: Subject) -> tuple[str, ...]:
    """All that `mlx_lm.convert` makes. Raises Refusal where there is none that is known here."""
    if subject.file is not None:
        raise Refusal(
            f"{printable(subject.name)} is a file of your own, expected a config: mlx-lm loads what mlx_lm.convert makes; "
            "give --file-bytes, or use --with llama.cpp"
        )
    file = file_of(subject)
    packed = _packed(subject)
    if file in UNKNOWN or packed not in (None, "fp8", "mxfp4"):
        how = f"packed by {packed}" if packed else f"of {file}"
        raise Refusal(
            f"the weights of {printable(subject.name)} are {how}, expected some whose conversion by mlx-lm {VERSION} is "
            "known here; use --with llama.cpp"
        )
    return tuple(BITS)


def _packed(subject: Subject) -> str | None:
    """How a release is packed."""
    parts = (subject.config, subject.config.get("text_config"))
    said = [part.get("quantization_config") for part in parts if isinstance(part, Mapping)]
    found = next((packed for packed in said if isinstance(packed, Mapping)), None)
    return None if found is None else printable(str(found.get("quant_method")))


@once_a_subject
def loaded(subject: Subject, name: str) -> tuple[Loaded, ...]:
    """The tensors of the language model; what reads pictures or drafts tokens isn't loaded.

    Raises Refusal for weights that `mlx_lm.convert` isn't asked for here.
    """
    if name not in BITS:
        raise Refusal(
            f"the weights are {quoted(name)}, expected one of {', '.join(BITS)} for mlx-lm; name one with --quant"
        )
    file = file_of(subject)
    rules, tied = _RULES.get(file, _Rules()), subject.root.value("tied") is True
    walking = _Walk(BITS[name], rules, tied, _packed(subject) == "mxfp4")
    return tuple(walking.of(subject.root, subject.root.name, Place()))


class _Walk(NamedTuple):
    bits: int
    rules: _Rules
    tied: bool
    mxfp4: bool  # whether experts stay packed as they are released

    def of(self, block: Block, path: str, at: Place) -> Iterator[Loaded]:
        """The tensors of a block and of all inside it."""
        for tensor in block.tensors:
            if tensor.tied_to is None:
                yield self._loaded(block, tensor, path, at)
        if self.rules.idle_keys and "shared_kv" in block.facts:
            yield self._idle_keys(block, path)
        for below, part in children(path, block):
            if not part.stands_apart:
                copy = f"{below}.*" if part.copies > 1 and not part.stacked else below
                yield from self.of(part, copy, at.inside(block, part))

    def _loaded(self, block: Block, tensor: Tensor, path: str, at: Place) -> Loaded:
        return Loaded(
            tensor.full_name(path),
            self._bytes(block, tensor, at) * at.copies,
            copies=at.copies,
            used=at.used,
            read=at.run and (self.tied if block.is_embedding else not block.table),
        )

    def _idle_keys(self, block: Block, path: str) -> Loaded:
        """The maps to keys and values of a layer that reads an earlier one's, and the norm of its keys."""
        query, size = block.part("query"), block.number("head_dim")
        assert query is not None
        elements = 2 * block.number("kv_heads") * size * query.tensors[0].shape[1]
        return Loaded(f"{path} (idle)", quantized(elements, self.bits) + 2 * size, read=False)

    def _bytes(self, block: Block, tensor: Tensor, at: Place) -> int:
        """Bytes of one copy."""
        said = {block.kind, block.name, tensor.role, *block.roles, " ".join(block.roles)}
        if self.mxfp4 and at.share == "experts" and not tensor.role.endswith("bias"):
            return MXFP4.bytes(tensor.shape)
        if tensor.role in self.rules.dropped:
            return 0
        if tensor.role in self.rules.single:
            return 4 * tensor.elements
        linear = block.is_matrix or block.is_mlp or block.is_head or block.is_embedding
        quantizes = linear or block.kind in _MATRICES
        quantizes &= not tensor.role.endswith("bias")
        if len(tensor.shape) != 2 or tensor.shape[-1] % GROUP or not quantizes:
            return 2 * tensor.elements
        if not self.rules.whole.isdisjoint(said):
            return 2 * tensor.elements
        precise = not self.rules.eight.isdisjoint(said)
        return quantized(tensor.elements, max(self.bits, 8) if precise else self.bits)
