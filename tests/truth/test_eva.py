"""GLM-4V 9B's tower, which only its release's code builds, beside a second writing of what that stores.

Read: https://huggingface.co/THUDM/glm-4v-9b/blob/main/visual.py, as vLLM and optimum-habana repeat it.
"""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.recognition import describe
from tools.digests import described

WIDTH, INNER, STREAM, MLP, LAYERS, SIDE, PICTURE = 48, 100, 64, 72, 5, 7, 56
TOWER = "transformer.vision."


def held(**parts: Any) -> Any:
    """A module of these parts."""
    from torch import nn

    made = nn.Module()
    for name, part in parts.items():
        setattr(made, name, part)
    return made


def written() -> Any:
    """The release's module: patches, layers that norm what they give, a convolution, a gated adapter and two ends."""
    import torch
    from torch import nn

    def one() -> Any:
        return held(
            input_layernorm=nn.LayerNorm(WIDTH),
            attention=held(
                query_key_value=nn.Linear(WIDTH, 3 * WIDTH), dense=nn.Linear(WIDTH, WIDTH)
            ),
            mlp=held(fc1=nn.Linear(WIDTH, INNER), fc2=nn.Linear(INNER, WIDTH)),
            post_attention_layernorm=nn.LayerNorm(WIDTH),
        )

    def plain(inputs: int, outputs: int) -> Any:
        return nn.Linear(inputs, outputs, bias=False)

    places = (PICTURE // SIDE) ** 2 + 1
    return held(
        patch_embedding=held(
            proj=nn.Conv2d(3, WIDTH, SIDE, SIDE),
            cls_embedding=nn.Parameter(torch.zeros(1, WIDTH)),
            position_embedding=nn.Embedding(places, WIDTH),
        ),
        transformer=held(layers=nn.ModuleList([one() for _ in range(LAYERS)])),
        linear_proj=held(
            linear_proj=plain(STREAM, STREAM),
            norm1=nn.LayerNorm(STREAM),
            gate_proj=plain(STREAM, MLP),
            dense_h_to_4h=plain(STREAM, MLP),
            dense_4h_to_h=plain(MLP, STREAM),
        ),
        conv=nn.Conv2d(WIDTH, STREAM, 2, 2),
        boi=nn.Parameter(torch.zeros(1, 1, STREAM)),
        eoi=nn.Parameter(torch.zeros(1, 1, STREAM)),
    )


@pytest.mark.truth
def test_the_tower_is_the_releases() -> None:
    import torch

    raw = {
        "model_type": "chatglm", "padded_vocab_size": 97, "num_layers": 2, "hidden_size": STREAM, "ffn_hidden_size": MLP,
        "kv_channels": 16, "num_attention_heads": 4, "multi_query_attention": True, "multi_query_group_num": 2,
        "seq_length": 512, "add_bias_linear": False, "add_qkv_bias": True,
        "vision_config": {
            "in_channels": 3, "num_hidden_layers": LAYERS, "hidden_size": WIDTH, "patch_size": SIDE, "num_heads": 4,
            "intermediate_size": INNER, "num_positions": (PICTURE // SIDE) ** 2 + 1, "image_size": PICTURE,
            "hidden_act": "gelu", "scaling_factor": 8, "dropout_prob": 0.0, "layer_norm_eps": 1e-6,
        },
    }  # fmt: skip
    with torch.device("meta"):
        theirs = {f"{TOWER}{k}": tuple(v.shape) for k, v in written().state_dict().items()}
    found = describe(raw)
    ours = {name: s for name, s in described(found.root).items() if name.startswith(TOWER)}
    assert ours == theirs
    assert found.unread == found.warnings == ()
