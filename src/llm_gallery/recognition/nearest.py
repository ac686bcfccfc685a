"""Which families an unknown config comes near: by its model_type, and by the keys that it states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from types import NoneType
from typing import Any, NamedTuple, get_args

from llm_gallery.architecture.kinds import TOWER_WORDS
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Size, defaults
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._reader import hints, is_config
from llm_gallery.families._registry import keys, names
from llm_gallery.recognition.other_types import OF_ITS_OWN, other_type

STRUCTURAL = (
    "expert", "moe", "_rank", "ssm", "mamba", "conv", "linear_", "layer_types", "block_types",
    "pattern", "window", "_heads", "head_size", "_dim", "intermediate", "hidden_size", "ffn",
    "channels", "cross", "altup", "head_type", "multi_query", "block_config",
)  # fmt: skip
"""Words of keys that no guess may pass over: what they say changes the sizes of whole layers."""
ENCODERS = (
    "type_vocab_size",
    "encoder_layers",
    "num_decoder_layers",
    "relative_attention_num_buckets",
)
"""Keys that only encoders and models with one have; BERT's and T5's have no other sign."""
BOTH_WAYS = "position_encoding_2d"
"""The first ChatGLM's key; the later ones are decoders of the same model_type."""
SENSES = (
    "patch_size", "image_size", "num_channels", "in_channels", "in_chans", "embed_dims", "num_mel_bins", "sampling_rate",
    "feat_extract_norm", "conv_dim", "backbone", "backbone_config", "num_queries", "prediction_length",
)  # fmt: skip
"""Keys of encoders of pictures, sound and series, which have no words."""
ELSEWHERE = ("text_model_id",)
"""Keys of multimodal configs that name a language model instead of describing it: Ultravox's."""
LANGUAGE_MODELS = ("text_config", "llm_config", "language_config", "llm_cfg")
"""Where multimodal configs keep the language model's."""


TOWERS = tuple(word for words in TOWER_WORDS.values() for word in words)
"""Words of keys for other modalities: no guess describes those parts, so that it may pass over them."""


TELLING = (
    *TOWERS, "n_layer", "num_layer", "depth", "n_head", "d_model", "n_embd", "width", "_size", "norm", "loop", "recur",
    "repeat", "ut_steps", "_passes", "bias", "vocab",
)  # fmt: skip
"""Words of further keys that a reader is told of where a family passes over them: depth, towers, norms, loops."""


class Fit(NamedTuple):
    """How the keys of a config fit those that a family reads."""

    family: str
    unread: tuple[str, ...]  # stated, and nothing to the family
    passed: tuple[str, ...]  # of these, the ones that size layers
    missing: tuple[str, ...]  # sizes that the family can't do without
    invented: int  # other sizes that the family's own defaults would fill in
    absent: int  # other keys of the family that the config leaves out
    depth: int  # how far the family's keys are from the plainest ones
    read: int

    @property
    def fits(self) -> bool:
        """Whether the family can stand in: it has its sizes, and passes over little and nothing structural."""
        return not self.missing and not self.passed and 2 * len(self.unread) <= self.read


class UnknownType(Refusal):
    """A model_type that no family describes, with the families that come near it."""

    def __init__(
        self, message: str, model_type: str, by_name: tuple[str, ...], by_keys: tuple[str, ...]
    ) -> None:
        super().__init__(message)
        self.model_type = model_type
        self.by_name = by_name
        """Families whose names look like it."""
        self.by_keys = by_keys
        """Families whose keys fit, the best first: none where there is nothing to guess from."""


def structural(key: str, value: object = None) -> bool:
    """Whether a key, or one inside its object, is about the sizes of layers of the language model."""
    names = (key, *value) if isinstance(value, Mapping) else (key,)
    of_towers = any(word in key for word in TOWERS)
    return not of_towers and any(word in name for name in names for word in STRUCTURAL)


def telling(key: str, value: object) -> bool:
    """Whether a key, or one inside its object, looks as if it said something about the architecture."""
    return structural(key, value) or any(word in key for word in TELLING)


def no_decoder(raw: Mapping[str, Any]) -> str:
    """The key that says that a config is no decoder's, with its value; empty where none does."""
    classes = raw.get("architectures")
    masked = (
        [name for name in classes if "Masked" in str(name)] if isinstance(classes, list) else []
    )
    telling_keys = {key: raw[key] for key in ENCODERS if key in raw}
    if raw.get("is_encoder_decoder") is True:
        telling_keys = {"is_encoder_decoder": True}
    elif masked:
        telling_keys = {"architectures": masked[0]}
    if raw.get(BOTH_WAYS) is True:
        return f"{BOTH_WAYS} is true: a prefix language model with two positions a token"
    return next((f"{key} is {quoted(value)}" for key, value in telling_keys.items()), "")


