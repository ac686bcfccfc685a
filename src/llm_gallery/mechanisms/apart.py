"""What a checkpoint stores beside the language model: predictions of later tokens, and other modalities."""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Drawn, Names, inert, keeps_nothing, no_work
from llm_gallery.mechanisms.lane_drawing import BY_CODE

MECHANISMS = (
    Drawn(
        kind="multi_token_prediction",
        names=Names("multi token prediction"),
        colour="embedding",
        concepts=("multi-token-prediction",),
        does="A module that predicts the tokens after the next. Stored beside the model.",
        numbers=(),
        drawing=BY_CODE,
        kept=keeps_nothing,
        work=no_work,
    ),
    inert(
        kind="vision_tower",
        names=Names("vision tower"),
        colour="embedding",
        concepts=("vision-tower",),
        does="Encodes images into vectors that stand among the tokens. Stored beside the model.",
    ),
    inert(
        kind="audio_tower",
        names=Names("audio tower"),
        colour="embedding",
        does="Encodes sound into vectors that stand among the tokens. Stored beside the model.",
    ),
    inert(
        kind="projector",
        names=Names("projector"),
        colour="embedding",
        does="Brings what a tower gives to the width of the stream.",
    ),
)
