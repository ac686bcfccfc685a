"""Gemma's models."""

from __future__ import annotations

from llm_gallery.conversion.keys import BASE, rope
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.row import Row, Spelled

WINDOW: Spelled = {"attention.sliding_window": "sliding_window"}
CAPPED: Spelled = {"final_logit_softcapping": "final_logit_softcapping"}

ROWS = (
    Row("gemma", ("gemma",), BASE),
    Row(
        "gemma2",
        ("gemma2",),
        {**BASE, **WINDOW, **CAPPED, "attn_logit_softcapping": "attn_logit_softcapping"},
        names=SANDWICH,
    ),
    Row(
        "gemma3",
        ("gemma3", "gemma3_text"),
        {**BASE, **WINDOW, **CAPPED},
        writes=(rope,),
        names=SANDWICH,
    ),
)
