"""Phi-4 multimodal as its release has it: the reference's towers under other names, and adapters on the language model.

One adapter is added while pictures are read, another while sounds are; a text alone runs neither. What of the towers
is larger or smaller than the reference's class fills in, the release's code says: SigLIP for 448 pixels.

Reference: transformers/models/phi4_multimodal/convert_phi4_multimodal_weights_to_hf.py, and the release's own code,
https://huggingface.co/microsoft/Phi-4-multimodal-instruct/blob/main/modeling_phi4mm.py
Paper: https://arxiv.org/abs/2503.01743
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor, tensors
from llm_gallery.architecture.parts import linear, renamed
from llm_gallery.families._config import Depth, Size, config, same
from llm_gallery.families._reader import read
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._phi4_audio import Phi4Audio, phi4_audio
from llm_gallery.families.beside._siglip import siglip
from llm_gallery.families.beside.phi4_multimodal import PICTURES, SOUNDS, Phi4Vision

OF_ATTENTION = {f"{x}_proj": f"linear_{x}" for x in ("q", "k", "v")} | {"o_proj": "linear_out"}
RELEASED = {**OF_ATTENTION, "gate_up_proj": "net.0.linear", "down_proj": "net.2"}
"""The conformer's maps, as the release calls what the reference renames."""


@config("")
class NemoConv:
    conv_channels: Size


@config("")
class Distances:
    t5_bias_max_distance: Size
    type: Literal["t5"] = "t5"


@config("", unused=("input_size",))
class Normed:
    pass


@config("", unused=("activation_checkpointing", "chunk_size", "dropout_rate", "left_chunk"))
class Conformer:
    """The keys of the release; switches stand as its one size has them."""

    attention_dim: Size
    attention_heads: Size
    linear_units: Size
    num_blocks: Depth
    input_size: Size
    kernel_size: Size
    time_reduction: Size
    depthwise_multiplier: Size
    depthwise_seperable_out_channel: Size
    ext_pw_out_channel: Size
    nemo_conv_settings: NemoConv
    relative_attention_bias_args: Distances
    encoder_embedding_config: Normed
    activation: Literal["swish"]
    conv_activation: Literal["swish"]
    conv_glu_type: Literal["swish"]
    input_layer: Literal["nemo_conv"]
    batch_norm: Literal[False]
    bias_in_glu: Literal[True]
    causal: Literal[True]
    cnn_layer_norm: Literal[True]
    ext_pw_kernel_size: Literal[1]


@config("")
class Heard:
    config: Conformer
    name: Literal["cascades"] = "cascades"


@config("", unused=("compression_rate", "enable_gradient_checkpointing"))
class OfSounds:
    downsample_rate: Size
    embedding_cls: Literal["audio"]
    projection_cls: Literal["mlp"]
    use_conv_downsample: Literal[False]
    use_qformer: Literal[False]


@config("", unused=("enable_gradient_checkpointing", "hd_transform_order"))
class OfPictures:
    crop_size: Literal[448]
    embedding_cls: Literal["tune_image"]
    image_token_compression_cls: Literal["avg_pool_2d"]
    projection_cls: Literal["mlp"]
    use_hd_transform: Literal[True]
    with_learnable_separator: Literal[True]


@config("")
class Embedded:
    audio_embd_layer: OfSounds
    image_embd_layer: OfPictures
    embedding_cls: Literal["image_audio"]


@config("", unused=("dp", "layer", "lora_alpha"))
class Adapter:
    """Of the layers that it names no other choice is known than attention's and the MLP's four matrices."""

    r: Size


@config("phi4mm", unused=("img_processor",))
class Phi4Mm:
    audio_processor: Heard
    embd_layer: Embedded
    speech_lora: Adapter
    vision_lora: Adapter


def phi4mm(c: Phi4Mm, stream: int, text: Block) -> tuple[Block, ...]:
    """Both towers with what joins them, and the adapters."""
    seen = read(Phi4Vision, {})[0]
    width, heard = int(seen.hidden_size), c.audio_processor.config
    ends = Tensor("glb_GN", (1, 1, width)), Tensor("sub_GN", (1, 1, 1, width))
    frames = heard.attention_dim * c.embd_layer.audio_embd_layer.downsample_rate
    of_sounds = (
        part
        for beside in ("speech", "vision")
        for part in two_maps(f"audio_projection.{beside}", frames, stream)
    )
    maps = two_maps("img_projection", width, stream)
    return (
        siglip(seen, f"{PICTURES}.img_processor"),
        Block("projector", PICTURES, inside=(tensor_block("", *ends), *maps)),
        renamed(phi4_audio(of_the_reference(c), f"{SOUNDS}.encoder"), RELEASED),
        Block("projector", SOUNDS, inside=tuple(of_sounds)),
        Block("projector", "model", inside=tuple(adapters(c, text))),
    )


def two_maps(name: str, inputs: int, stream: int) -> tuple[Block, ...]:
    """Two linear maps, an activation between them."""
    return (
        linear(f"{name}.0", inputs, stream, bias=True),
        linear(f"{name}.2", stream, stream, bias=True),
    )


def of_the_reference(c: Phi4Mm) -> Phi4Audio:
    """The conformer's sizes under the reference's keys."""
    said = c.audio_processor.config
    same(
        said.depthwise_seperable_out_channel,
        said.ext_pw_out_channel,
        ("depthwise_seperable_out_channel", "ext_pw_out_channel"),
    )
    return read(
        Phi4Audio,
        {
            "hidden_size": said.attention_dim,
            "num_attention_heads": said.attention_heads,
            "intermediate_size": said.linear_units,
            "num_blocks": said.num_blocks,
            "input_size": said.input_size,
            "kernel_size": said.kernel_size,
            "time_reduction": said.time_reduction,
            "depthwise_multiplier": said.depthwise_multiplier,
            "depthwise_separable_out_channel": said.depthwise_seperable_out_channel,
            "ext_pw_out_channel": said.ext_pw_out_channel,
            "nemo_conv_channels": said.nemo_conv_settings.conv_channels,
            "bias_max_distance": said.relative_attention_bias_args.t5_bias_max_distance,
        },
    )[0]


def adapters(c: Phi4Mm, text: Block) -> Iterator[Block]:
    """Two narrow matrices beside each of a layer's four, once for pictures and once for sounds."""
    stored = ".base_layer.weight"
    for tensor in tensors(text):
        if not tensor.name.endswith(stored):
            continue
        gives, reads = tensor.shape
        name = tensor.name.removeprefix("model.").removesuffix(stored)
        for kind, rank in (("vision", int(c.vision_lora.r)), ("speech", int(c.speech_lora.r))):
            yield tensor_block(
                name,
                Tensor(f"lora_A.{kind}.weight", (rank, reads)),
                Tensor(f"lora_B.{kind}.weight", (gives, rank)),
            )
