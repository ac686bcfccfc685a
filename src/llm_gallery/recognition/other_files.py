"""Files that lie beside a `config.json` and are given in its place by mistake: what each is, and which to give instead."""

from __future__ import annotations

from collections.abc import Mapping
from re import search
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, quoted

HERE = "give the config.json beside it"
OF_THE_MODEL = "give the config.json of the model that it was made of"
ONLY = "only language models are described"


class OtherFile(NamedTuple):
    """A file of a model that says nothing of its layers, or says it in another program's keys."""

    name: str  # as it lies in a repository
    keys: tuple[str, ...]  # that together no config has
    is_a: str
    instead: str = HERE
    typed: bool = False  # whether it states a model_type too, of which no config is meant


OTHERS = (
    OtherFile(
        "mlc-chat-config.json",
        ("model_config", "tokenizer_files"),
        "a config of MLC LLM",
        OF_THE_MODEL,
        typed=True,
    ),
    OtherFile(
        "config.json", ("rootfs",), "the config of an Ollama image", OF_THE_MODEL, typed=True
    ),
    OtherFile(
        "args.json",
        ("output_dir", "learning_rate", "template"),
        "the arguments of a training",
        "give its model's",
        typed=True,
    ),
    OtherFile("model.safetensors.index.json", ("weight_map",), "the index of a checkpoint's files"),
    OtherFile("tokenizer_config.json", ("tokenizer_class",), "the settings of a tokenizer"),
    OtherFile("tokenizer.json", ("added_tokens", "model"), "a tokenizer"),
    OtherFile("chat_template.json", ("chat_template",), "the template of a chat"),
    OtherFile(
        "preprocessor_config.json", ("image_processor_type",), "the settings of an image processor"
    ),
    OtherFile(
        "preprocessor_config.json",
        ("feature_extractor_type",),
        "the settings of a feature extractor",
    ),
    OtherFile("preprocessor_config.json", ("image_mean",), "the settings of an image processor"),
    OtherFile(
        "video_preprocessor_config.json",
        ("video_processor_type",),
        "the settings of a video processor",
    ),
    OtherFile("processor_config.json", ("processor_class",), "the settings of a processor"),
    OtherFile("trainer_state.json", ("log_history",), "the log of a training"),
    OtherFile(
        "training_args.json",
        ("per_device_train_batch_size",),
        "the arguments of a training",
        "give its model's",
    ),
    OtherFile("all_results.json", ("train_runtime",), "the results of a training"),
    OtherFile(
        "ds_config.json", ("zero_optimization",), "the settings of DeepSpeed", "give its model's"
    ),
    OtherFile(
        "adapter_config.json",
        ("peft_type",),
        "an adapter of a model that it doesn't name",
        "give that model's",
    ),
    OtherFile("quantize_config.json", ("bits", "group_size"), "the settings of a quantization"),
    OtherFile("quant_config.json", ("w_bit", "q_group_size"), "the settings of a quantization"),
    OtherFile(
        "quantization_config.json", ("quant_method", "bits"), "the settings of a quantization"
    ),
    OtherFile(
        "measurement.json", ("measurement", "last_module_idx"), "ExLlama's measurements of a model"
    ),
    OtherFile(
        "args.json", ("tensor_model_parallel_size",), "the arguments of Megatron", OF_THE_MODEL
    ),
    OtherFile(
        "metadata.json", ("sharded_backend",), "a note of Megatron's checkpoint", OF_THE_MODEL
    ),
    OtherFile("config.json", ("builder_config",), "a config of TensorRT-LLM", OF_THE_MODEL),
    OtherFile("openvino_config.json", ("optimum_version",), "the settings of OpenVINO"),
    OtherFile("config.json", ("base_emb_dim",), "a config of MaxText", OF_THE_MODEL),
    OtherFile("config.json", ("train_module", "dataset"), "a config of OLMo-core", OF_THE_MODEL),
    OtherFile(
        "config.yml", ("num-layers", "hidden-size"), "a config of GPT-NeoX's code", OF_THE_MODEL
    ),
    OtherFile("hparams.json", ("n_vocab", "n_embd"), "the sizes of OpenAI's GPT-2", OF_THE_MODEL),
    OtherFile(
        "open_clip_config.json", ("model_cfg", "preprocess_cfg"), "a config of OpenCLIP", ONLY
    ),
    OtherFile("config.json", ("pretrained_cfg",), "a config of timm", ONLY),
    OtherFile("cfg.json", ("d_sae",), "the config of a sparse autoencoder", OF_THE_MODEL),
    OtherFile("config.json", ("medusa_num_heads",), "the config of Medusa's heads", OF_THE_MODEL),
    OtherFile(
        "2_Dense/config.json",
        ("in_features", "out_features"),
        "the sizes of one layer",
        "give the one above it",
    ),
    OtherFile("tekken.json", ("config", "vocab", "special_tokens"), "a tokenizer"),
    OtherFile(
        "preset.json", ("identifier", "operation", "load"), "a preset of LM Studio", OF_THE_MODEL
    ),
    OtherFile(
        "manifest.json", ("owner", "name", "dependencies"), "a manifest of LM Studio", OF_THE_MODEL
    ),
    OtherFile("a.ipynb", ("cells", "nbformat"), "a notebook", "give a model's"),
    OtherFile(
        "results.json",
        ("results", "versions", "config"),
        "the results of an evaluation",
        OF_THE_MODEL,
    ),
    OtherFile("eval_results.json", ("eval_loss",), "the results of an evaluation"),
    OtherFile(
        "default_config.yaml",
        ("compute_environment", "distributed_type"),
        "the settings of Accelerate",
        "give a model's",
    ),
    OtherFile("genai_config.json", ("model", "search"), "a config of ONNX Runtime", OF_THE_MODEL),
    OtherFile(
        "config.json",
        ("pretrained_config", "build_config"),
        "a config of TensorRT-LLM",
        OF_THE_MODEL,
    ),
    OtherFile("config.json", ("architecture", "mapping"), "a config of TensorRT-LLM", OF_THE_MODEL),
    OtherFile(
        "config.json", ("unk_token", "layer_norm_epsilon"), "a config of CTranslate2", OF_THE_MODEL
    ),
    OtherFile("config.json", ("class_name", "registered_name"), "a config of Keras", OF_THE_MODEL),
    OtherFile(
        "lit_config.json", ("hf_config", "n_query_groups"), "a config of LitGPT", OF_THE_MODEL
    ),
    OtherFile(
        "hf_quant_config.json", ("producer", "quantization"), "the settings of a quantization"
    ),
    OtherFile(
        "manifest.json", ("schemaVersion", "layers"), "the manifest of an image", OF_THE_MODEL
    ),
    OtherFile(
        "1_Pooling/config.json",
        ("word_embedding_dimension",),
        "the settings of a pooling",
        "give the one above it",
    ),
    OtherFile(
        "config_sentence_transformers.json",
        ("__version__",),
        "the settings of Sentence Transformers",
    ),
    OtherFile(
        "sentence_bert_config.json",
        ("max_seq_length", "do_lower_case"),
        "the settings of Sentence Transformers",
    ),
    OtherFile(
        "model_index.json", ("_diffusers_version",), "the config of an image generator", ONLY
    ),
    OtherFile("special_tokens_map.json", ("eos_token",), "a tokenizer's map of special tokens"),
    OtherFile("generation_config.json", ("_from_model_config",), "the settings of generation"),
    OtherFile("generation_config.json", ("temperature",), "the settings of generation"),
    OtherFile("generation_config.json", ("do_sample",), "the settings of generation"),
    OtherFile("generation_config.json", ("eos_token_id",), "the settings of generation"),
    OtherFile("generation_config.json", ("chat_format",), "the settings of generation"),
    OtherFile(
        "special_tokens_map.json",
        ("additional_special_tokens",),
        "a tokenizer's map of special tokens",
    ),
    OtherFile("tokenizer_config.json", ("model_max_length",), "the settings of a tokenizer"),
    OtherFile("tokenizer_config.json", ("do_lower_case",), "the settings of a tokenizer"),
)
"""The more telling first: a generation's settings may be no more than ids of tokens."""
TOKENS = OtherFile("vocab.json or added_tokens.json", (), "a list of tokens")
LONGEST_CLASS = 100
"""Letters of a class in `architectures`; real ones have some 40."""
ADAPTER = "base_model_name_or_path"
"""The key by which an adapter names the model that it changes."""
OF_MLX = ("lora_parameters", "model")
"""Keys of an adapter that MLX trained, the second with the model's name."""


