"""The reference: a transformers model of any size on the meta device, and what it stores and keeps in its cache.

Nothing is downloaded, no remote code runs, and no weight takes memory. Needs the `truth` extra.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

BUILT_AS = {
    # The release's own modeling code repeats DeepSeek V3's modules; transformers has no type for it.
    # https://huggingface.co/moonshotai/Kimi-K2-Base/blob/main/modeling_deepseek.py
    "kimi_k2": "deepseek_v3",
    "gpt_sw3": "gpt-sw3",  # this and the next two are names that no module can have
    "modernbert_decoder": "modernbert-decoder",
    "openai_gpt": "openai-gpt",
    "blip_2": "blip-2",
    "step3p7_saved": "step3p5",  # the reference's own words, where the family of that name has the release's
}
NEEDED = {"qwen4_exp_text": {"eos_token_id": 0}}
"""Keys that the reference refuses to build a model without, and that say nothing about what it stores."""
UNLISTED = {
    "mllama_text_model": "MllamaForCausalLM",
    "vibevoice": "VibeVoiceForConditionalGeneration",
}
"""Classes of types that the reference's lists have under their wrapper's type, or among speech decoders."""
CACHES = ("past_key_values", "cache_params", "state")
"""What answers call their cache: attention's and hybrids', Mamba's and xLSTM's, RWKV's."""
PARTS = ("layers", "linear_cache", "rnn_state")
"""Where caches hold it: in layers, beside them (MiniMax), instead of them (xLSTM)."""
RELEASED_IN = {"xlstm": "float32"}
"""Where not in bfloat16: xLSTM's state is kept in the model's dtype."""
ROTATES_BY = {"dbrx": "attn_config"}
"""Types whose release rotates by the base in an object, where the class reads the config's own (families/dbrx.py)."""
NOT_READ = ("auto_map", "quantization_config", "model_type")  # remote code, packed layouts

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What `save_pretrained` would write: experts one by one, names as the checkpoint has them."""

    parameters: Shapes
    buffers: Shapes = field(default_factory=dict)  # stored too, though no parameters there
    tied: Mapping[str, str] = field(default_factory=dict)  # second name -> the name that is stored


def version() -> str:
    """The version of transformers that answers."""
    import transformers

    return str(transformers.__version__)


def config(raw: Mapping[str, Any]) -> Any:
    """The reference's own config object for a `config.json`."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    held = copy.deepcopy({key: value for key, value in raw.items() if key not in NOT_READ})
    model_type = raw["model_type"]
    for part in (held, held.get("text_config", {})):
        part.pop("quantization_config", None)
        for key, value in NEEDED.get(part.get("model_type", model_type), {}).items():
            part.setdefault(key, value)
    if base := held.get(ROTATES_BY.get(model_type, ""), {}).get("rope_theta"):
        held["rope_theta"] = base
    return CONFIG_MAPPING[BUILT_AS.get(model_type, model_type)].from_dict(held)


def classes() -> Mapping[str, str]:
    """The reference's classes of language models, with or without other modalities, by model_type."""
    from transformers.models.auto import modeling_auto

    return {
        **modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        **modeling_auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
        **{
            name: made
            for name, made in modeling_auto.MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES.items()
            if name not in modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
        },
        **UNLISTED,
    }


def model(raw: Mapping[str, Any]) -> Any:
    """The reference's model of a `config.json`, in the dtype of its release, without memory."""
    return built(config(raw))


def built(held: Any) -> Any:
    """The reference's model of its own config object."""
    import torch
    import transformers
    from transformers import initialization

    cls = getattr(transformers, classes()[held.model_type])
    with torch.device("meta"), initialization.meta_device_safe_creation_ops():
        dtype = getattr(torch, RELEASED_IN.get(held.model_type, "bfloat16"))
        made = cls._from_config(held, dtype=dtype)
    return made.eval()


