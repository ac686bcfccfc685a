"""Vision towers as lists of tensors: counted apart from the language model, so told without wiring."""

from __future__ import annotations

from collections.abc import Iterable

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import layer, layer_norm, linear, plain_mlp, stack
from llm_gallery.families._config import Depth, Size, at_most, config, multiple, stated


@config("")
class Vit:
    """The sizes of a vision transformer."""

    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    image_size: Size
    patch_size: Size
    hidden_act: str


def outer_tie(c: object) -> Fact | None:
    """Whether the head is tied, where a multimodal config says so outside its text config."""
    said = stated(c, "tie_word_embeddings")
    return said if said.evidence == "stated" else None


def checked_tower(
    width: int, heads: int, patch: int, image: int, heads_key: str = "num_attention_heads"
) -> None:
    """Refuses heads that don't divide the width, and pictures smaller than one patch."""
    multiple(width, heads, ("vision_config.hidden_size", f"vision_config.{heads_key}"))
    at_most(patch, image, ("vision_config.patch_size", "vision_config.image_size"))


def tensor_block(name: str, *stored: Tensor) -> Block:
    """Tensors under one name, without further structure."""
    return Block("tensors", name, tensors=stored)


def filters(name: str, outputs: int, inputs: int, *kernel: int, bias: bool = True) -> Block:
    """A convolution: `outputs` filters over all the `inputs` channels, of that size in each dimension."""
    weight = Tensor("weight", tuple(map(int, (outputs, inputs, *kernel))))
    shift = (Tensor("bias", (int(outputs),)),) if bias else ()
    return tensor_block(name, weight, *shift)


def transposed_filters(name: str, inputs: int, outputs: int, taps: int) -> Block:
    """A convolution the other way round: each of the `inputs` channels writes `taps` steps of all the `outputs`."""
    weight = Tensor("weight", tuple(map(int, (inputs, outputs, taps))))
    return tensor_block(name, weight, Tensor("bias", (int(outputs),)))


def group_norm(name: str, channels: int) -> Block:
    """Groups of channels normed, each channel scaled and shifted."""
    return tensor_block(name, Tensor("weight", (int(channels),)), Tensor("bias", (int(channels),)))


def batch_norm(name: str, channels: int) -> Block:
    """Channels normed by what training saw on average, which is stored, too."""
    seen = (Tensor(f"running_{name}", (int(channels),)) for name in ("mean", "var"))
    tensor = group_norm(name, channels).tensors
    return tensor_block(name, *tensor, *seen, Tensor("num_batches_tracked", ()))


def patches(
    name: str, width: int, channels: int, sides: tuple[int, int], *, bias: bool = True
) -> Block:
    """The convolution that makes a vector of each patch, whose height and width are `sides`."""
    return filters(name, width, channels, *sides, bias=bias)


def encoder_layer(
    width: int,
    inner: int,
    *,
    norms: tuple[str, str] = ("layer_norm1", "layer_norm2"),
    output: str = "out_proj",
    activation: str = "gelu",
    attention: str = "self_attn",
    joined: str = "",
    bias: bool = True,
    maps: tuple[str, str] = ("fc1", "fc2"),
    stored: tuple[Tensor, ...] = (),
) -> Block:
    """Pre-norm LayerNorm, attention and a biased two-matrix MLP, as vision transformers have them.

    `joined` names the one matrix of q, k and v where they stand in one; `bias` is theirs, for the output has one
    always; `stored` is what attention has beside its matrices.
    """
    if joined:
        roles = ("query", "key", "value")
        parts: tuple[Block, ...] = (
            linear(joined, width, 3 * width, role=roles, bias=bias),
            linear(output, width, width, role="output", bias=True),
        )
    else:
        parts = four_maps(width, bias=bias, output=output, output_bias=True)
    mixer = Block("attention", attention, tensors=stored, inside=parts)
    return pre_norm(mixer, width, inner, norms=norms, activation=activation, maps=maps)


def four_maps(
    reads: int,
    inner: int | None = None,
    shared: int | None = None,
    *,
    gives: int | None = None,
    bias: bool = True,
    key_bias: bool | None = None,
    output: str = "out_proj",
    output_bias: bool | None = None,
) -> tuple[Block, ...]:
    """The maps of attention whose q, k and v stand apart, and that of its output: of `reads` channels to `gives`.

    Queries are `inner` wide, keys and values `shared`; each is as wide as the one before where nothing is said.
    All have the same `bias` but for keys and the output, of which it may be said apart.
    """
    inner = reads if inner is None else inner
    shared = inner if shared is None else shared
    of_keys = bias if key_bias is None else key_bias
    of_output = bias if output_bias is None else output_bias
    return (
        linear("q_proj", reads, inner, role="query", bias=bias),
        linear("k_proj", reads, shared, role="key", bias=of_keys),
        linear("v_proj", reads, shared, role="value", bias=bias),
        linear(output, inner, reads if gives is None else gives, role="output", bias=of_output),
    )


def pre_norm(
    attention: Block,
    width: int,
    inner: int,
    *,
    norms: tuple[str, str] = ("input_layernorm", "post_attention_layernorm"),
    activation: str,
    maps: tuple[str, str] = ("fc1", "fc2"),
    reads: int | None = None,
) -> Block:
    """A layer of attention and a biased two-matrix MLP, LayerNorm before both; the first may read another width."""
    mlp = plain_mlp("mlp", width=width, inner=inner, activation=activation, names=maps, bias=True)
    return layer(
        layer_norm(norms[0], width if reads is None else reads),
        attention,
        layer_norm(norms[1], width),
        mlp,
    )


def tower(name: str, parts: Iterable[Block]) -> Block:
    """A vision tower: stored beside the language model, counted apart."""
    return Block("vision_tower", name, inside=tuple(parts))


def encoder(name: str, layer: Block, layers: int, numbered: str = "layers") -> Block:
    """The tower's stack, under its own kind so that nobody takes it for the decoder's."""
    return Block("group", name, inside=(stack(numbered, [layer] * layers),))
