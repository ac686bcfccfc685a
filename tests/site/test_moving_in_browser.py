"""Pictures that move with a dial: what they show is what the mechanism, the counts and the router's rule give."""

from __future__ import annotations

import re
from math import cos, sin

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import layers, walk
from llm_gallery.lessons import numbers
from llm_gallery.lessons.counted import Facts
from llm_gallery.lessons.lesson import lessons
from llm_gallery.mechanisms.forward.delta_rule import delta_rule
from llm_gallery.mechanisms.forward.rotation import frequencies, rope
from llm_gallery.site.moving import moving_picture, router, state
from llm_gallery.site.moving.picture import MovingPicture
from tests.site.conftest import PHONE, Visit

SAID = ".moving-says"
MOVING = [concept for concept, lesson in lessons().items() if lesson.moving is not None]


def opened(visit: Visit, concept: str) -> Page:
    return visit.open(f"concepts/{concept}/index.html")


def moved(concept: str) -> MovingPicture:
    found = moving_picture(lessons()[concept])
    assert found is not None
    return found


def slid(page: Page, **sliders: int) -> None:
    for name, value in sliders.items():
        page.locator(f"#moving-{name}").fill(f"{value}")


@pytest.mark.parametrize("concept", MOVING)
def test_the_still_is_what_the_script_draws_first(concept: str, visit: Visit) -> None:
    """Shape by shape, with its place to half a unit: without scripts the picture is the same."""
    page = visit.open("index.html")  # any page that may run a script
    script = """(still) => {
        const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        svg.innerHTML = still;
        const look = (shape) => [shape.localName, shape.getAttribute("class"),
            ["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"].map((name) => Math.round(Number(shape.getAttribute(name))))];
        return [...svg.children].filter(({ localName }) => localName !== "title" && localName !== "text").map(look);
    }"""
    still = page.evaluate(script, moved(concept).still)
    page = opened(visit, concept)
    drawn = page.evaluate(script, page.locator(".moving svg").inner_html())
    assert len(still) > 1
    if moved(concept).script == "state":  # which marks what has changed, and the answer
        still = [shape for shape in still if shape[1] != "ground"]
        drawn = [shape for shape in drawn if "ground" not in shape[1] and shape[1] != "answered"]
    if concept == "yarn-rope-scaling":
        drawn = [
            [name, look.removesuffix(" out"), at] for name, look, at in drawn if look != "ghost"
        ]
    assert drawn == still


@pytest.mark.parametrize("concept", ["rope", "yarn-rope-scaling"])
def test_hands_stand_where_the_mechanism_turns_pairs(concept: str, visit: Visit) -> None:
    """At each end of the dial, for a near and a far token: by `frequencies` of the model so changed."""
    lesson = lessons()[concept]
    assert lesson.dial is not None
    page = opened(visit, concept)
    for at in (0, len(lesson.dial.values) - 1):
        page.locator("#dial").fill(f"{at}")
        changed = numbers.with_keys(lesson.on, concept, {lesson.dial.key: lesson.dial.values[at]})
        block = Stated(changed.b)
        speeds = frequencies(block, changed.b.rotated, np.arange(1))
        for step in (60, 150):
            slid(page, position=step)
            shown = page.locator('output[for="moving-position"]').inner_text()
            token = int(shown.replace(",", ""))
            tips = page.evaluate(
                """() => [...document.querySelectorAll(".moving .hand")].map((hand) => {
                    const [x, y, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => Number(hand.getAttribute(name)));
                    const long = Math.hypot(x2 - x, y2 - y);
                    return [(x2 - x) / long, (y - y2) / long];
                })"""
            )
            wanted = [(sin(speed * token), cos(speed * token)) for speed in speeds.tolist()]
            assert np.abs(np.array(tips) - np.array(wanted)).max() < 0.003


class Stated:
    """The facts of a block as the mechanism's code asks for them: None where one isn't stated."""

    def __init__(self, block: Facts) -> None:
        self.facts = block

    def __getattr__(self, name: str) -> object:
        if name == "stretch":
            stretch = numbers.config("gpt-oss-20b")["rope_scaling"]
            return {key: stretch[key] for key in ("beta_fast", "beta_slow", "truncate")}
        held = self.facts.block.facts
        return held[name].value if name in held else None