def stored(built: Any) -> Stored:
    """Names and shapes of everything that the model would store."""
    from transformers.core_model_loading import revert_weight_conversion

    once = dict(built.named_parameters(remove_duplicate=True))
    every = dict(built.named_parameters(remove_duplicate=False))
    kept = {name: value for name, value in built.state_dict().items() if name not in every}
    names = {id(value): name for name, value in once.items()}

    def converted(held: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Mapping[str, Any] = revert_weight_conversion(built, dict(held)) if held else {}
        return found

    def spelled(name: str) -> str:
        return next(iter(converted({name: every[name]})))

    return Stored(
        parameters=_shapes(converted(once)),
        buffers=_shapes(converted(kept)),
        tied={
            spelled(name): spelled(names[id(value)])
            for name, value in every.items()
            if name not in once
        },
    )


def _shapes(tensors: Mapping[str, Any]) -> Shapes:
    return {name: tuple(value.shape) for name, value in tensors.items()}


def unseen(built: Any, tokens: Any) -> dict[str, Any]:
    """What IDEFICS asks for beside tokens (1, tokens): one place of a picture, and that no token sees it."""
    if built.config.model_type != "idefics":
        return {}
    width = built.config.vision_config.embed_dim
    return {
        "image_encoder_embeddings": tokens.new_zeros((1, 1, 1, width), dtype=built.dtype),
        "image_attention_mask": tokens.new_zeros((1, tokens.shape[1], 1)),
    }


LOOPS = {"DbrxExperts", "Step3p7Experts"}


def cached_bytes(built: Any, length: int) -> int:
    """Bytes that the reference keeps of one sequence after a forward pass over `length` tokens."""
    import torch
    from torch.fx.experimental import _config as meta_device

    if hasattr(built, "set_experts_implementation"):
        built.set_experts_implementation("batched_mm")  # the one that the meta device can run
    for module in built.modules():
        # LongCat's, DBRX's and Step 3.7's loops ask for the number of each expert.
        if hasattr(module, "identity_expert") or type(module).__name__ in LOOPS:
            module.forward = lambda x, *chosen: x
        if type(module).__name__ == "JetMoeMoE":
            module.forward = lambda x: x
        if type(module).__name__ == "JetMoeMoA":
            module.map, module.reduce = _mapped(module), _reduced(module)
    if type(built).__name__.startswith(("BioGpt", "IdeficsFor")):
        built.config._attn_implementation = "eager"  # another asks whether its mask hides a token
    ids = torch.zeros((1, length), dtype=torch.long, device="meta")
    # GLM-5.3's loop over experts asks which were chosen; what a cache holds doesn't depend on it.
    with torch.no_grad(), meta_device.patch(meta_nonzero_assume_all_nonzero=True):
        found = built.get_decoder()
        if isinstance(found, torch.nn.Linear):  # ModernBERT calls its head so
            found = built.base_model
        waves = getattr(built.base_model, "time_embedding", None)  # Voxtral's, of its delay
        asked = {} if waves is None else {"t_cond": waves(ids[0, :1].to(built.dtype))[None]}
        answer = found(input_ids=ids, use_cache=True, **asked, **unseen(built, ids))
    kept = next(answer[key] for key in CACHES if answer.get(key) is not None)
    parts = [getattr(kept, key) for key in PARTS if hasattr(kept, key)] or [kept]
    # Bookkeeping counters have no second dimension; DeepSeek V4's values are its keys.
    held = {id(value): value.nbytes for value in _tensors(parts) if value.dim() >= 2}
    return sum(held.values())


def _mapped(heads: Any) -> Callable[[Any], Any]:
    """Queries of JetMoE's experts, whose sort the meta device can't run."""
    shape = (heads.top_k, heads.hidden_size)
    return lambda x: (x.new_zeros(*x.shape[:2], *shape), None, None)


def _reduced(heads: Any) -> Callable[[Any, Any], Any]:
    return lambda o, _: o.new_zeros(*o.shape[:2], heads.input_size)


def _tensors(value: Any) -> Iterator[Any]:
    """Every tensor below."""
    import torch
    from transformers.cache_utils import CacheLayerMixin, LinearAttentionCacheLayerMixin

    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _tensors(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _tensors(part)
    elif isinstance(value, CacheLayerMixin | LinearAttentionCacheLayerMixin):
        yield from _tensors(vars(value))