DRAFTING = ("gemma4_assistant", "gemma4_unified_assistant")
"""Types that propose tokens to a model of another type, whose keys and values they read: no language models alone."""
MODULES = ("_mtp", "_mtp_recursive")
"""How the types end that vLLM, SGLang and xLLM give to modules of multi-token prediction (mimo_mtp, iquest_q1_mtp_recursive)."""
DRAFTERS = r"Eagle3?$|DraftModel$|(^Eagle|Eagle3)3?(Llama|MiniCPM|DeepSeek|Mistral|Qwen)"
"""Classes of such models that state the type of one that stands alone: EAGLE's, DFlash's, and what follows them.
https://github.com/SafeAILab/EAGLE, https://github.com/sgl-project/SpecForge"""


def refuse_others(raw: Mapping[str, Any]) -> None:
    """Raises Refusal where a file that states a type is no config, or that of a model which only drafts for another."""
    if raw.get("model_type") is None:
        return
    if (other := other_file(raw)) is not None:
        raise other
    if raw["model_type"] in DRAFTING:
        raise Refusal(
            f"model_type is {quoted(raw['model_type'])}, a drafter that reads the keys and values of a Gemma 4, "
            "expected a language model; give the config of that Gemma 4"
        )
    if str(raw["model_type"]).endswith(MODULES):
        raise Refusal(
            f"model_type is {quoted(raw['model_type'])}, the prediction modules of another model, as servers load "
            "them; expected a language model: give that model's config"
        )
    match raw.get("architectures"):
        case [str(name)] if len(name) <= LONGEST_CLASS and search(DRAFTERS, name):
            raise Refusal(
                f"architectures is {quoted(name)}, a drafter that reads another model's states, "
                "expected a language model; give the config of the model that it drafts for"
            )


