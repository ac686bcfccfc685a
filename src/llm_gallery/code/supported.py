"""What of a model nothing computes: kinds without a forward, facts that no forward asks for, numbers that nobody states."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Architecture, Block, main_stack
from llm_gallery.architecture.parts.feedforward import OF_EXPERTS
from llm_gallery.mechanisms import wired
from llm_gallery.mechanisms.forward import runs

OF_A_STACK = (
    "passes", "pass_norm", "layer_scale", "residual", "streams", "saved_every", "loop_passes",
    "pass_sums",
)  # fmt: skip
"""What a stack may state: how often its layers run, what each is scaled by, and what they add to."""
DESCRIPTIVE = frozenset(
    {
        "width", "inputs", "outputs", "rank", "adapter_rank", "weight_sets", "expert_banks", "sparsity", "bias", "vocabulary",
        "positions", "inner", "rows", "groups", "transposed", "head_dim", "value_dim", "kv_rank", "rope_dim",
        "rotated", "rope_base", "rope_factor", "original_context", "stretch", "pairs", "tied", "experts",
        "router_bias", "groups_used", "group_best", "shared_gate", "combined", "activation_learned",
        "activation", "gain", "limit", "shift", "eps", "offset", "rotated_scale", "temperature_from",
        "temperature_length", "temperature_power", "temperature_share", "first", "channels", "taps",
        "state_dtype", "output_bias", "step_rank", "query_rank", "output_rank", "share_eps", "shared", "shared_inner",
        "projection_scales", "norm_groups", "norm_first", "flat", "inputs_first", "kept", "read",
        "scaled_latents", "shared_memory", "shortcut", "decay_rank", "rate_rank", "gate_rank", "asked",
        "vectors", "way", "router_attention", "shortest", "lengths", "prompt", "segments", "begins",
        "learned_speeds", "product_keys",
    }
)  # fmt: skip
"""What arrays say too, what another fact repeats, and what is asked for where another fact asks for it."""
OF_KEYS = {"unified_kv", "value_norm"}
"""Facts of keys and values, of which a layer that borrows them computes nothing."""

UNKNOWN = "unknown"
"""The setting by which a block says what neither config nor weights tell of it."""


def refused(architecture: Architecture) -> str:
    """Why an architecture can't run yet, and no file is printed of it; empty where it can."""
    if architecture.guess:
        return f"its type is unknown, and {architecture.guess} only stands in for it"
    if reason := next(
        (b.settings[UNKNOWN] for b in run_parts(architecture.root) if UNKNOWN in b.settings), ""
    ):
        return str(reason)
    if kinds := lacking(architecture.root):
        return f"no forward of {', '.join(kinds).replace('_', ' ')}"
    if any(map(_by_length, run_parts(architecture.root))):
        return "rope_scaling is 'dynamic', which nothing computes"
    if any("short_mscale" in _stretch(block) for block in run_parts(architecture.root)):
        return (
            "short texts are scaled otherwise than long ones (short_mscale), which nothing computes"
        )
    if any(_odd(block.value("rotated")) for block in run_parts(architecture.root)):
        return "an odd number of channels is rotated, and they turn in pairs"
    stack = main_stack(architecture.root)
    if stack is not None and (odd := unwired(stack)):
        return f"the stack states {', '.join(odd)}"
    return ""


def _by_length(block: Block) -> bool:
    """Whether it turns by other angles in a longer text, by no factor that is stated."""
    return block.value("rope_scaling") == "dynamic" and "alpha" not in _stretch(block)


def _stretch(block: Block) -> dict[str, object]:
    """The further numbers of its extension."""
    return dict(block.settings.get("stretch") or {})


def _odd(value: object) -> bool:
    return isinstance(value, int) and value % 2 == 1


def unwired(stack: Block) -> list[str]:
    """What a stack states that nothing follows."""
    return sorted(stack.facts.keys() - {*OF_A_STACK})


def passed_over(block: Block, asked: set[str]) -> set[str]:
    """Facts and settings of a block that its forward never asked for, so that what it gives isn't the model."""
    told = {name for name in block.facts if block.value(name)} | {*block.settings}
    if "shared_kv" in told:
        told -= OF_KEYS
    if block.is_mixture:
        told -= {*OF_EXPERTS}
    return told - asked - DESCRIPTIVE


def only_wired(kind: str) -> bool:
    """Whether a kind needs no forward: it joins others, or the model's own function does what it does."""
    return bool(wired(kind)) and not runs(kind)


def lacking(root: Block) -> tuple[str, ...]:
    """Kinds of the language model that have no forward."""
    found = dict.fromkeys(block.kind for block in run_parts(root))
    return tuple(kind for kind in found if not wired(kind) and not runs(kind))


def run_parts(root: Block) -> Iterator[Block]:
    """Every block of the language model that a text runs through, without what is stored beside it; equal layers,
    which are one object in most families, once."""
    seen: set[int] = set()
    todo = [*reversed(root.inside)]
    while todo:
        part = todo.pop()
        if part.is_run and id(part) not in seen:
            seen.add(id(part))
            yield part
            todo += reversed(part.inside)
