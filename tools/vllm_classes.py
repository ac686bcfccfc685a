"""vLLM's own classes of layers and of their kernels' needs, and its functions that make blocks and groups of them."""

from __future__ import annotations

import sys
from functools import partial
from types import SimpleNamespace as Holder
from typing import Any, NamedTuple

from tools.vllm_functions import Anything, Vllm

NAMED = {"bf16": "auto", "fp8": "fp8"}
"""Cache types as vLLM's `--kv-cache-dtype` names them."""
ATTENTION = "model_executor/layers/attention"
MAMBA = "model_executor/layers/mamba"
MODELS = "model_executor/models"
BACKENDS = "v1/attention/backends"
MLA = f"{BACKENDS}/mla"
K3 = "models/kimi_k3/nvidia/kda.py"
V4 = "models/deepseek_v4"
SPEC, MADE = "get_kv_cache_spec", "__init__"
SIZES, LAYOUTS = "get_supported_kernel_block_sizes", "supported_kv_cache_layouts"
OTHER = Holder(
    is_xpu=lambda: False, is_rocm=lambda: False, is_device_capability_family=lambda _: False
)
"""A device of NVIDIA's, without the kernels of one generation alone."""
HOPPER = Holder(is_cuda=lambda: True, get_device_capability=lambda: Holder(major=9, minor=0))
TYPES = Holder(DECODER="decoder", ENCODER="encoder", ENCODER_ONLY="encoder_only")


class States:
    """The kernel of a state."""

    @staticmethod
    def is_ssm() -> bool:
        """What vLLM asks of it."""
        return True


class Numbers:
    """Holds what it is made with."""

    def __init__(self, **given: Any) -> None:
        vars(self).update(given)


class Asked(NamedTuple):
    """What a server is started with."""

    cache: str
    ranks: int = 1
    drafts: int = 0
    prefix_caching: bool = True


