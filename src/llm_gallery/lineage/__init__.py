"""The family tree of the models, measured and stated, and the sizes that are followed over time."""

from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.evidence import KINDS, Evidence, Kind
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.followers import Cell, Follower, Matrix, State, followers
from llm_gallery.lineage.followers_report import cell_words, change_words, title
from llm_gallery.lineage.followers_report import markdown as followers_markdown
from llm_gallery.lineage.followers_report import text as followers_text
from llm_gallery.lineage.followers_report import to_json as followers_json
from llm_gallery.lineage.markdown import markdown, path_markdown
from llm_gallery.lineage.recipe import Recipe, recipe
from llm_gallery.lineage.stated_descents import Claim, claims
from llm_gallery.lineage.tree import Lineage, Stated, descendants, lineage, path
from llm_gallery.lineage.tree_outline import Line, outline
from llm_gallery.lineage.tree_report import (
    link_words,
    path_json,
    path_text,
    step_text,
    step_words,
    text,
    to_json,
)

__all__ = [
    "KINDS",
    "Cell",
    "Claim",
    "Evidence",
    "Follower",
    "Kind",
    "Line",
    "Lineage",
    "Matrix",
    "Member",
    "Recipe",
    "State",
    "Stated",
    "Step",
    "cell_words",
    "change_words",
    "claims",
    "descendants",
    "followers",
    "followers_json",
    "followers_markdown",
    "followers_text",
    "lineage",
    "link_words",
    "markdown",
    "outline",
    "path",
    "path_json",
    "path_markdown",
    "path_text",
    "recipe",
    "step_text",
    "step_words",
    "text",
    "title",
    "to_json",
]
