"""A model explained in prose, from its tree: what it is, what is special, how a token flows, what it costs, whom it follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from llm_gallery.analysis.doubts import doubts
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.engines.subject import Subject
from llm_gallery.explanation.cost import cost
from llm_gallery.explanation.flow import flow
from llm_gallery.explanation.identity import identity
from llm_gallery.explanation.kin import NOBODY, Kin, following
from llm_gallery.explanation.prose import Explanation, Paragraph, shortened
from llm_gallery.explanation.special import SPECIAL, special, unsaid
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan


def explained(
    name: str,
    architecture: Architecture,
    heading: Heading,
    kin: Kin = NOBODY,
    config: Mapping[str, Any] = MappingProxyType({}),
) -> Explanation:
    """The paragraphs on the model of this id, each sentence true of its tree; caveats where the config leaves something open.

    What the `config` says of its weights' format is told, too.
    """
    shown = plan(architecture.root)
    kin = replace(kin, partial=architecture.canvas or bool(architecture.uncounted))
    first = identity(architecture, shown, heading)
    second = special(architecture, shown, heading, kin)
    told = shortened(
        (
            first,
            second,
            flow(architecture, shown),
            cost(Subject(name, architecture, config), second.text),
            *following(kin),
        )
    )
    told = tuple(_complete(one, architecture.root, heading) for one in told)
    return Explanation(
        name, heading.line, told, tuple(f"{one.rstrip('.')}." for one in doubts(architecture))
    )


def _complete(paragraph: Paragraph, root: Block, heading: Heading) -> Paragraph:
    """What is special, with the names of what is new and had no room."""
    if paragraph.title != SPECIAL:
        return paragraph
    return replace(paragraph, sentences=(*paragraph.sentences, *unsaid(paragraph, root, heading)))
