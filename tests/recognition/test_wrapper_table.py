"""What is known of wrappers before any family is imported is what the families say."""

from __future__ import annotations

from llm_gallery.families._registry import names
from llm_gallery.recognition.lone_names import TEXTS
from llm_gallery.recognition.lone_types import KEYS, OWN
from llm_gallery.recognition.wrapper_table import WRAPPERS
from tools.generate_wrappers import wrappers


def test_the_table_is_what_the_families_say() -> None:
    """If it differs: python -m tools.generate_wrappers."""
    assert wrappers() == WRAPPERS


def test_each_text_has_keys_and_a_tree() -> None:
    assert KEYS.keys() == TEXTS.keys()
    assert (
        {text for text, family in TEXTS.items() if family not in names()}
        <= OWN.keys()
        <= KEYS.keys()
    )
