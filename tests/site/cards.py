"""The cards of the gallery that a browser shows, and the models that they should be."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from playwright.sync_api import Page

from llm_gallery.catalog.load import entries
from llm_gallery.site.exhibit import Exhibit
from tests.described_catalog import site

TOTAL = len(entries())


def shown_ids(page: Page) -> list[str]:
    """Ids of the cards that are to be seen, in their order, once what is searched for is answered."""
    page.wait_for_selector("#cards:not([aria-busy])", state="attached")  # none may be left to see
    found: list[str] = page.locator(".card:visible").evaluate_all(
        "cards => cards.map(card => card.dataset.id)"
    )
    return found


@cache
def models() -> tuple[Exhibit, ...]:
    """Everything in the catalog: what a test expects is computed from it, so that it may grow."""
    return site().exhibits


def ids(fits: Callable[[Exhibit], bool]) -> set[str]:
    """The models that a predicate holds for."""
    return {model.entry.id for model in models() if fits(model)}


def mla(model: Exhibit) -> bool:
    return "multi-head-latent-attention" in model.concepts


def moe(model: Exhibit) -> bool:
    return "moe" in model.mechanisms


def of(house: str) -> Callable[[Exhibit], bool]:
    return lambda model: house in model.entry.organization
