"""A model in three to six paragraphs of prose, each clause from its tree."""

from llm_gallery.explanation.explained import explained
from llm_gallery.explanation.kin import NOBODY, Kin, Relative
from llm_gallery.explanation.makers import Design, Makers, makers
from llm_gallery.explanation.prose import Explanation, Named, Paragraph, Sentence, pieces
from llm_gallery.explanation.written import markdown, text, to_json

__all__ = [
    "NOBODY",
    "Design",
    "Explanation",
    "Kin",
    "Makers",
    "Named",
    "Paragraph",
    "Relative",
    "Sentence",
    "explained",
    "makers",
    "markdown",
    "pieces",
    "text",
    "to_json",
]
