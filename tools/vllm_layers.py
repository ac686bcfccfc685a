"""A model's layers as vLLM's own classes, with the numbers of our tree, and the bytes that its functions make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from types import SimpleNamespace as Holder
from typing import Any

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import (
    Architecture,
    Block,
    distinct,
    layers,
    main_stack,
    model_parts,
)
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms import MECHANISMS
from tools.vllm_classes import NAMED, TYPES, Asked, Classes, States
from tools.vllm_functions import Anything
from tools.vllm_shapes import SHAPES, taps

QWEN4 = ("qwen4_exp", "qwen4_exp_text")
QWEN = ("qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text", *QWEN4)
GLM = ("glm5_next", "glm5_next_text")
INKLING = ("inkling_mm_model", "inkling_text")
KIMI = ("kimi_k3", "kimi_linear")
NOTE = ("dots3_note", "dots3_note_text")
FLOOR = -5.0
"""Any lower bound of a decay: FlashKDA asks whether there is one."""


class Unknown(Exception):
    """A mixer that vLLM has no class for, or that isn't set up here."""


class Served:
    """vLLM's groups of a model's layers, and the config that they are of.

    Raises Unknown for a mixer, and AssertionError where vLLM can't divide one over so many ranks.
    """

    def __init__(
        self, model: Architecture, config: Mapping[str, Any], asked: Asked, classes: Classes
    ) -> None:
        if any(block.reads_beside for layer in layers(model.root) for block in distinct(layer)):
            raise Unknown
        self.model, self.classes, self.ranks = model, classes, asked.ranks
        self.config = classes.asked = self._config(config, asked)
        if model.model_type == "nemotron_h":
            classes.nemotron.verify_and_update_config(self.config)
        if model.model_type in QWEN:
            classes.qwen.verify_and_update_config(self.config)
        found = [*chain.from_iterable(map(self._of, layers(model.root)))] * depth_passes(model.root)
        stack = main_stack(model.root)
        for _, part in model_parts(model.root):
            if part is not stack:
                found += self._of(part)
        self.config.layers = {f"layers.{number}": layer for number, layer in enumerate(found)}
        self._update(found)
        self.grouped = classes.groups.get_kv_cache_groups(self.config, self._specs())

    def bytes(self, length: int, in_flight: int) -> int:
        """Bytes of a request of so many tokens, with so many in flight."""
        self.config.model_config.max_model_len = length
        self.config.max_in_flight_tokens = in_flight
        taken = self.classes.groups._max_memory_usage_bytes_from_groups(self.config, self.grouped)
        return int(taken)

    def _config(self, config: Mapping[str, Any], asked: Asked) -> Any:
        """A server's config, as far as what is kept depends on it."""
        stated = {"mamba_ssm_dtype": "float32"} if self.model.model_type in QWEN else {}
        text = Holder(**stated | config.get("text_config", config))
        return Holder(
            cache_config=Holder(
                block_size=16, user_specified_block_size=False, cache_dtype=NAMED[asked.cache],
                mamba_block_size=None, mamba_page_size_padded=None, mamba_cache_mode="none",
                mamba_cache_dtype="auto", mamba_ssm_cache_dtype="auto", kv_cache_dtype_skip_layers=[],
                skip_page_size_padded=None, use_replayssm=False, enable_prefix_caching=asked.prefix_caching,
                num_gpu_blocks_override=None, kv_cache_layout=None, prefix_cache_retention_interval=None,
            ),
            model_config=Holder(
                dtype=self.classes.torch.bfloat16, max_model_len=2**20, architecture="", hf_config=text,
                hf_text_config=text, use_mla=False,
            ),
            parallel_config=Holder(tensor_parallel_size=asked.ranks, decode_context_parallel_size=1),
            scheduler_config=Holder(enable_chunked_prefill=True, disable_hybrid_kv_cache_manager=False),
            num_speculative_tokens=asked.drafts, speculative_config=None,
            attention_config=Holder(hisparse_config=None), compilation_config=Anything(),
            max_in_flight_tokens=0, layers={},
        )  # fmt: skip

    def _update(self, found: list[Any]) -> None:
        """Prefix caching where vLLM turns it on, and the block that all layers read and that holds a state."""
        classes, served = self.classes, self.config
        states = [layer for layer in found if isinstance(layer, classes.state)]
        paged = [layer for layer in found if not isinstance(layer, classes.state)]
        supports = classes.supports()
        supports.pooler_config = None
        supports.attn_type = "decoder" if not states else "hybrid" if paged else "attention_free"
        served.cache_config.enable_prefix_caching &= supports.is_prefix_caching_supported
        if states:
            classes.caching.verify_and_update_config(served)
        if paged:
            first = next((layer for layer in paged if isinstance(layer, classes.latent)), paged[0])
            sizes = served.model_config
            sizes.is_hybrid, sizes.use_mla = bool(states), isinstance(first, classes.latent)
            sizes.get_head_size = lambda: first.head_size
            sizes.get_num_kv_heads = lambda _: 1 if sizes.use_mla else first.num_kv_heads
            classes.vllm.given(
                {
                    "vllm.config.cache": {"CacheConfig": Holder(DEFAULT_BLOCK_SIZE=16)},
                    "vllm.config.vllm": {
                        "get_layers_from_vllm_config": lambda held, _: held.layers
                    },
                    "vllm.model_executor.models": {"ModelRegistry": _registry(states)},
                }
            )
            classes.platform.update_block_size_for_backend(served)

    def _specs(self) -> dict[str, Any]:
        """What every layer states, as its kernel wants it, in the layout that all kernels read."""
        classes, specs = self.classes, {}
        for name, layer in self.config.layers.items():
            specs[name] = layer.get_kv_cache_spec(self.config)
            if isinstance(specs[name], classes.interface.AttentionSpec):
                specs[name] = classes.customized(layer.get_attn_backend(), specs[name])
        kernels = dict.fromkeys(layer.get_attn_backend() for layer in self.config.layers.values())
        names = [layout.name for layout in classes.layouts(k for k in kernels if not k.is_ssm())]
        layout = classes.layout(self.config, [names], specs.values())
        self.config.cache_config.get_resolved_kv_cache_layout = lambda: layout
        return specs

    def _of(self, part: Block) -> list[Any]:
        """Layers of a part of the model. Raises Unknown for what none of them keeps."""
        if not part.used or part.stands_apart:
            return []
        made: list[Any] = []
        kept = MECHANISMS[part.kind].kept(part)
        if part.kind in KINDS:
            made += KINDS[part.kind](self, part)
        elif kept.row and (kept.growing or kept.states):
            raise Unknown
        if part.kind not in WHOLE:
            for inner in part.inside:
                made += self._of(inner)
        return made

    def _attention(self, block: Block) -> Iterator[Any]:
        inkling = self.model.model_type in INKLING
        if {"noise_heads", "bidirectional"} & block.facts.keys():
            raise Unknown
        if "convolved" in block.facts and not inkling:
            raise Unknown
        if "shared_kv" in block.facts:
            return
        classes, count = self.classes, block.number("kv_heads")
        assert count % self.ranks == 0 or self.ranks % count == 0  # as all of vLLM's models assert
        size, seen = block.number("head_dim"), reach(block)
        kernel = classes.flash
        layer = classes.chunked if "chunk" in block.facts else classes.attention
        if "selected" in block.facts and self.model.model_type in QWEN4:
            kernel, layer = classes.qsa_kernel, classes.qsa
        elif "selected" in block.facts:
            kernel, layer = classes.blocks, classes.m3_attention
        if inkling:
            text = self.config.model_config.hf_text_config
            convolved = classes.convolved(
                num_kv_heads=count, head_dim=size, hidden_size=text.hidden_size,
                kernel_size=taps(block), prefix="",
            )  # fmt: skip
            yield _read_by(classes.convolved_kernel, convolved)
        value = block.number("value_dim") if "value_dim" in block.facts else size
        yield self._made(
            layer, kernel, num_kv_heads=max(1, count // self.ranks), head_size=size, head_dim=size,
            head_size_v=value, sliding_window=seen, attention_chunk_size=seen, **self._numbers(),
        )  # fmt: skip

    def _latent(self, block: Block) -> Iterator[Any]:
        if "noise_heads" in block.facts:
            raise Unknown
        if "shared_kv" in block.facts:
            return
        classes, width = self.classes, block.number("kv_rank") + block.number("rope_dim")
        if (
            self.model.model_type == "minicpm3"
        ):  # MiniCPM3Attention: values padded to the keys' size
            size = block.number("nope_dim") + block.number("rope_dim")
            assert block.number("heads") % self.ranks == 0
            yield self._made(
                classes.attention, classes.flash, num_kv_heads=block.number("heads") // self.ranks,
                head_size=size, head_size_v=size, sliding_window=None, **self._numbers(),
            )  # fmt: skip
            return
        kernel = classes.sparse if "selected" in block.facts else classes.mla
        if self.model.model_type in NOTE:  # Dots3NotePaddedMLAAttention: as wide as a window's
            assert self.config.cache_config.cache_dtype == "auto"  # its kernels read no other
            kernel = classes.padded if "selected" in block.facts else classes.mla
            width = max(
                part.number("kv_rank") + part.number("rope_dim")
                for part in distinct(self.model.root) if "kv_rank" in part.facts
            )  # fmt: skip
        name = classes.packing(kernel, self.config.cache_config.cache_dtype)
        yield self._made(
            classes.latent, kernel, head_size=width, sliding_window=reach(block),
            indexer=block.child("indexer"), non_causal_multi_token_decode=False, **self._numbers(name),
        )  # fmt: skip

    def _indexer(self, block: Block) -> Iterator[Any]:
        classes, cache = self.classes, {"cache_config": self.config.cache_config}
        size = block.number("head_dim")
        if "pooled" in block.facts:
            yield from self._pooled(block)
            return
        if "block_size" in block.facts:
            dtype = classes.torch.bfloat16
            yield self._made(
                classes.m3_indexer, classes.blocks, head_dim=size, dtype=dtype, **cache
            )
        else:
            wide = _with_scales(size)
            dtype = classes.torch.uint8
            yield self._made(classes.indexer, classes.index, head_dim=wide, dtype=dtype, **cache)

    def _pooled(self, block: Block) -> Iterator[Any]:
        classes, cache = self.classes, {"cache_config": self.config.cache_config}
        size, pooled = block.number("head_dim"), block.number("pooled")
        bf16 = classes.torch.bfloat16
        if self.model.model_type in GLM:
            assert self.config.cache_config.cache_dtype == "auto"  # others aren't set up here
            yield self._made(
                classes.glm_index, classes.glm_index_kernel, head_dim=_with_scales(size), _index_kpool=pooled,
                dtype=classes.torch.uint8, **cache,
            )  # fmt: skip
            yield self._made(
                classes.glm_tail,
                classes.glm_tail_kernel,
                head_dim=size,
                _index_kpool=pooled,
                **cache,
            )
        elif self.model.model_type in QWEN4:
            rope = self.config.model_config.hf_text_config.rope_parameters
            ring = classes.qsa_ring(
                head_size=size, cache_rope_positions="mrope_section" in rope, dtype=bf16,
                compress_ratio=pooled, **cache,
            )  # fmt: skip
            yield _read_by(classes.qsa_state_kernel, ring)
            yield self._made(
                classes.qsa_keys, classes.qsa_state_kernel, head_size=size, dtype=bf16, compress_ratio=pooled,
                **cache,
            )  # fmt: skip
        else:
            raise Unknown

    def _compressed(self, block: Block) -> Iterator[Any]:
        """DeepSeek V4's window, entries, keys of the indexer, and what isn't pooled yet."""
        if {"shared_index", "shared_stream"} & block.facts.keys():
            raise Unknown
        classes, cache = self.classes, self.config.cache_config
        name, dtype = classes.v4_dtype(True, cache.cache_dtype, cache)
        size = block.number("head_dim")
        window = classes.window(
            size, block.number("window"), dtype, "", cache, backend_cls=classes.window_kernel
        )
        yield _read_by(classes.window_kernel, window)
        compressor, indexer = block.child("compressor"), block.child("indexer")
        if compressor is not None:
            yield self._made(
                classes.entries, classes.entries_kernel, compress_ratio=compressor.number("ratio"), head_dim=size,
                kv_cache_dtype=name, kv_cache_torch_dtype=dtype,
            )  # fmt: skip
            yield self._open(compressor)
        if indexer is not None:
            pooling = indexer.child("compressor")
            assert pooling is not None
            wide, ratio = _with_scales(indexer.number("head_dim")), pooling.number("ratio")
            chosen = classes.chosen(wide, classes.torch.uint8, "", cache, ratio)
            yield _read_by(classes.chosen_kernel, chosen)
            yield self._open(pooling)

    def _open(self, compressor: Block) -> Any:
        """As vLLM's compressor makes it: numbers and weights, of two entries where they overlap."""
        ratio = compressor.number("ratio")
        if ratio not in (4, 128):
            raise Unknown
        size = 2 * (1 + (ratio == 4)) * compressor.number("head_dim")
        made = self.classes.open(size, self.classes.torch.float32, ratio, "")
        return _read_by(self.classes.open_kernel, made)

    def _state(self, block: Block) -> Iterator[Any]:
        """A state's layer, with vLLM's own shapes and dtypes."""
        classes, layer = self.classes, self.classes.state
        shape, dtype = SHAPES[block.kind](block, self.config, classes)
        numbers: dict[str, Any] = {"mamba_type": None}
        if "groups" in block.facts:
            layer = classes.mamba2
        if self.model.model_type in (*KIMI, *GLM):
            layer = classes.k3 if self.model.model_type in KIMI else classes.glm_state
            floor = FLOOR if "decay_floor" in block.facts else None
            model = self.config.model_config.dtype
            fits = classes.flashkda(block.number("head_dim"), model, dtype[1], floor)
            numbers["kda_prefill_backend"] = "flashkda" if fits else "triton"
        made = self._made(layer, States, **numbers)
        made.get_state_shape, made.get_state_dtype = lambda: shape, lambda: dtype
        yield made

    def _ngram_memory(self, block: Block) -> Iterator[Any]:
        if not any("channels" in part.facts for part in distinct(block)):
            return
        if self.model.model_type not in QWEN4:
            raise Unknown
        text = self.config.model_config.hf_text_config
        yield self._made(
            self.classes.ple, States, mamba_type=None, hc_hidden_size=text.hidden_size * text.hc_count,
            conv_state_len=(text.ple_conv_kernel_size - 1) * text.ngram_size,
            num_spec_tokens=self.config.num_speculative_tokens, model_config=self.config.model_config,
            cache_config=self.config.cache_config,
        )  # fmt: skip

    def _numbers(self, name: str = "") -> dict[str, Any]:
        """The dtype of keys and values, by its name and torch's."""
        name = name or self.config.cache_config.cache_dtype
        dtype = self.classes.vllm.dtypes.kv_cache_dtype_str_to_dtype(name, self.config.model_config)
        return {"kv_cache_dtype": name, "kv_cache_torch_dtype": dtype, "attn_type": TYPES.DECODER}

    def _made(self, layer: Any, kernel: Any, **numbers: Any) -> Any:
        made = object.__new__(layer)
        vars(made).update(numbers, attn_backend=kernel)
        return _read_by(kernel, made)


def _read_by(kernel: Any, layer: Any) -> Any:
    layer.get_attn_backend = lambda: kernel
    return layer


def _registry(states: list[Any]) -> Any:
    """What vLLM asks a model's class for: the shape and dtype of its state, or its states where they differ."""
    asked = Holder()
    if len({type(state) for state in states}) > 1:
        asked.get_mamba_specs_from_config = lambda held: [s.get_kv_cache_spec(held) for s in states]
    elif states:
        asked.get_mamba_state_shape_from_config = lambda _: states[0].get_state_shape()
        asked.get_mamba_state_dtype_from_config = lambda _: states[0].get_state_dtype()
    return Holder(resolve_model_cls=lambda *_, **__: (asked, None))


def _with_scales(size: int) -> int:
    """As vLLM's indexers make it: keys in 8 bits, a scale of 4 bytes for each 128."""
    return size + size // 128 * 4


KINDS = {
    "attention": Served._attention,
    "compressed_attention": Served._compressed,
    "indexer": Served._indexer,
    "latent_attention": Served._latent,
    "ngram_memory": Served._ngram_memory,
    **dict.fromkeys(SHAPES, Served._state),
}
WHOLE = ("compressed_attention", "indexer", "ngram_memory", *SHAPES)
"""Those that set up what their parts keep."""
