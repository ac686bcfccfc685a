"""Made-up architectures: the same seed gives the same one.

They are such as could be published, in any mixture of parts, or `wild`: sizes, depths and names that nobody would
choose. The bounds of the first: up to 4 kinds of layers with up to 2 kinds of wiring, up to 126 layers, widths up to
16,384, 128 heads and experts 18,432 wide; a name of 32 letters, a sentence of 90.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from llm_gallery.architecture.block import Architecture, Block, Tensor
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    Heads,
    LatentHeads,
    Positions,
    Scaling,
    Shared,
    added,
    apart,
    attention,
    borrowing,
    embedding,
    experts,
    facts,
    gated_deltanet,
    gated_mlp,
    group,
    head,
    latent_attention,
    layer,
    layer_norm,
    learned_positions,
    learning_positions,
    linear,
    mamba2,
    mixture_of_experts,
    plain_mlp,
    position_scale,
    residual,
    rms_norm,
    router,
    stack,
)
from llm_gallery.figure import Heading

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-. &<>\"'é模型"
Norm = Callable[[str, int], Block]


def heading(seed: int, *, wild: bool = False) -> Heading:
    """A name of 3 to 32 characters, or to 200, and whatever else there may be."""
    chance = random.Random(seed)
    return Heading(
        name=_words(chance, chance.randint(3, 200 if wild else 32)),
        organization=_words(chance, chance.randint(0, 40 if wild else 20)),
        released=chance.choice((None, date(2026, 9, 30))),
        summary=_words(chance, chance.choice((0, 40, 400 if wild else 90))),
    )


def _words(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(length))


class Chance(random.Random):
    """Chance that knows how far it may go."""

    def __init__(self, seed: int, *, wild: bool) -> None:
        super().__init__(seed)
        self.wild = wild

    def size(self, usual: Sequence[int], *more: int) -> int:
        """One of the usual sizes; a wild one may be one of `more`, too."""
        return self.choice((*usual, *more) if self.wild else usual)


def architecture(seed: int, *, wild: bool = False) -> Architecture:
    """1 to 126 layers of 1 to 4 kinds, or to 4,096 of 9, mixers with 1 to 128 heads or 512, norms anywhere."""
    chance = Chance(seed, wild=wild)
    width = chance.size((64, 777, 2048, 5119, 7168, 16_384), 1_048_576)
    norm: Norm = chance.choice((rms_norm, layer_norm))
    many = chance.randint(1, 9 if wild else 4)
    wirings = [_wiring(chance) for _ in range(many if wild else chance.randint(1, 2))]
    kinds = [_layer(chance, width, norm, wirings[i % len(wirings)]) for i in range(many)]
    depth = max(len(kinds), chance.size((1, 2, 3, 7, 24, 37, 48, 61, 97, 126), 500, 4096))
    order = _schedule(chance, len(kinds), depth)
    vocabulary = chance.size((256, 151_936, 524_288), 9_999_999)
    inside = [embedding("embed", vocabulary, width)]
    if chance.random() < 0.2:
        inside.append(learned_positions("positions", 131_072, width))
    inside.append(stack("layers", [kinds[i] for i in order]))
    if chance.random() < 0.9:
        inside.append(norm("norm", width))
    tied = chance.random() < 0.4
    top = [
        group("model", *inside),
        head("lm_head", vocabulary, width, tied_to="model.embed.weight" if tied else None),
    ]
    if chance.random() < 0.3:
        top.append(apart("multi_token_prediction", "mtp", [kinds[0]]))
    stated = facts(
        width=width,
        vocabulary=vocabulary,
        context=chance.choice((None, 1024, 10_485_760)),
        tied=tied,
    )
    warnings = ("this reading is a guess, " * (6 if wild else 2),) if chance.random() < 0.3 else ()
    unread = tuple(f"unheard_of_key_{i}" for i in range(chance.size((0, 1), 30)))
    return Architecture(
        "made_up", Block("language_model", "", stated, (), tuple(top)), (), unread, (), warnings
    )


def _schedule(chance: random.Random, kinds: int, depth: int) -> list[int]:
    """Every kind at least once: repeated, in blocks, or without any order."""
    shape = chance.randint(0, 2)
    if shape == 0:
        return [i % kinds for i in range(depth)]
    if shape == 1:
        return sorted(i % kinds for i in range(depth))
    found = list(range(kinds)) + [chance.randrange(kinds) for _ in range(depth - kinds)]
    chance.shuffle(found)
    return found


class Wiring(NamedTuple):
    """How the layers of a model are put together."""

    shape: str
    places: tuple[str, str]  # of the norms of its branches
    beside: bool  # a second mixer of tokens beside the first
    joint: str  # where norms of parallel parts stand


def _wiring(chance: random.Random) -> Wiring:
    places = ("pre", "pre", "post", "sandwich", "none")
    return Wiring(
        chance.choice(("both", "both", "both", "token", "channel", "parallel")),
        (chance.choice(places), chance.choice(places)),
        chance.random() < 0.4,
        chance.choice(("one", "each", "after", "stream")),
    )


def _layer(chance: Chance, width: int, norm: Norm, wiring: Wiring) -> Block:
    branches = []
    if wiring.shape == "parallel":
        return layer(*_parallel(chance, width, norm, wiring))
    if wiring.shape != "channel":
        branches.append(_branch(wiring.places[0], _token(chance, width), width, norm, "a"))
    if wiring.shape != "token":
        branches.append(_branch(wiring.places[1], _channel(chance, width), width, norm, "m"))
    return layer(*branches)


def _parallel(chance: Chance, width: int, norm: Norm, wiring: Wiring) -> list[Block]:
    """Two or three parts that read one input, with one norm or one each; sometimes a norm on the stream."""
    parts = [_token(chance, width), _channel(chance, width)]
    if wiring.beside:
        parts.insert(1, replace(_token(chance, width), name="second"))
    place = wiring.joint
    if place == "each":
        parts = [group("", norm(f"norm_{i}", width), part) for i, part in enumerate(parts)]
        return [residual(added(*parts))]
    if place == "after":
        return [residual(added(*parts), norm("after", width))]
    if place == "stream":
        return [residual(added(*parts)), norm("after", width)]
    return [residual(norm("before", width), added(*parts))]


def _branch(place: str, block: Block, width: int, norm: Norm, name: str) -> Block:
    before = [norm(f"{name}_before", width)]
    after = [norm(f"{name}_after", width)]
    return residual(
        *(before if place in ("pre", "sandwich") else []),
        block,
        *(after if place in ("post", "sandwich") else []),
    )


def _token(chance: Chance, width: int) -> Block:
    kind = chance.choice(("attention", "attention", "latent", "delta", "mamba"))
    heads = chance.size((1, 2, 5, 16, 96, 128), 512)
    size = chance.size((32, 128, 256), 1024)
    if kind == "latent":
        made = latent_attention(
            "mixer",
            width=width,
            heads=LatentHeads(heads, size, 64, size),
            query_rank=chance.choice((None, 1536)),
            kv_rank=chance.size((64, 512), 16_384),
            positions=_rope(chance, 64),
        )
        if chance.random() < 0.2:
            speeds = Tensor("speeds", (32,), role="speeds")
            made = learning_positions(made, position_scale("scale", heads), speeds)
        return borrowing(made) if chance.random() < 0.2 else made
    if kind == "delta":
        keys = chance.choice((1, heads))
        return gated_deltanet(
            "mixer",
            width=width,
            key_heads=keys,
            value_heads=heads,
            key_dim=size,
            value_dim=chance.choice((size, 64)),
            taps=4,
            activation="silu",
        )
    if kind == "mamba":
        return mamba2(
            "mixer",
            width=width,
            heads=heads,
            head_dim=size,
            state_dim=chance.choice((16, 256)),
            groups=chance.choice((1, heads)),
            convolved=Convolved(4, "silu"),
            bias=chance.random() < 0.2,
        )
    return _attention(chance, width, heads, size)


def _rope(chance: Chance, size: int) -> Positions:
    scaling = chance.choice((None, "yarn", "linear", "longrope"))
    return Positions(
        kind="rope",
        rotated=chance.choice((size, size // 2)),
        base=chance.choice((10_000.0, 5_000_000.0, 123_456.7)),
        scaling=scaling,
        factor=None if scaling is None else chance.choice((8.0, 2.827, 40.0)),
        original_context=None if scaling is None else 4096,
    )


def _attention(chance: Chance, width: int, heads: int, size: int) -> Block:
    shared = chance.choice([n for n in (1, 2, 4, heads) if heads % n == 0])
    bias = chance.random() < 0.3
    inside = [
        linear("q", width, heads * size, role="query", bias=bias),
        linear("k", width, shared * size, role="key", bias=bias),
        linear("v", width, shared * size, role="value"),
        linear("o", heads * size, width, role="output"),
    ]
    normed = chance.random() < 0.4
    if normed:
        inside.append(rms_norm("q_norm", size, role="query_norm"))
        inside.append(rms_norm("k_norm", size, role="key_norm"))
    reach = chance.choice(("all", "all", "window", "chunk"))
    return attention(
        "mixer",
        heads=Heads(heads, shared, size),
        positions=chance.choice((NO_POSITION, _rope(chance, size))),
        inside=inside,
        window=chance.size((128, 4096), 2, 1_048_576) if reach == "window" else None,
        chunk=8192 if reach == "chunk" else None,
        sinks=chance.random() < 0.2,
        qk_norm="per head" if normed else None,
        gate="sigmoid" if chance.random() < 0.2 else None,
        bias=bias,
        scaling=Scaling(
            softcap=50.0 if chance.random() < 0.2 else None, scale_dim=chance.choice((None, 168))
        ),
    )


def _channel(chance: Chance, width: int) -> Block:
    inner = chance.size((128, 2048, 18_432), 4_194_304)
    known = ("silu", "gelu_pytorch_tanh", "relu2")
    activation = chance.choice((*known, "quick_gelu_of_some_kind") if chance.wild else known)
    if chance.random() < 0.25:
        return plain_mlp("mlp", width=width, inner=inner, activation=activation)
    if chance.random() < 0.5:
        return gated_mlp("mlp", width=width, inner=inner, activation=activation)
    stored = chance.size((2, 8, 130, 512), 1024)
    used = chance.randint(1, min(stored, 32 if chance.wild else 8))
    shared = chance.choice((0, 1, 2))
    expert = gated_mlp("experts", width=width, inner=inner, activation="silu")
    beside = gated_mlp("shared", width=width, inner=inner * max(1, shared), activation="silu")
    groups = chance.choice((None, 2)) if used <= stored // 2 else None
    return mixture_of_experts(
        "moe",
        router=router("router", width=width, experts=stored, correction=chance.choice((None, "b"))),
        experts=experts(expert, stored=stored, used=used),
        scoring=chance.choice(("softmax", "sigmoid")),
        groups=None if groups is None else (groups, 1),
        shared=Shared(beside, shared) if shared else None,
        scale=chance.choice((None, 2.5)),
        normalized=chance.choice((None, True)),
        weights_input=chance.random() < 0.1,
    )