def test_a_stretch_leaves_fast_pairs_as_they_are(visit: Visit) -> None:
    """gpt-oss: of 32 pairs the first nine turn often enough within 4,096 tokens."""
    page = opened(visit, "yarn-rope-scaling")
    expect(page.locator(SAID)).to_contain_text(
        "9 of 32 pairs turn as before, 14 are slowed 32 times"
    )
    expect(page.locator(SAID)).to_contain_text("14 would stand at angles never met")
    expect(page.locator(SAID)).to_contain_text("slowed, none does")
    expect(page.locator(".moving .ghost")).to_have_count(23)


@pytest.mark.parametrize(
    ("concept", "window", "ratio"),
    [
        (
            "sliding-window-attention",
            "text_config.sliding_window",
            "text_config.sliding_window_pattern",
        ),
        ("local-global-layers", "sliding_window", "sliding_window_pattern"),
    ],
)
def test_both_dials_count_the_cache(concept: str, window: str, ratio: str, visit: Visit) -> None:
    """Whatever window, ratio and text: what is said is what is counted of a config with those values."""
    lesson = lessons()[concept]
    assert lesson.dial is not None
    page = opened(visit, concept)
    by_window = lesson.dial.key == window
    for own, other, tokens in ((0, 9, 14), (1, 11, 17), (3, 12, 12)):
        page.locator("#dial").fill(f"{own}")
        slid(page, context=tokens, **({"ratio": other} if by_window else {"window": other}))
        value = lesson.dial.values[own]
        keys = {window: value if by_window else 2**other, ratio: other if by_window else value}
        changed = numbers.with_keys(lesson.on, concept, keys)
        said = page.locator(SAID).inner_text()
        amounts = re.findall(r"([\d.]+ [KMGT]iB)", said)
        assert close(amounts[0], changed.kept(2**tokens)), said


def close(said: str, amount: int) -> bool:
    number, unit = said.split()
    whole = float(number) * float(1024 ** ("KMGT".index(unit[0]) + 1))
    return abs(whole - amount) <= 0.006 * amount


def test_the_window_agrees_with_the_dial(visit: Visit) -> None:
    """At the dial's own context the picture and the number that stands below say the same at each place."""
    page = opened(visit, "sliding-window-attention")
    kept = page.locator(".dial .read dd.n").first
    for at in (0, 4, 8):
        page.locator("#dial").fill(f"{at}")
        changed = numbers.with_keys(
            "gemma-3-27b", "sliding-window-attention", {"text_config.sliding_window": 128 * 2**at}
        )
        assert kept.inner_text() == binary(changed.kept(131_072))
        said = re.findall(r"([\d.]+ [KMGT]iB)", page.locator(SAID).inner_text())
        assert close(said[0], changed.kept(131_072))


def test_a_router_wakes_the_highest_scores(visit: Visit) -> None:
    page = opened(visit, "mixture-of-experts")
    for place, used, power in ((0, 1, 3), (3, 4, 6)):
        page.locator("#dial").fill(f"{place}")
        for token in (1, 8):
            slid(page, token=token, experts=power)
            expect(page.locator(SAID)).to_have_text(router.says(2**power, used, 0, token - 1))
            rows = 8 * used + used  # of eight tokens, and of the scores above
            expect(page.locator(".moving .lit")).to_have_count(rows)
    assert router.chosen(3, 64, 2) == sorted(
        sorted(range(64), key=lambda e: router.score(3, e))[-2:]
    )


def test_shared_experts_are_always_lit(visit: Visit) -> None:
    page = opened(visit, "shared-expert")
    page.locator("#dial").fill("2")  # three of them
    expect(page.locator(".moving .always")).to_have_count(3 * 8)
    expect(page.locator(SAID)).to_contain_text("8 of 256 experts and 3 shared")


def test_a_state_follows_the_delta_rule(visit: Visit) -> None:
    """After its last token the state is what the mechanism's own function leaves."""
    page = opened(visit, "gated-deltanet")
    decay, beta = 0.7, 0.5
    slid(page, step=12, decay=70, beta=50)
    keys, values = (np.array([one[at] for one in state.TOKENS], float) for at in (1, 2))
    each = np.ones((4, 1, 1))
    _, left = delta_rule(
        keys[:, None], keys[:, None], values[:, None], decay * each, beta * each[..., 0], None
    )
    shown = page.locator(".moving .number").all_text_contents()
    held = [float(text.replace("−", "-")) for text in shown]
    grid = np.array([held[5 * row + 1 : 5 * row + 5] for row in range(4)])
    assert np.abs(grid - left[0]).max() <= 0.051


