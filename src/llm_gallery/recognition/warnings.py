"""Warnings: what you must know before you use the numbers of a config."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from re import search, sub
from typing import Any

from llm_gallery.architecture.block import Block, distinct, distinct_layers, layers
from llm_gallery.architecture.kinds import kinds_named
from llm_gallery.architecture.parts import unstated_choice
from llm_gallery.architecture.refusal import quoted
from llm_gallery.families._config import LANGUAGE_MODEL, defaults
from llm_gallery.families._reader import Reading, hints, is_config
from llm_gallery.families._registry import keys
from llm_gallery.recognition.filled_by_fla import fla_defaults
from llm_gallery.recognition.nearest import TOWERS as OF_OTHERS
from llm_gallery.recognition.nearest import telling

OTHER_HEADS = r"(Classification|QuestionAnswering|MultipleChoice|Reward\w*|(?<!LMHead)(?<!GLM)(?<!Custom)Model)$"
"""Ends of the names of classes without the head that predicts the next token: LlamaModel, not ChatGLMModel."""
QUANTIZED = ("quantization_config", "quantization", "quantization_bit")
"""What says how weights are stored: transformers' key, that of MLX and of params.json, and ChatGLM's."""
TOWERS = ("vision_config", "audio_config")
LEFT_OUT = "parts for pictures or sound"
"""Parts that may be of any other modality, where nothing names them."""
OF_PARAMS = "multimodal"
"""Where Mistral's params.json keeps what hears or sees."""
TIED = "tie_word_embeddings"
DEPTH = "num_hidden_layers"
BOTH_WAYS = "is_causal"
"""The key by which the reference's masks hide nothing: of embedding models in a language model's layers."""
OF_DEPTH = ("n_layer", "n_layers", "num_layer", "num_layers", "depth")
"""Other names of it: a config that has one and not the family's own means it."""


def warnings(
    raw: Mapping[str, Any], family: str, root: Block, reading: Reading, *, misnamed: bool
) -> Iterator[str]:
    """The lines; `misnamed` says that the class in `architectures` was read in place of the model_type."""
    yield from unread_keys(raw, reading)
    yield from reading.foreign
    classes = raw.get("architectures")
    named = [name for name in classes if isinstance(name, str)] if isinstance(classes, list) else []
    yield from _classes(family, named)
    yield from _unsaid_tie(raw, family, root)
    for part in unnamed_parts(raw, family, root):
        if part == LEFT_OUT:
            yield "vision or audio towers are not described: the config gives none"
        else:
            yield (
                f"the config gives no {part}: its tower is not described, where transformers "
                "would build one from defaults; no number of the whole is certain"
            )
    blocks = [block for layer in distinct_layers(root) for block in distinct(layer)]
    mixtures = [block for block in blocks if block.is_mixture]
    if any(block.value("identity_experts") for block in mixtures):
        yield "some choices of the router run no expert: active parameters are the most that run"
    if leaves := next((b.facts["used"] for b in mixtures if unstated_choice(b)), None):
        yield (
            f"how many experts run for a token isn't known ({leaves.source} is null): active parameters and "
            "compute are those of all of them, the most that can run"
        )
    if any("product_keys" in block.facts for block in distinct(root)):
        yield (
            "where several tokens are read at once, the class mixes their router scores: a token's experts depend on "
            "later tokens too, and differ where it is written by itself"
        )
    if any(block.kind == "patcher" and block.used for block in distinct(root)):
        yield (
            "how many bytes a patch has depends on the text: cache and compute are given for patches of one byte, "
            "the most that they can be"
        )
    if passed := sum(not layer.used for layer in layers(root)):
        yield (
            f"{passed:,} layers read pictures, and a text skips them: active parameters, cache and compute "
            "are those of a text"
        )
    if misnamed:
        yield "the config's model_type is another model's: the class in architectures is read"
    elif "model_type" not in raw:
        yield "the config has no model_type: it is taken from the class in architectures"
    yield from quantized(raw, raw.get(LANGUAGE_MODEL))


def quantized(*configs: object) -> Iterator[str]:
    """The warning that weights are stored in another format than they are counted in."""
    said = (
        config.get(key) for config in configs if isinstance(config, Mapping) for key in QUANTIZED
    )
    if any(said):
        yield "the checkpoint is stored quantized: parameters count logical elements"


def towers_named(raw: Mapping[str, Any], reading: Reading) -> tuple[str, ...]:
    """Objects at the top that are about another modality and that the family doesn't read: GLM-4V's, Qwen-VL's."""
    return tuple(
        key
        for key in reading.unread
        if isinstance(raw.get(key), Mapping)
        and any(word in key for word in (*OF_OTHERS, OF_PARAMS))
    )


