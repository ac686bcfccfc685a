"""A model's layers as vLLM's own classes know them, with the numbers of our tree, and what its functions make of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from types import SimpleNamespace as Holder
from typing import Any, NamedTuple

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import Architecture, Block, distinct, layers, walk
from llm_gallery.architecture.reach import reach
from tools.vllm_functions import Anything, Vllm

NAMED = {"bf16": "auto", "fp8": "fp8"}
"""Cache types as vLLM's `--kv-cache-dtype` names them."""
ATTENTION = "model_executor/layers/attention"
MAMBA = "model_executor/layers/mamba"
BACKENDS = "v1/attention/backends"
SPEC, SIZES, LAYOUTS = (
    "get_kv_cache_spec",
    "get_supported_kernel_block_sizes",
    "supported_kv_cache_layouts",
)
HOPPER = Holder(major=9, minor=0)


class Asked(NamedTuple):
    """What a server is started with."""

    cache: str
    tensor: int = 1
    drafts: int = 0
    prefix_caching: bool = True


class Layers:
    """vLLM's classes of layers, and its functions that make blocks, groups and bytes of what they state."""

    def __init__(self, vllm: Vllm) -> None:
        self.vllm, self.torch = vllm, sys.modules["torch"]
        part = vllm.part
        enum = vllm.interface.MambaAttentionBackendEnum
        backend = partial(part, base=vllm.backend.AttentionBackend)
        self.flash = backend(
            f"{BACKENDS}/flash_attn.py", "FlashAttentionBackend", SIZES, "get_preferred_block_size",
            "_get_sm90_fa4_fp8_kv_block_size", "_get_fa4_hd256_block_size", "get_name",
            current_platform=OTHER, uses_fa4_hd256_kernel=lambda *_: False,
            get_current_vllm_config_or_none=lambda: None,
        )  # fmt: skip
        mla = f"{BACKENDS}/mla"
        self.mla = backend(f"{mla}/flashattn_mla.py", "FlashAttnMLABackend", SIZES, "get_name")
        self.sparse = backend(
            f"{mla}/flashmla_sparse.py", "FlashMLASparseBackend", SIZES, "customize_spec", "get_name",
            current_platform=OTHER, **vllm.functions(f"{mla}/sparse_utils.py", "align_blocks_to_rows"),
        )  # fmt: skip
        self.index = backend(
            f"{mla}/indexer.py", "DeepseekV32IndexerBackend", SIZES, "get_name",
            current_platform=OTHER,
        )  # fmt: skip
        self.blocks = backend(
            "models/minimax_m3/common/sparse_attention.py",
            "MiniMaxM3SparseBackend",
            SIZES,
            "get_name",
        )
        self.padded = backend(
            f"{mla}/flashattn_mla_sparse.py", "FlashAttnMLASparseBackend", SIZES, "customize_spec", "get_name",
            **vllm.functions(f"{mla}/sparse_utils.py", "align_blocks_to_rows"),
        )  # fmt: skip
        dots = "models/dots3_note/nvidia"
        self.padded = part(
            f"{dots}/attention.py", "Dots3NotePaddedSparseBackend", LAYOUTS, base=self.padded
        )
        self.v4 = {
            "entries": backend(
                "models/deepseek_v4/sparse_mla.py", "DeepseekV4SparseMLABackend", SIZES
            ),
            "window": backend(
                f"{mla}/sparse_swa.py",
                "DeepseekSparseSWABackend",
                SIZES,
                "get_preferred_block_size",
                "get_name",
            ),
            "open": backend(
                "models/deepseek_v4/compressor.py", "CompressorBackend", SIZES, "get_name"
            ),
            "chosen": backend(
                f"{mla}/indexer.py", "DeepseekV4IndexerBackend", SIZES, LAYOUTS, "get_name"
            ),
        }
        v4 = partial(part, get_current_vllm_config=Anything())
        self.v4["entries"].get_name = lambda: "FLASHMLA_SPARSE_DSV4"
        self.v4_entries = part(
            "models/deepseek_v4/attention.py",
            "DeepseekV4Attention",
            SPEC,
        )
        self.v4_dtype = vllm.functions(
            "models/deepseek_v4/attention.py", "_resolve_dsv4_kv_cache_dtype"
        )["_resolve_dsv4_kv_cache_dtype"]
        self.v4_chosen = v4(
            "models/deepseek_v4/attention.py", "DeepseekV4IndexerCache", SPEC, "__init__"
        )
        self.v4_open = v4(
            "models/deepseek_v4/compressor.py", "CompressorStateCache", SPEC, "__init__"
        )
        self.v4_window = v4(f"{mla}/sparse_swa.py", "DeepseekV4SWACache", SPEC, "__init__")
        self.resolved = vllm.functions(
            f"{BACKENDS}/utils.py", "get_supported_kv_cache_layouts", "resolve_kv_cache_layout",
            "_DEFAULT_LAYOUT_PREFERENCE", "_layout_names",
            envs=Holder(VLLM_KV_CACHE_LAYOUT=None), get_kv_connector_cache_layout=lambda _: None,
            _layout_from_name=vllm.interface.KVCacheLayout.__getitem__,
        )  # fmt: skip
        kernel = vllm.functions(f"{ATTENTION}/attention.py", "_largest_kernel_block_within")
        self.attention = part(
            f"{ATTENTION}/attention.py", "Attention", SPEC, **kernel, AttentionType=TYPES
        )
        self.chunked = part(
            f"{ATTENTION}/chunked_local_attention.py",
            "ChunkedLocalAttention",
            SPEC,
            AttentionType=TYPES,
        )
        self.latent = part(f"{ATTENTION}/mla_attention.py", "MLAAttention", SPEC)
        self.v32 = part("model_executor/models/deepseek_v2.py", "DeepseekV32IndexerCache", SPEC)
        self.m3 = part("models/minimax_m3/common/indexer.py", "MiniMaxM3IndexerCache", SPEC)
        self.m3_attention = part(
            "models/minimax_m3/nvidia/model.py", "MiniMaxM3SparseAttention", SPEC
        )
        self.state = part(f"{MAMBA}/abstract.py", "MambaBase", SPEC, "is_kv_cache_tp_replicated")
        self.mamba2 = part(f"{MAMBA}/mamba_mixer2.py", "MambaMixer2", SPEC, base=self.state)
        self.k3 = part(
            "models/kimi_k3/nvidia/kda.py", "KimiK3DeltaAttention", SPEC, base=self.state,
            **vllm.functions(f"{MAMBA}/kda_checkpoint.py", "kda_prefill_checkpoint_alignment"),
        )  # fmt: skip
        self.flashkda = vllm.functions(
            "models/kimi_k3/nvidia/kda.py", "is_flashkda_supported",
            current_platform=Holder(is_cuda=lambda: True, get_device_capability=lambda: HOPPER),
        )["is_flashkda_supported"]  # fmt: skip
        self.enum = enum
        self.platform = part(
            "platforms/interface.py", "Platform", "_find_non_ssm_backends", "_preferred_block_size_for_backends",
            "update_block_size_for_backend", "_check_aligned_block_size", "_align_hybrid_block_size",
        )  # fmt: skip
        self.packing = vllm.functions(
            f"{ATTENTION}/mla_attention.py", "_canonicalize_sparse_mla_kv_cache_dtype"
        )["_canonicalize_sparse_mla_kv_cache_dtype"]
        self.customized = vllm.functions("v1/worker/utils.py", "customize_attention_spec")[
            "customize_attention_spec"
        ]
        config = "model_executor/models/config.py"
        self.caching = part(config, "MambaModelConfig", "verify_and_update_config")
        self.nemotron = part(
            config,
            "NemotronHForCausalLMConfig",
            "update_mamba_ssm_cache_dtype",
            "verify_and_update_config",
        )
        self.nemotron.DEFAULT_MAMBA_SSM_CACHE_DTYPE = "float32"
        self.qwen = part(
            config, "Qwen3_5ForConditionalGenerationConfig", "verify_and_update_config"
        )
        self.supports = part("config/model.py", "ModelConfig", "is_prefix_caching_supported")

    def served(self, model: Architecture, config: Mapping[str, Any], asked: Asked) -> Any:
        """vLLM's groups of a model's layers, and the config that they are of."""
        served = self._config(model, config, asked)
        found = [*self._layers(model, served)] * depth_passes(model.root)
        served.layers = {f"layers.{number}": layer for number, layer in enumerate(found)}
        states = [layer for layer in found if isinstance(layer, self.state)]
        paged = [layer for layer in found if not isinstance(layer, self.state)]
        served.model_config.is_hybrid = bool(states and paged)
        supports = self.supports()
        supports.attn_type = (
            "hybrid" if states and paged else "attention_free" if states else "decoder"
        )
        supports.pooler_config = None
        served.cache_config.enable_prefix_caching &= supports.is_prefix_caching_supported
        if states:
            self.caching.verify_and_update_config(served)
        self._grow(served, states, paged)
        specs = {}
        for name, layer in served.layers.items():
            spec = layer.get_kv_cache_spec(served)
            if isinstance(spec, self.vllm.interface.AttentionSpec):
                spec = self.customized(layer.get_attn_backend(), spec)
            specs[name] = spec
        backends = [layer.get_attn_backend() for layer in served.layers.values()]
        backends = list(dict.fromkeys(one for one in backends if not one.is_ssm()))
        names = [one.name for one in self.resolved["get_supported_kv_cache_layouts"](backends)]
        layout = self.resolved["resolve_kv_cache_layout"](served, [names], specs.values())
        served.cache_config.get_resolved_kv_cache_layout = lambda: layout
        return served, self.vllm.groups.get_kv_cache_groups(served, specs)

    def bytes(self, served: Any, groups: Any, length: int, in_flight: int) -> int:
        """Bytes of a request of so many tokens, with so many in flight."""
        served.model_config.max_model_len, served.max_in_flight_tokens = length, in_flight
        return int(self.vllm.groups._max_memory_usage_bytes_from_groups(served, groups))

    def _config(self, model: Architecture, config: Mapping[str, Any], asked: Asked) -> Any:
        """A server's config, as far as what is kept depends on it."""
        text = {"mamba_ssm_dtype": "float32"} if model.model_type in QWEN else {}
        text |= config.get("text_config", config)
        served = Holder(
            cache_config=Holder(
                block_size=16, user_specified_block_size=False, cache_dtype=NAMED[asked.cache],
                mamba_block_size=None, mamba_page_size_padded=None, mamba_cache_mode="none",
                mamba_cache_dtype="auto", mamba_ssm_cache_dtype="auto", kv_cache_dtype_skip_layers=[],
                skip_page_size_padded=None, use_replayssm=False, enable_prefix_caching=asked.prefix_caching,
                num_gpu_blocks_override=None, kv_cache_layout=None,
                prefix_cache_retention_interval=None,
            ),
            model_config=Holder(
                dtype=self.torch.bfloat16, max_model_len=2**20, architecture="", hf_config=Holder(**text),
                hf_text_config=Holder(**text), use_mla=False,
            ),
            parallel_config=Holder(tensor_parallel_size=asked.tensor, decode_context_parallel_size=1),
            scheduler_config=Holder(enable_chunked_prefill=True, disable_hybrid_kv_cache_manager=False),
            num_speculative_tokens=asked.drafts, speculative_config=None,
            attention_config=Holder(hisparse_config=None), max_in_flight_tokens=0, layers={},
        )  # fmt: skip
        if model.model_type == "nemotron_h":
            self.nemotron.verify_and_update_config(served)
        if model.model_type in QWEN:
            self.qwen.verify_and_update_config(served)
        return served

    def _grow(self, served: Any, states: list[Any], paged: list[Any]) -> None:
        """The block that all layers read, and that holds a state."""
        import vllm.config.cache as cache  # type: ignore[import-not-found]
        import vllm.config.vllm as config  # type: ignore[import-not-found]
        import vllm.model_executor.models as models  # type: ignore[import-not-found]

        cache.CacheConfig = Holder(DEFAULT_BLOCK_SIZE=16)
        config.get_layers_from_vllm_config = lambda served, _: served.layers
        states_of = Holder()
        if states:
            states_of.get_mamba_state_shape_from_config = lambda _: states[0].get_state_shape()
            states_of.get_mamba_state_dtype_from_config = lambda _: states[0].get_state_dtype()
        models.ModelRegistry = Holder(resolve_model_cls=lambda *_, **__: (states_of, None))
        latent = next((layer for layer in paged if isinstance(layer, self.latent)), None)
        served.model_config.use_mla = latent is not None
        first = latent or next(iter(paged), None)
        if first is not None:
            served.model_config.get_head_size = lambda: first.head_size
            served.model_config.get_num_kv_heads = lambda _: 1 if latent else first.num_kv_heads
            self.platform.update_block_size_for_backend(served)

    def _layers(self, model: Architecture, served: Any) -> Iterator[Any]:
        for layer in layers(model.root):
            for _, block in walk(layer):
                if block.kind in KINDS and "kept" not in block.facts:
                    yield from KINDS[block.kind](self, block, model, served)

    def _made(self, layer: Any, backend: Any, **numbers: Any) -> Any:
        made = object.__new__(layer)
        vars(made).update(numbers, get_attn_backend=lambda: backend, attn_backend=backend)
        return made

    def _heads(self, block: Block, model: Architecture, served: Any) -> Iterator[Any]:
        if block.value("shared_kv"):
            return
        ranks, count = served.parallel_config.tensor_parallel_size, block.number("kv_heads")
        assert count % ranks == 0 or ranks % count == 0  # as every attention of vLLM's asserts
        size, seen = block.number("head_dim"), reach(block)
        backend, layer = self.flash, self.chunked if "chunk" in block.facts else self.attention
        if model.model_type in M3 and "selected" in block.facts:
            backend, layer = self.blocks, self.m3_attention
        yield self._made(
            layer, backend, num_kv_heads=max(1, count // ranks), head_size=size, head_dim=size,
            head_size_v=block.number("value_dim") if "value_dim" in block.facts else size,
            attn_type=TYPES.DECODER, sliding_window=seen, attention_chunk_size=seen, **self._numbers(served),
        )  # fmt: skip

    def _numbers(self, served: Any, name: str = "") -> dict[str, Any]:
        name = name or served.cache_config.cache_dtype
        dtype = self.vllm.dtypes.kv_cache_dtype_str_to_dtype(name, served.model_config)
        return {"kv_cache_dtype": name, "kv_cache_torch_dtype": dtype}

    def _latents(self, block: Block, model: Architecture, served: Any) -> Iterator[Any]:
        if block.value("shared_kv"):
            return
        if model.model_type == "minicpm3":
            ranks, size = (
                served.parallel_config.tensor_parallel_size,
                block.number("nope_dim") + block.number("rope_dim"),
            )
            assert block.number("heads") % ranks == 0
            yield self._made(
                self.attention, self.flash, num_kv_heads=block.number("heads") // ranks, head_size=size,
                head_size_v=size, attn_type=TYPES.DECODER, sliding_window=None, **self._numbers(served),
            )  # fmt: skip
            return
        if model.model_type in NOTE:
            assert served.cache_config.cache_dtype == "auto"  # as its backend supports no other
            width = max(
                part.number("kv_rank") + part.number("rope_dim")
                for part in distinct(model.root) if "kv_rank" in part.facts
            )  # fmt: skip
            yield self._made(
                self.latent, self.mla if reach(block) else self.padded, head_size=width, sliding_window=reach(block),
                indexer=block.child("indexer"), non_causal_multi_token_decode=False, **self._numbers(served),
            )  # fmt: skip
            return
        backend = self.sparse if "selected" in block.facts else self.mla
        dtype = self.packing(backend, served.cache_config.cache_dtype)
        yield self._made(
            self.latent, backend, head_size=block.number("kv_rank") + block.number("rope_dim"),
            sliding_window=reach(block), indexer=block.child("indexer"), non_causal_multi_token_decode=False,
            **self._numbers(served, dtype),
        )  # fmt: skip

    def _compressed(self, block: Block, model: Architecture, served: Any) -> Iterator[Any]:
        """DeepSeek V4's window, entries, keys of the indexer, and what isn't pooled yet."""
        cache = served.cache_config
        name, dtype = self.v4_dtype(True, cache.cache_dtype, cache)
        yield self._set(self.v4_window(
            block.number("head_dim"), block.number("window"), dtype, "", cache, backend_cls=self.v4["window"],
        ), "window")  # fmt: skip
        for part in block.inside:
            if part.kind == "compressor":
                yield self._made(
                    self.v4_entries, self.v4["entries"], compress_ratio=part.number("ratio"),
                    head_dim=block.number("head_dim"), kv_cache_dtype=name, kv_cache_torch_dtype=dtype,
                )  # fmt: skip
                yield self._open(part)
            if part.kind == "indexer":
                size, (inner,) = (
                    part.number("head_dim"),
                    (one for one in part.inside if one.kind == "compressor"),
                )
                # As its Indexer makes it: keys in 8 bits, a scale of 4 bytes for each 128.
                size += size // 128 * 4
                chosen = self.v4_chosen(size, self.torch.uint8, "", cache, inner.number("ratio"))
                yield self._set(chosen, "chosen")
                yield self._open(inner)

    def _open(self, compressor: Block) -> Any:
        """As its compressor makes it: numbers and weights, of two entries where they overlap."""
        ratio = compressor.number("ratio")
        size = 2 * (1 + (ratio == 4)) * compressor.number("head_dim")
        return self._set(self.v4_open(size, self.torch.float32, ratio, ""), "open")

    def _set(self, layer: Any, backend: str) -> Any:
        layer.get_attn_backend = lambda: self.v4[backend]
        return layer

    def _indexers(self, block: Block, model: Architecture, served: Any) -> Iterator[Any]:
        size = block.number("head_dim")
        beside = {"cache_config": served.cache_config}
        if model.model_type in M3:
            yield self._made(
                self.m3, self.blocks, head_dim=size, dtype=self.torch.bfloat16, **beside
            )
        else:
            # As its Indexer makes it: keys in 8 bits, a scale of 4 bytes for each 128.
            size += size // 128 * 4
            yield self._made(self.v32, self.index, head_dim=size, dtype=self.torch.uint8, **beside)

    def _states(self, block: Block, model: Architecture, served: Any) -> Iterator[Any]:
        """A state's layer, with vLLM's own shapes and dtypes."""
        shapes, dtypes = (
            self.vllm.states.MambaStateShapeCalculator,
            self.vllm.states.MambaStateDtypeCalculator,
        )
        ranks, drafts, number = (
            served.parallel_config.tensor_parallel_size,
            served.num_speculative_tokens,
            block.number,
        )
        cache, model_dtype = served.cache_config, served.model_config.dtype
        taps = next((part.number("taps") for part in distinct(block) if "taps" in part.facts), 0)
        layer, enum = self.state, self.enum
        both = model_dtype, cache.mamba_cache_dtype, cache.mamba_ssm_cache_dtype
        if block.kind == "gated_deltanet":
            sizes = [number(fact) for fact in ("key_heads", "value_heads", "key_dim", "value_dim")]
            shape, dtype = (
                shapes.gated_delta_net_state_shape(ranks, *sizes, taps, drafts),
                dtypes.gated_delta_net_state_dtype(*both),
            )
        elif block.kind == "kimi_delta_attention":
            shape = shapes.kda_state_shape(
                ranks, number("heads"), number("head_dim"), conv_kernel_size=taps, num_spec=drafts
            )
            dtype = dtypes.kda_state_dtype(*both)
            layer = self.k3 if model.model_type in KIMI else self.state
        elif block.kind == "mamba":
            shape, dtype = (
                shapes.mamba1_state_shape(ranks, number("inner"), number("state_dim"), taps),
                dtypes.mamba1_state_dtype(*both),
            )
        elif block.kind == "mamba2":
            sizes = [
                number("heads") * number("head_dim"),
                *map(number, ("groups", "heads", "head_dim", "state_dim")),
            ]
            shape, dtype = (
                shapes.mamba2_state_shape(ranks, *sizes, taps, drafts),
                dtypes.mamba2_state_dtype(*both),
            )
            layer = self.mamba2
        elif block.kind == "lightning_attention":
            assert number("heads") % ranks == 0  # as its layer asserts
            shape = shapes.linear_attention_state_shape(number("heads"), ranks, number("head_dim"))
            dtype = dtypes.linear_attention_state_dtype(*both[:2])
        else:
            shape = shapes.short_conv_state_shape(ranks, number("channels"), taps, drafts)
            dtype = dtypes.short_conv_state_dtype(*both[:2])
        made = self._made(layer, STATES, mamba_type=enum.MAMBA2 if enum else None)
        made.get_state_shape, made.get_state_dtype = lambda: shape, lambda: dtype
        floored = "decay_floor" in block.facts
        if layer is self.k3:
            fits = self.flashkda(
                number("head_dim"), model_dtype, dtype[1], -5.0 if floored else None
            )
            made.kda_prefill_backend = "flashkda" if fits else "triton"
        yield made


QWEN = ("qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text")
NOTE = ("dots3_note", "dots3_note_text")
KIMI = ("kimi_k3", "kimi_linear")
M3 = ("minimax_m3_vl", "minimax_m3_vl_text")
TYPES = Holder(DECODER="decoder", ENCODER="encoder", ENCODER_ONLY="encoder_only")
OTHER = Holder(
    is_xpu=lambda: False, is_rocm=lambda: False, is_device_capability_family=lambda _: False
)
"""A platform without kernels of its own: what any device of NVIDIA's does."""
STATES = Holder(is_ssm=lambda: True)
KINDS = {
    "attention": Layers._heads,
    "latent_attention": Layers._latents,
    "compressed_attention": Layers._compressed,
    "indexer": Layers._indexers,
    **dict.fromkeys(
        (
            "gated_deltanet",
            "kimi_delta_attention",
            "mamba",
            "mamba2",
            "lightning_attention",
            "short_convolution",
        ),
        Layers._states,
    ),
}
