"""Lineage: who descends from whom, measured and stated, and where the field is heading."""

from llm_gallery.lineage.claims import Claim, claims
from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.member import Member
from llm_gallery.lineage.report import path_json, path_text, said, text, to_json
from llm_gallery.lineage.tree import Lineage, Stated, descendants, lineage, path
from llm_gallery.lineage.trends import Trends, trends
from llm_gallery.lineage.trends import to_json as trends_json

__all__ = [
    "Claim",
    "Lineage",
    "Member",
    "Stated",
    "Step",
    "Trends",
    "claims",
    "descendants",
    "lineage",
    "path",
    "path_json",
    "path_text",
    "said",
    "text",
    "to_json",
    "trends",
    "trends_json",
]