def unnamed_parts(raw: Mapping[str, Any], family: str, root: Block) -> tuple[str, ...]:
    """The parts of another modality that a config implies, and that neither it nor its family describes.

    Its class or the id of a token may say that pictures or sounds are read; so may the key that the class of the
    whole fills in. Where no key names the part, it may be of any modality.
    """
    classes = raw.get("architectures")
    named = [str(name) for name in classes] if isinstance(classes, list) else []
    own = keys(family).classes
    multimodal = any("ConditionalGeneration" in name for name in named if name not in own)
    implied = multimodal or raw.get("image_token_id") is not None
    if implied and not any(block.other_modality for block in root.inside):
        return (*_filled_in(raw, family),) or (LEFT_OUT,)
    return () if any("CausalLM" in name for name in named) else (*_filled_in(raw, family),)


def named_towers(parts: Iterable[str], root: Block) -> Block:
    """The model with an empty tower for each one that its config names and nobody describes: it is there, its size unknown."""
    have = {block.kind for block in root.inside}
    kinds = sorted({kind for part in parts for kind in kinds_named(part)} - have)
    return replace(root, inside=(*root.inside, *map(Block, kinds))) if kinds else root


def alone(parts: tuple[str, ...], *, towers: bool = False) -> Iterator[str]:
    """The warning that only the language model, or only some towers beside it, are described."""
    if parts and towers:
        yield f"not described and not counted: {', '.join(parts)}"
    elif parts:
        yield (
            "the language model alone is described and counted; not counted: "
            f"{', '.join(parts)}, and what joins them to it"
        )


def _filled_in(raw: Mapping[str, Any], family: str) -> Iterator[str]:
    """Keys of towers that the config leaves out, and the reference's class of the whole then builds from defaults."""
    cls = keys(family)
    for part in fields(cls) if defaults(family) else ():
        left_out = part.default is None and not isinstance(raw.get(part.name), Mapping)
        if part.name in TOWERS and is_config(hints(cls)[part.name]) and left_out:
            yield part.name


def unread_keys(raw: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    """Keys that the family passes over and that look as if they said something about the architecture."""
    for path in reading.unread:
        *inside, key = path.split(".")
        holder: Any = raw
        for part in inside:
            holder = holder.get(part) if isinstance(holder, Mapping) else None
        value = holder.get(key) if isinstance(holder, Mapping) else None
        depth = ".".join((*inside, DEPTH))
        if key in OF_DEPTH and depth in reading.assumed:
            yield (
                f"{path} is {quoted(value)}, but this family reads {depth}, which is missing: the "
                "number of layers is the reference's default, not the config's"
            )
        elif key == BOTH_WAYS and value is False:
            yield (
                f"{path} is false: each token sees later ones too, as in an embedding model, which keeps no "
                "cache; the layers are described as a language model's, cache included"
            )
        elif value and telling(key, value):
            yield (
                f"{path} is a key that this family doesn't know, and looks as if sizes depended on it: "
                "no number is certain until somebody looks it up"
            )


def _classes(family: str, named: list[str]) -> Iterator[str]:
    """Classes in `architectures` that aren't the family's: one without the output head, or somebody's own."""
    reference = defaults(family).get("class", "")
    known = {stem(name) for name in (reference, family, *keys(family).classes)}
    for name in named:
        if name in keys(family).classes:
            continue
        if search(OTHER_HEADS, name):
            yield (
                f"architectures names {quoted(name)}, which has no output head of a language model or "
                "another one; the language model's is described and counted"
            )
        elif reference and stem(name) not in known:
            yield (
                f"architectures names {quoted(name)}, which isn't the class of {family} ({reference}): its "
                "own code may compute otherwise; the config is described as that class"
            )


def _unsaid_tie(raw: Mapping[str, Any], family: str, root: Block) -> Iterator[str]:
    """A head that releases store, and that the reference ties where the config's top doesn't say so: Mistral 3."""
    usual = {**defaults(family).get("defaults", {}), **fla_defaults(family, raw)}.get(TIED)
    tied = root.value("tied")
    if TIED not in raw and isinstance(usual, bool) and isinstance(tied, bool) and tied != usual:
        yield (
            f"{TIED} isn't said at the top, where transformers takes {quoted(usual)}; the head is described as "
            f"{'tied' if tied else 'stored'}, as in the releases"
        )


def stem(name: str) -> str:
    """What a class or a family is called after, in one spelling: PhiMoEForCausalLM and phimoe."""
    return sub(r"(For\w+|(LMHead\w*)?Model)$", "", name).replace("_", "").casefold()
