"""Parts of types that the reference can't build whole, compared by themselves.

Gemma 3n's vision tower is another library's (timm; tests/families/test_timm_towers.py has it), Apertus 1.5 needs a whole vocabulary; Kimi-VL's is Kimi K2.5's, and transformers has no Kimi-VL.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from llm_gallery.recognition import describe
from tests.truth.mutations_beside import drawn_beside
from tests.truth.mutations_of_wrappers import text_config
from tools import reference
from tools.digests import described, spelled

PARTS = ("model.audio_tower.", "model.embed_audio.", "model.embed_vision.")


def drawn(draw: Random) -> dict[str, Any]:
    """The keys of both towers' configs that sizes depend on."""
    heads = draw.choice([1, 4])
    kernels = [[draw.choice([1, 3]), draw.choice([1, 3])] for _ in range(2)]
    audio = {
        "hidden_size": heads * draw.choice([16, 24]),
        "conf_num_attention_heads": heads,
        "conf_num_hidden_layers": draw.choice([1, 3]),
        "conf_conv_kernel_size": draw.choice([1, 5]),
        "input_feat_size": draw.choice([16, 33]),
        "sscp_conv_channel_size": [draw.choice([1, 8]), draw.choice([5, 8])],
        "sscp_conv_kernel_size": kernels,
        "sscp_conv_stride_size": [[2, 2], [draw.choice([1, 2]), draw.choice([1, 3])]],
        "vocab_size": draw.choice([1, 128]),
    }
    return {
        "audio_config": audio,
        "vision_config": {"hidden_size": draw.choice([16, 96]), "vocab_size": 7},
    }


@pytest.mark.truth
@pytest.mark.parametrize("seed", range(4))
def test_parts_are_the_references(seed: int) -> None:
    import torch
    from transformers.models.gemma3n import configuration_gemma3n as configs
    from transformers.models.gemma3n import modeling_gemma3n as models

    draw = Random(seed)
    towers = drawn(draw)
    text = text_config("gemma3n_text", draw)
    audio, vision = (
        made(**towers[key])
        for made, key in (
            (configs.Gemma3nAudioConfig, "audio_config"),
            (configs.Gemma3nVisionConfig, "vision_config"),
        )
    )
    held = configs.Gemma3nTextConfig.from_dict(text)
    with torch.device("meta"):
        built = (
            models.Gemma3nAudioEncoder(audio),
            models.Gemma3nMultimodalEmbedder(audio, held),
            models.Gemma3nMultimodalEmbedder(vision, held),
        )
    theirs = {
        f"{at}{name}": tuple(value.shape)
        for at, part in zip(PARTS, built, strict=True)
        for name, value in part.state_dict().items()
    }
    found = describe({"model_type": "gemma3n", "text_config": text, **towers})
    assert found.uncounted == ()
    ours = {name: s for name, s in described(found.root).items() if name.startswith(PARTS)}
    assert ours == theirs


@pytest.mark.truth
def test_kimi_vls_tower_is_kimi_k25s() -> None:
    sizes = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3, "patch_size": 7}
    text = text_config("deepseek_v3", Random(0))
    vl = describe(
        {
            "model_type": "kimi_vl",
            "text_config": text,
            "vision_config": {
                **sizes,
                "model_type": "moonvit",
                "init_pos_emb_height": 5,
                "init_pos_emb_width": 9,
                "merge_kernel_size": [2, 3],
            },
        }
    )
    places = {"pos_emb_height": 5, "pos_emb_width": 9, "num_attention_heads": 4}
    raw = {"text_config": {"num_hidden_layers": 1}, "vision_config": {**sizes, **places}}
    held = reference.config({"model_type": "kimi_k25", **raw})
    theirs = spelled("kimi_k25", reference.stored(reference.built(held)).parameters)
    tower = "vision_tower."
    ours = {name: shape for name, shape in described(vl.root).items() if name.startswith(tower)}
    assert ours == {name: shape for name, shape in theirs.items() if name.startswith(tower)}
    assert vl.uncounted == ()


@pytest.mark.truth
def test_minicpm_os_towers_are_siglip_and_whisper() -> None:
    """Its own code copies both; the queries attend by torch's own attention."""
    import torch
    from transformers import SiglipVisionConfig, SiglipVisionModel, WhisperConfig
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    seen = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3, "patch_size": 7}
    seen |= {"num_attention_heads": 4, "image_size": 50}
    heard = {
        "d_model": 64,
        "encoder_layers": 2,
        "encoder_ffn_dim": 256,
        "encoder_attention_heads": 4,
    }
    raw = {
        **text_config("qwen2", Random(1)),
        "model_type": "minicpmo",
        "query_num": 5,
        "drop_vision_last_layer": False,
        "vision_config": {**seen, "model_type": "siglip"},
        "audio_config": {**heard, "model_type": "whisper"},
        "init_tts": False,
    }
    found = describe(raw)
    width = found.root.number("width")
    with torch.device("meta"):
        built = {
            "vpm.": SiglipVisionModel(SiglipVisionConfig(**seen, vision_use_head=False)),
            "apm.": WhisperEncoder(WhisperConfig(**heard)),
            "resampler.attn.": torch.nn.MultiheadAttention(width, 1),
        }
    theirs = {
        at + name.removeprefix("vision_model."): tuple(value.shape)
        for at, part in built.items()
        for name, value in part.state_dict().items()
    }
    whole = described(found.root)
    assert theirs == {name: shape for name, shape in whole.items() if name.startswith((*built,))}
    assert found.uncounted == ()


@pytest.mark.truth
@pytest.mark.parametrize("seed", range(4))
def test_apertus_encoders_are_the_references(seed: int) -> None:
    import torch
    from transformers.models.apertus1p5 import configuration_apertus1p5 as configs
    from transformers.models.apertus1p5.modeling_apertus1p5 import Apertus1p5VisionTokenizerModel
    from transformers.models.wavtokenizer.configuration_wavtokenizer import (
        WavTokenizerEncoderConfig,
    )
    from transformers.models.wavtokenizer.modeling_wavtokenizer import WavTokenizerEncoderModel

    draw = Random(f"apertus1p5 {seed}")
    parts = drawn_beside("apertus1p5", draw)
    vision = configs.Apertus1p5VisionTokenizerConfig(**parts["vision_config"])
    audio = WavTokenizerEncoderConfig(**parts["audio_config"])
    with torch.device("meta"):
        built = {
            "model.vision_tokenizer.": Apertus1p5VisionTokenizerModel(vision),
            "model.audio_tokenizer.": WavTokenizerEncoderModel(audio),
        }
    theirs = {
        at + name: tuple(value.shape)
        for at, part in built.items()
        for name, value in part.state_dict().items()
    }
    text = text_config("apertus1p5_text", draw)
    found = describe({"model_type": "apertus1p5", "text_config": text, **parts})
    ours = described(found.root)
    assert theirs == {name: shape for name, shape in ours.items() if name.startswith((*built,))}
    assert found.uncounted == found.unread == ()