def other_file(raw: Mapping[str, Any]) -> Refusal | None:
    """What is said of a file that isn't a config at all; None where nothing tells.

    Where it states a type, only those are looked for that do.
    """
    typed = raw.get("model_type") is not None
    if not typed and (adapter := adapted(raw)):
        return Refusal(
            f"it is an adapter of {quoted(adapter)} (adapter_config.json), expected a config.json; "
            "give that model's"
        )
    for other in OTHERS:
        if (typed and not other.typed) or (other.instead is HERE and "hidden_size" in raw):
            continue  # what lies beside a config has no sizes
        if all(key in raw for key in other.keys):
            return _refusal(other)
    return _refusal(TOKENS) if not typed and _of_tokens(raw) else None


def adapted(raw: Mapping[str, Any]) -> str:
    """The model that an adapter changes; empty where the file is no adapter's."""
    if all(key in raw for key in OF_MLX):
        base = raw[OF_MLX[1]]
    else:
        base = raw.get(ADAPTER) if "peft_type" in raw else None
    return base if isinstance(base, str) else ""


def _refusal(other: OtherFile) -> Refusal:
    return Refusal(f"it is {other.is_a} ({other.name}), expected a config.json; {other.instead}")


def _of_tokens(raw: Mapping[str, Any]) -> bool:
    """Whether it gives tokens their numbers: no config has such words as keys."""
    return all(type(value) is int for value in raw.values()) and any(
        not key.isidentifier() for key in raw
    )
