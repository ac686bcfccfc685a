"""Meta's `params.json` of Llama 1 to 3, of text alone; those of several parts in _native_parts.py.

Reference: https://github.com/meta-llama/llama-models (models/llama3/args.py, models/llama3/model.py)
"""

from __future__ import annotations

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json
from llm_gallery.recognition.native_mistral import CONTEXT, NOT_TOLD, SIZES, of_llama
from llm_gallery.recognition.spelled import Spelled, Spelling, needed, nothing_else, size

OF_META = ("dim", "n_layers", "n_heads", "multiple_of", "norm_eps", "vocab_size")
META_TOO = (
    "n_kv_heads",
    "ffn_dim_multiplier",
    "rope_theta",
    "use_scaled_rope",
    "rope_scaling_factor",
)
STRETCHED = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
"""What Meta's code does where `use_scaled_rope` is true, unless the file states another factor."""
SMALL = 3072
"""The width of the larger of two models that tie their output, which no key says."""
TIED = "Llama 3.2 1B and 3B tie the output to the embedding, which their params.json doesn't say: their outputs are counted"


def meta(raw: Json) -> Spelled:
    """Meta's: the MLP's width is two thirds of four times the stream's, by a factor, rounded up."""
    needed(raw, OF_META)
    nothing_else(raw, (*OF_META, *META_TOO, *NOT_TOLD, CONTEXT[0]))
    if raw["vocab_size"] == -1:
        raise Refusal(
            "vocab_size is -1, which leaves it to the tokenizer, expected a number; write 32000 "
            "for Llama 1 and 2, or what the tokenizer has"
        )
    spelling = Spelling(raw, "llama")
    stretched, theta = switch(raw, "use_scaled_rope"), raw.get("rope_theta")
    spelling.drops(
        (
            *NOT_TOLD,
            CONTEXT[0],
            "multiple_of",
            "ffn_dim_multiplier",
            "use_scaled_rope",
            "rope_scaling_factor",
        )
    )
    spelling.moves(SIZES)
    spelling.says("intermediate_size", *widened(raw), "derived")
    if theta is None:
        spelling.says("rope_theta", 1e4, "rope_theta", "assumed")
    if stretched:
        factor = raw.get("rope_scaling_factor") or STRETCHED["factor"]
        spelling.says("rope_scaling", {**STRETCHED, "factor": factor}, "use_scaled_rope", "implied")
    spelling.implies({"tie_word_embeddings": False, "attention_bias": False, "mlp_bias": False})
    spelled = of_llama(raw, spelling, "Meta")
    return (
        spelled._replace(notes=(*spelled.notes, TIED))
        if stretched and raw["dim"] <= SMALL
        else spelled
    )


def widened(raw: Json) -> tuple[int, str]:
    """The width of Meta's MLP, and how it comes."""
    dim, unit = size(raw, "dim"), size(raw, "multiple_of")
    inner, formula = 2 * 4 * dim // 3, "8 / 3 x dim"
    if raw.get("ffn_dim_multiplier") is not None:
        inner = int(factor_of(raw, "ffn_dim_multiplier", 1) * inner)
        formula = f"{formula} x ffn_dim_multiplier"
    return -(-inner // unit) * unit, f"{formula}, rounded up to multiple_of"


def factor_of(raw: Json, key: str, usual: float, where: str = "") -> float:
    """A number that a width is multiplied by; `usual` where the file states none."""
    factor = usual if raw.get(key) is None else raw[key]
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor < 1000:
        raise Refusal(f"{where}{key} is {quoted(factor)}, expected a positive number; correct it")
    return factor


def switch(raw: Json, key: str, where: str = "") -> bool:
    """True or false; false where the file is silent."""
    said = raw.get(key)
    if said not in (None, False, True):
        raise Refusal(f"{where}{key} is {quoted(said)}, expected true or false; correct it")
    return bool(said)