class Classes:
    """Classes of vLLM's with the methods that say what is kept, and functions that count it."""

    def __init__(self, vllm: Vllm) -> None:
        self.asked: Any = None  # the config of the server that is being made
        self.vllm, self.torch = vllm, sys.modules["torch"]
        self.groups, self.interface = vllm.groups, vllm.interface
        self.shapes = vllm.states.MambaStateShapeCalculator
        self.dtypes = vllm.states.MambaStateDtypeCalculator
        self._backends()
        self._layers()
        self._entries()
        self._pooled()
        self._functions()

    def _backends(self) -> None:
        """Kernels: the blocks and layouts that they read."""
        part = partial(
            self.vllm.part, base=self.vllm.backend.AttentionBackend, current_platform=OTHER
        )
        rows = self.vllm.functions(f"{MLA}/sparse_utils.py", "align_blocks_to_rows")
        self.flash = part(
            f"{BACKENDS}/flash_attn.py", "FlashAttentionBackend", SIZES, "get_preferred_block_size", "get_name",
            "_get_sm90_fa4_fp8_kv_block_size", "_get_fa4_hd256_block_size",
            uses_fa4_hd256_kernel=lambda *_: False, get_current_vllm_config_or_none=lambda: None,
        )  # fmt: skip
        self.mla = part(f"{MLA}/flashattn_mla.py", "FlashAttnMLABackend", SIZES, "get_name")
        self.sparse = part(
            f"{MLA}/flashmla_sparse.py", "FlashMLASparseBackend", SIZES, "customize_spec", "get_name", **rows
        )  # fmt: skip
        in_16_bits = part(
            f"{MLA}/flashattn_mla_sparse.py", "FlashAttnMLASparseBackend", SIZES, "customize_spec", **rows
        )  # fmt: skip
        self.padded = self.vllm.part(
            "models/dots3_note/nvidia/attention.py", "Dots3NotePaddedSparseBackend", LAYOUTS, "get_name",
            base=in_16_bits,
        )  # fmt: skip
        self.index = part(f"{MLA}/indexer.py", "DeepseekV32IndexerBackend", SIZES, "get_name")
        self.blocks = part(
            "models/minimax_m3/common/sparse_attention.py", "MiniMaxM3SparseBackend", SIZES, "get_name"
        )  # fmt: skip

    def _layers(self) -> None:
        part, functions = self.vllm.part, self.vllm.functions
        kernel = functions(f"{ATTENTION}/attention.py", "_largest_kernel_block_within")
        self.attention = part(
            f"{ATTENTION}/attention.py", "Attention", SPEC, AttentionType=TYPES, **kernel
        )
        self.chunked = part(
            f"{ATTENTION}/chunked_local_attention.py", "ChunkedLocalAttention", SPEC
        )
        self.latent = part(f"{ATTENTION}/mla_attention.py", "MLAAttention", SPEC)
        self.indexer = part(f"{MODELS}/deepseek_v2.py", "DeepseekV32IndexerCache", SPEC)
        m3 = "models/minimax_m3"
        self.m3_indexer = part(f"{m3}/common/indexer.py", "MiniMaxM3IndexerCache", SPEC)
        self.m3_attention = part(f"{m3}/nvidia/model.py", "MiniMaxM3SparseAttention", SPEC)
        self.state = part(f"{MAMBA}/abstract.py", "MambaBase", SPEC, "is_kv_cache_tp_replicated")
        self.mamba2 = part(f"{MAMBA}/mamba_mixer2.py", "MambaMixer2", SPEC, base=self.state)
        exported = functions(f"{MAMBA}/kda_checkpoint.py", "kda_prefill_checkpoint_alignment")
        self.k3 = part(K3, "KimiK3DeltaAttention", SPEC, base=self.state, **exported)

    def _entries(self) -> None:
        """DeepSeek V4's."""
        part, v4 = self.vllm.part, partial(self.vllm.part, get_current_vllm_config=Anything())
        backend = partial(part, base=self.vllm.backend.AttentionBackend, current_platform=OTHER)
        sparse = backend(f"{V4}/sparse_mla.py", "DeepseekV4SparseMLABackend", SIZES)
        self.entries_kernel = part(
            f"{V4}/sparse_mla.py", "DeepseekV4FlashMLABackend", "get_name", base=sparse
        )
        self.window_kernel = backend(
            f"{MLA}/sparse_swa.py", "DeepseekSparseSWABackend", SIZES, "get_preferred_block_size", "get_name"
        )  # fmt: skip
        self.open_kernel = backend(f"{V4}/compressor.py", "CompressorBackend", SIZES, "get_name")
        self.chosen_kernel = backend(
            f"{MLA}/indexer.py", "DeepseekV4IndexerBackend", SIZES, LAYOUTS, "get_name"
        )
        self.entries = part(f"{V4}/attention.py", "DeepseekV4Attention", SPEC)
        self.chosen = v4(f"{V4}/attention.py", "DeepseekV4IndexerCache", SPEC, MADE)
        self.open = v4(f"{V4}/compressor.py", "CompressorStateCache", SPEC, MADE)
        self.window = v4(f"{MLA}/sparse_swa.py", "DeepseekV4SWACache", SPEC, MADE)

    def _pooled(self) -> None:
        """GLM-5.3's and Qwen3.8's, and Inkling's convolutions."""
        part = self.vllm.part
        backend = partial(part, base=self.vllm.backend.AttentionBackend, current_platform=OTHER)
        sizes = self.vllm.functions(
            "utils/deep_gemm.py", "get_paged_mqa_page_sizes", current_platform=OTHER
        )
        glm = "models/glm5next/common"
        self.glm_index_kernel = part(
            f"{MLA}/indexer.py", "Glm5NextIndexerBackend", SIZES, base=self.index,
            get_current_vllm_config=lambda: self.asked, **sizes,
        )  # fmt: skip
        self.glm_tail_kernel = backend(
            f"{MLA}/indexer.py", "KpoolTailBackend", SIZES, LAYOUTS, "get_name"
        )
        rounded = self.vllm.functions("utils/math_utils.py", "next_power_of_2", "cdiv")
        self.glm_index = part(
            f"{glm}/attention.py", "Glm5NextIndexerCache", SPEC, base=self.indexer
        )
        self.glm_tail = part(
            f"{glm}/attention.py", "Glm5NextTailCache", SPEC, base=self.indexer, **rounded
        )
        exported = self.vllm.functions(
            f"{MAMBA}/kda_checkpoint.py", "kda_prefill_checkpoint_alignment"
        )
        self.glm_state = part(
            f"{glm}/kda.py", "Glm5NextLinearAttention", SPEC, base=self.state, **exported
        )
        qwen = "models/qwen4_exp"
        self.qsa_kernel = part(
            f"{qwen}/nvidia/qsa.py", "Qwen4ExpQSAFlashAttentionBackend", SIZES, "get_name", base=self.flash
        )  # fmt: skip
        self.qsa_state_kernel = backend(
            f"{qwen}/common/qsa_cache.py", "QSAStateBackend", LAYOUTS, "get_name"
        )
        self.qsa = part(f"{qwen}/nvidia/qsa.py", "Qwen4ExpQSAAttention", SPEC)
        self.qsa_ring = part(
            f"{qwen}/common/qsa_cache.py", "QSAKeyStateCache", SPEC, MADE, base=Numbers
        )
        self.qsa_ring._BF16_PER_INT64, self.qsa_ring._NUM_ROPE_AXES = 4, 3
        self.qsa_keys = part(f"{qwen}/common/qsa_cache.py", "QSACompressedKeyCache", SPEC)
        self.ple = part(
            f"{qwen}/nvidia/ple_layer.py", "Qwen4ExpPLELayer", "is_kv_cache_tp_replicated", "get_state_shape",
            "get_state_dtype", base=self.state,
        )  # fmt: skip
        inkling = "models/inkling/nvidia/sconv_swa_attn.py"
        self.convolved_kernel = backend(inkling, "InklingSconvBackend", "get_name")
        self.convolved = part(
            inkling, "InklingConvState", SPEC, MADE, get_current_vllm_config=lambda: self.asked,
            get_tensor_model_parallel_world_size=lambda: self.asked.parallel_config.tensor_parallel_size,
        )  # fmt: skip

    def _functions(self) -> None:
        part, functions = self.vllm.part, self.vllm.functions
        self.v4_dtype = functions(f"{V4}/attention.py", "_resolve_dsv4_kv_cache_dtype")[
            "_resolve_dsv4_kv_cache_dtype"
        ]
        self.flashkda = functions(K3, "is_flashkda_supported", current_platform=HOPPER)[
            "is_flashkda_supported"
        ]
        self.platform = part(
            "platforms/interface.py", "Platform", "update_block_size_for_backend", "_find_non_ssm_backends",
            "_preferred_block_size_for_backends", "_check_aligned_block_size", "_align_hybrid_block_size",
        )  # fmt: skip
        packing = "_canonicalize_sparse_mla_kv_cache_dtype"
        self.packing = functions(f"{ATTENTION}/mla_attention.py", packing)[packing]
        self.customized = functions("v1/worker/utils.py", "customize_attention_spec")[
            "customize_attention_spec"
        ]
        layouts = functions(
            f"{BACKENDS}/utils.py", "get_supported_kv_cache_layouts", "resolve_kv_cache_layout",
            "_DEFAULT_LAYOUT_PREFERENCE", "_layout_names",
            envs=Holder(VLLM_KV_CACHE_LAYOUT=None), get_kv_connector_cache_layout=lambda _: None,
            _layout_from_name=self.interface.KVCacheLayout.__getitem__,
        )  # fmt: skip
        self.layouts, self.layout = (
            layouts["get_supported_kv_cache_layouts"],
            layouts["resolve_kv_cache_layout"],
        )
        config = partial(part, f"{MODELS}/config.py")
        self.caching = config("MambaModelConfig", "verify_and_update_config")
        stated = "update_mamba_ssm_cache_dtype"
        self.nemotron = config("NemotronHForCausalLMConfig", stated, "verify_and_update_config")
        self.nemotron.DEFAULT_MAMBA_SSM_CACHE_DTYPE = "float32"
        self.qwen = config("Qwen3_5ForConditionalGenerationConfig", "verify_and_update_config")
        self.supports = part("config/model.py", "ModelConfig", "is_prefix_caching_supported")
