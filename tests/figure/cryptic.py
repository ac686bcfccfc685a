"""Words of a figure that an outsider can't read: numbers without a noun, possessives of tensors, fractions for savings."""

from __future__ import annotations

import re

CRYPTIC = re.compile(
    "|".join(
        (
            r"^(?:up )?to [\d,]+$",  # to what?
            r"\b(?:up|down|gate|q|k|v|out)'s\b",  # a tensor owns nothing
            r"\b1 / [\d.]+\b(?!\s*[×²√])",  # of what? "4 × less cache" says it
            r"\bdelayed\b",
            r"^[\d,]+ / [\d,]+$",
            r"\bRoPE ?[\d,]+ / [\d,]+",
            r"\b[kv]: (?:[\d,]+|one) of [\d,]+$",  # heads
            r"^(?:k, v: .*\b|[\d,]+ )of each$",  # of what?
            r"\b\d+ \+ \d+ of [\d,]+\b",  # 8 of 256 and a shared one
            r"\b1 layer read\b|\b1 layers\b",
            r"^of what that\b",
        )
    )
)


def cryptic(words: str) -> bool:
    """Whether such a thing is said."""
    return CRYPTIC.search(words) is not None
