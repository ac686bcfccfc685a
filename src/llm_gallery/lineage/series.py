"""The series that a model's name begins with."""

from __future__ import annotations

import re

from llm_gallery.lineage.family_member import Member

ONE = {
    "ChatGLM": "GLM",
    "DeepSeekMoE": "DeepSeek",
    "Eagle": "RWKV",
    "Hy": "Hunyuan",
    "K-EXAONE": "EXAONE",
    "OLMoE": "OLMo",
}
"""Series that are written in two ways."""
_WORD = re.compile(r"(?:[^\W\d_][.-])?[^\W\d_]+")


def series_name(member: Member) -> str:
    """What a name begins with: "Qwen" of Qwen3-Next and of Qwen2.5, "A.X" of A.X K1."""
    match = _WORD.match(member.name)
    return match[0] if match else member.name


def displayed_series(member: Member) -> str:
    """The series by the name that it mostly has."""
    return ONE.get(series_name(member), series_name(member))


def series(member: Member) -> str:
    """The series, however it is written."""
    return displayed_series(member).lower()
