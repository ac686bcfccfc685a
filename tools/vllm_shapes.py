"""Shapes and dtypes of states, by vLLM's own calculators, with the numbers of our tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from llm_gallery.architecture.block import Block, distinct
from tools.vllm_classes import Classes

Shape = tuple[Any, Any]
"""The shapes of a state, and their dtypes."""


def taps(block: Block) -> int:
    """Tokens that its convolutions read."""
    return next(part.number("taps") for part in distinct(block) if "taps" in part.facts)


def _deltanet(block: Block, served: Any, classes: Classes) -> Shape:
    sizes = [block.number(fact) for fact in ("key_heads", "value_heads", "key_dim", "value_dim")]
    shape = classes.shapes.gated_delta_net_state_shape(
        _ranks(served), *sizes, taps(block), served.num_speculative_tokens
    )
    return shape, classes.dtypes.gated_delta_net_state_dtype(*_dtypes(served))


def _kimi_delta(block: Block, served: Any, classes: Classes) -> Shape:
    shape = classes.shapes.kda_state_shape(
        _ranks(served),
        block.number("heads"),
        block.number("head_dim"),
        conv_kernel_size=taps(block),
        num_spec=served.num_speculative_tokens,
    )
    return shape, classes.dtypes.kda_state_dtype(*_dtypes(served))


def _mamba(block: Block, served: Any, classes: Classes) -> Shape:
    sizes = block.number("inner"), block.number("state_dim"), taps(block)
    shape = classes.shapes.mamba1_state_shape(_ranks(served), *sizes)
    return shape, classes.dtypes.mamba1_state_dtype(*_dtypes(served))


def _mamba2(block: Block, served: Any, classes: Classes) -> Shape:
    sizes = [block.number(fact) for fact in ("groups", "heads", "head_dim", "state_dim")]
    inner = block.number("heads") * block.number("head_dim")
    shape = classes.shapes.mamba2_state_shape(
        _ranks(served), inner, *sizes, taps(block), served.num_speculative_tokens
    )
    return shape, classes.dtypes.mamba2_state_dtype(*_dtypes(served))


def _lightning(block: Block, served: Any, classes: Classes) -> Shape:
    heads, ranks = block.number("heads"), _ranks(served)
    assert heads % ranks == 0  # as its layer asserts
    shape = classes.shapes.linear_attention_state_shape(heads, ranks, block.number("head_dim"))
    return shape, classes.dtypes.linear_attention_state_dtype(*_dtypes(served)[:2])


def _short_convolution(block: Block, served: Any, classes: Classes) -> Shape:
    shape = classes.shapes.short_conv_state_shape(
        _ranks(served), block.number("channels"), taps(block), served.num_speculative_tokens
    )
    return shape, classes.dtypes.short_conv_state_dtype(*_dtypes(served)[:2])


def _ranks(served: Any) -> int:
    return int(served.parallel_config.tensor_parallel_size)


def _dtypes(served: Any) -> tuple[Any, str, str]:
    """The model's, that of convolutions and that of states, as a server is told."""
    cache = served.cache_config
    return served.model_config.dtype, cache.mamba_cache_dtype, cache.mamba_ssm_cache_dtype


SHAPES: Mapping[str, Callable[[Block, Any, Classes], Shape]] = {
    "gated_deltanet": _deltanet,
    "kimi_delta_attention": _kimi_delta,
    "lightning_attention": _lightning,
    "mamba": _mamba,
    "mamba2": _mamba2,
    "short_convolution": _short_convolution,
}
"""By kind."""
