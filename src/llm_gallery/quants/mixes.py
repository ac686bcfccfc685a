"""The mixes that llama-quantize offers, each with the type that most of its tensors get.

The rule of this room is that of src/llama-quant.cpp and tools/quantize of `VERSION`, which llama-cpp-python 0.3.36
ships.
"""

from __future__ import annotations

from llm_gallery.architecture.refusal import Refusal, quoted

COMMIT = "0c1e570"
VERSION = f"llama.cpp {COMMIT}"
"""The commit whose rule this is; the build's number isn't in what is shipped."""

MIXES: dict[str, str] = {
    "F32": "F32",
    "BF16": "BF16",
    "F16": "F16",
    "Q8_0": "Q8_0",
    "Q6_K": "Q6_K",
    "Q5_1": "Q5_1",
    "Q5_K_M": "Q5_K",
    "Q5_K_S": "Q5_K",
    "Q5_0": "Q5_0",
    "Q4_1": "Q4_1",
    "Q4_K_M": "Q4_K",
    "Q4_K_S": "Q4_K",
    "IQ4_NL": "IQ4_NL",
    "Q4_0": "Q4_0",
    "IQ4_XS": "IQ4_XS",
    "MXFP4_MOE": "MXFP4",
    "Q3_K_L": "Q3_K",
    "Q3_K_M": "Q3_K",
    "IQ3_M": "IQ3_S",
    "Q3_K_S": "Q3_K",
    "IQ3_S": "IQ3_S",
    "IQ3_XS": "IQ3_S",
    "IQ3_XXS": "IQ3_XXS",
    "Q2_K": "Q2_K",
    "Q2_K_S": "Q2_K",
    "IQ2_M": "IQ2_S",
    "IQ2_S": "IQ2_XS",  # so the rule has it: the type IQ2_S is that of IQ2_M
    "IQ2_XS": "IQ2_XS",
    "IQ2_XXS": "IQ2_XXS",
    "Q2_0": "Q2_0",
    "TQ2_0": "TQ2_0",
    "TQ1_0": "TQ1_0",
    "IQ1_M": "IQ1_M",
    "IQ1_S": "IQ1_S",
    "Q1_0": "Q1_0",
}
"""The type of a tensor for which the rule has no other, from many bits to few."""
ALIASES = {"Q3_K": "Q3_K_M", "Q4_K": "Q4_K_M", "Q5_K": "Q5_K_M"}
UNPACKED = ("F32", "BF16", "F16")
"""Mixes without blocks: every matrix has that type, whatever its class."""
LOW_BIT = ("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M")
"""Mixes with a rule of their own, which give more bits to few tensors."""
TRAINED = ("Q2_0", "TQ2_0", "TQ1_0", "Q1_0")
"""Mixes for weights that were trained to two or three values; of others they leave little."""
PACKED = "MXFP4_MOE"
"""The mix that keeps experts as a release in MXFP4 has them."""
NEEDING_MATRIX = ("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS")
"""Types that llama-quantize makes of no tensor without an importance matrix, but for embedding and output."""


def mix_of(name: str) -> str:
    """The mix of a name in any case, or of an alias. Raises Refusal where there is none."""
    upper = name.upper()
    found = ALIASES.get(upper, upper)
    if found not in MIXES:
        raise Refusal(
            f"{quoted(name)} is no mix of llama-quantize, expected one of {', '.join(MIXES)}; give one of them"
        )
    return found