def test_a_sum_keeps_what_it_was_told_before(visit: Visit) -> None:
    """Mamba-2 adds: A's second value comes on top of its first; a corrected state gives the second alone."""
    page = opened(visit, "mamba-2")
    slid(page, decay=100, step=6)
    expect(page.locator(SAID)).to_contain_text(
        "the state answers 2.0, 1.0, 1.0, 3.0, for 0, 1, 0, 3"
    )
    page = opened(visit, "gated-deltanet")
    slid(page, decay=100, step=9)
    expect(page.locator(SAID)).to_contain_text("now gives exactly its value")


def test_it_plays_to_its_end_and_stops(visit: Visit) -> None:
    page = opened(visit, "rope")
    slid(page, position=196)
    play = page.get_by_role("button", name="Play", exact=True).last
    play.click()
    expect(page.locator("#moving-position")).to_have_value("200")
    expect(page.locator('output[for="moving-position"]')).to_have_text("8,192")
    expect(page.locator(".moving button")).to_have_text("Play")


def test_nothing_moves_by_itself_for_who_asked_for_that(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    page = opened(visit, "rope")
    expect(page.locator(".moving button")).to_be_hidden()
    page.locator("#moving-position").press("ArrowRight")
    expect(page.locator("#moving-position")).to_have_value("101")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
@pytest.mark.parametrize("concept", ["rope", "mixture-of-experts", "gated-deltanet"])
def test_a_phone_holds_it(concept: str, visit: Visit) -> None:
    page = opened(visit, concept)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_a_still_stands_there(visit: Visit) -> None:
    page = opened(visit, "rope")
    expect(page.locator(".moving .hand")).to_have_count(64)
    expect(page.locator("#moving-position")).to_be_hidden()


def test_shared_caches_keep_what_is_counted(visit: Visit) -> None:
    """At each stop and for short and long texts: the bytes of a config with so many layers that read."""
    lesson = lessons()["shared-kv-cache"]
    assert lesson.dial is not None
    page = opened(visit, lesson.id)
    for at, value in enumerate(lesson.dial.values):
        page.locator("#dial").fill(f"{at}")
        changed = numbers.with_keys(lesson.on, lesson.id, {lesson.dial.key: value})
        for tokens in (9, 17):
            slid(page, context=tokens)
            said = re.findall(r"([\d.]+ [KMG]iB)", page.locator(SAID).inner_text())
            assert close(said[0], changed.kept(2**tokens))
        expect(page.locator(".moving .arc")).to_have_count(value)


def test_a_score_fades_only_where_keys_turn(visit: Visit) -> None:
    """A key of ones so many tokens back, turned by the mechanism itself, beside the same product at the same place."""
    page = opened(visit, "nope")
    facts = next(
        Facts(block)
        for layer in layers(numbers.model("smollm3-3b", "rope").root)
        for _, block in walk(layer)
        if "rope_base" in block.facts
    )
    for step in (78, 120):
        slid(page, apart=step)
        apart = int(page.locator('output[for="moving-apart"]').inner_text().replace(",", ""))
        turned = rope(Stated(facts), np.ones((2, 1, facts.rotated)), np.array([0, apart]))
        left = float(turned[0, 0] @ turned[1, 0]) / facts.rotated
        expect(page.locator(SAID)).to_contain_text(f"have {round(100 * left)}% of the score left")
    expect(page.locator(".moving .far")).to_have_count(9)


def test_a_draft_counts_if_all_before_it_were_right(visit: Visit) -> None:
    page = opened(visit, "multi-token-prediction")
    page.locator("#dial").fill("3")
    slid(page, right=50)
    expect(page.locator(SAID)).to_contain_text(
        "A pass writes 1.88 tokens on average"
    )  # 1 + ½ + ¼ + ⅛
    expect(page.locator(".moving .number")).to_have_text(["100%", "50%", "25%", "13%"])
