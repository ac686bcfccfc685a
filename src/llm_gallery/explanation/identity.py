"""The identity of a model: its kind, size, depth and width, and the modules stored beside it."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import (
    Architecture,
    Block,
    channel_mixers,
    distinct_layers,
    mixers,
    model_parts,
    stack_path,
)
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.comparison.mechanism_words import spelled
from llm_gallery.comparison.phrases import listed
from llm_gallery.explanation.layers_in_order import often
from llm_gallery.explanation.prose import Named, Paragraph, Sentence, said
from llm_gallery.mechanisms.apart import SENSES, ends
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan


def identity(architecture: Architecture, plan: Plan, heading: Heading) -> Paragraph:
    """Kind, size, depth and width, who released it, what isn't counted."""
    root = architecture.root
    first = said(f"{heading.line} is {kind(root, canvas=architecture.canvas)}.")
    sentences = (first, _sizes(root, plan), *_released(heading), *_apart(root))
    return Paragraph("What it is", sentences)


def _released(heading: Heading) -> Iterator[Sentence]:
    if heading.maker:
        yield said(f"{heading.maker} released it{f' in {heading.month}' if heading.month else ''}.")


def kind(root: Block, *, canvas: bool = False) -> str:
    """ "a dense Transformer", "a mixture-of-experts hybrid of Gated DeltaNet and attention"."""
    stack = distinct_layers(root)
    mixing = [block for layer in stack for block in mixers(layer)]
    works = [block for layer in stack for block in channel_mixers(layer)]
    experts = any(block.is_mixture for block in works)
    labels = (mechanisms.label(block) for block in mixing if block.recurs)
    recurrent = list(dict.fromkeys(map(spelled, labels)))
    density = "mixture-of-experts" if experts else "dense"
    if not mixing:
        return f"a {density} model that mixes no tokens"
    if not recurrent:
        diffuses = "masked-diffusion " if reads_whole(root) else ""
        return f"a {density} {'diffusion ' if canvas else diffuses}Transformer"
    alike = any(mechanisms.called_attention(block) for block in mixing if block.recurs)
    plain = "softmax attention" if alike else "attention"
    if any(block.attends for block in mixing):
        return f"a {density} hybrid of {listed([*recurrent, _attention(mixing, plain)])}"
    return f"a {density} {listed(recurrent)} model without {plain}"


def _attention(mixing: list[Block], plain: str) -> str:
    """What attention there is beside states, by its kind; `plain` where it is none with a name of its own."""
    attending = [block for block in mixing if block.attends]
    sorts = {mechanisms.sort(block) for block in attending}
    named = len(sorts) == 1 and not any(block.keeps_heads for block in attending)
    return sorts.pop() if named else plain


def _sizes(root: Block, plan: Plan) -> Sentence:
    """Parameters, depth and width, and how long a text may be."""
    counts, times = parameters(root), plan.stream.passes
    size = f"{short(counts.total)} parameters"
    if counts.sparse:
        size += f", {counts.active_words} active per token,"
    depth = layers(plan.depth) + (f", run {often(times)}," if times > 1 else "")
    wide = f" with hidden size {root.number('width'):,}" if "width" in root.facts else ""
    context = root.value("context")
    long = f", and a context of {context:,} tokens" if isinstance(context, int) else ""
    return said(f"It has {size} in {depth}{wide}{long}.", (Named("layers", stack_path(root)),))


def _apart(root: Block) -> Iterator[Sentence]:
    """What the checkpoint stores beside the language model."""
    counts = parameters(root)
    beside = {block.kind: path for path, block in model_parts(root) if block.stands_apart}
    drafts = next((path for path, block in model_parts(root) if block.drafts), "")
    stored: list[str] = []
    if counts.multi_token_prediction:
        stored.append(f"{short(counts.multi_token_prediction)} for multi-token prediction")
    senses = [word for kind, word in SENSES.items() if kind in beside]
    if counts.other_modalities:
        stored.append(
            f"{short(counts.other_modalities)} for {listed(senses) or 'other modalities'}"
        )
    if stored:
        names = [Named(word, beside[kind]) for kind, word in SENSES.items() if kind in beside]
        names.append(Named("multi-token prediction", drafts))
        yield said(f"Stored beside it and not counted are {listed(stored)}.", names, spare=3)
    if ends(root).stored:
        yield said(f"The prediction modules {ends(root).long}.", spare=3)