def no_words(raw: Mapping[str, Any]) -> str:
    """The key that says that a config is an encoder's of something else than words; empty where none does."""
    spoken = any("vocab" in key for key in raw) or language_model(raw)[1]
    telling_keys = [key for key in SENSES if raw.get(key) is not None and not spoken]
    return (
        f"{telling_keys[0]} is {quoted(raw[telling_keys[0]])} without a vocabulary"
        if telling_keys
        else ""
    )


def language_model(raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The config of the language model, and the key that holds it: empty where it is the whole.

    Whether the head is tied is often said outside of it.
    """
    inner = next((key for key in LANGUAGE_MODELS if isinstance(raw.get(key), Mapping)), "")
    if not inner:
        return raw, ""
    outer = {key: raw[key] for key in ("tie_word_embeddings",) if key in raw}
    return {**outer, **raw[inner]}, inner


def fits(raw: Mapping[str, Any]) -> list[Fit]:
    """Every family, the best fit first: it leaves the fewest keys unread, and expects the fewest others."""
    every_fit = [_fit(name, raw) for name in names()]
    return sorted(every_fit, key=lambda f: (len(f.unread), f.invented, f.absent, f.depth, f.family))


def _fit(name: str, raw: Mapping[str, Any]) -> Fit:
    cls = keys(name)
    stated = {key for key in raw if key not in IGNORED}
    reference = defaults(cls.model_type)
    aliases, filled = reference.get("aliases", {}), reference.get("defaults", {})
    read: set[str] = set()  # without what this family never computes with: another may
    missing, invented, absent = [], 0, 0
    for field in fields(cls):
        hint = hints(cls)[field.name]
        spelled = {field.name, *(a for a, b in aliases.items() if b == field.name)}
        spelled.add(aliases.get(field.name, field.name))
        read |= spelled
        if not spelled & stated:
            absent += 1
            invented += Size in get_args(hint) and isinstance(filled.get(field.name), int)
            if _needed(field, hint):
                missing.append(field.name)
    unread = tuple(sorted(key for key in stated - read if raw[key]))
    return Fit(
        family=name,
        unread=unread,
        passed=tuple(key for key in unread if structural(key, raw[key])),
        missing=tuple(missing),
        invented=invented,
        absent=absent,
        depth=len(cls.__mro__),
        read=len(stated & read),
    )


def _needed(field: Field[Any], hint: Any) -> bool:
    """Whether a key is a size, or the language model itself, for which nothing can be filled in."""
    if field.default is not MISSING or NoneType in get_args(hint):
        return False
    return hint in (Size, Depth) or is_config(hint)


def unknown(model_type: str, raw: Mapping[str, Any]) -> Refusal:
    """What is said of a type that no family describes."""
    said = f"model_type is {quoted(model_type)}"
    expected = "expected a decoder-only language model"
    if odd := no_decoder(raw) or no_words(raw):
        return Refusal(f"{said}, and {odd}; {expected}")
    if own_words := OF_ITS_OWN.get(model_type):
        return Refusal(
            f"{said}, {own_words}, expected one whose parts a family has; see docs/adding-a-mechanism.md"
        )
    if kind := other_type(model_type):
        return Refusal(f"{said}, {kind}; {expected}")
    text, inside = language_model(raw)
    if inside and (inner := text.get("model_type")) is not None:
        said = f"{said} around a {inside} of {quoted(inner)}"
        model_type = str(inner)
    elif elsewhere := next((raw[key] for key in ELSEWHERE if isinstance(raw.get(key), str)), ""):
        return Refusal(
            f"{said}, whose language model is {quoted(elsewhere)}: its sizes aren't in this file; expected that "
            "model's config.json, which says what the language model is"
        )
    from difflib import get_close_matches  # only where a name is wrong

    by_name = tuple(get_close_matches(model_type[:60], names(), n=3, cutoff=0.4))
    by_keys = tuple(fit.family for fit in fits(text) if fit.fits)[:3]
    near = f"the nearest are {', '.join(by_name)}" if by_name else ""
    if by_keys:
        near = (
            f"{near or 'the nearest are'}{', and' if by_name else ''} by keys {', '.join(by_keys)}"
        )
    near = near or f"expected one such as {', '.join(names()[:3])}"
    guessed = ", --guess for what its keys make likely" if by_keys else ""
    return UnknownType(
        f"{said}, which no family describes yet; {near}; "
        f"see docs/adding-a-family.md to add it{guessed}",
        model_type,
        by_name,
        by_keys,
    )
