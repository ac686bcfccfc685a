"""Prints a lesson as it is read: texts with numbers, code with the lines of each step, what its drawing has.

python -m tools.preview_lesson ID
"""

from __future__ import annotations

import sys

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lessons.drawn import lesson_drawing, letters_of, parts_of
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.taught import ComputedLesson, computed_lesson

WIDE = 500.0


def show(identifier: str) -> None:
    """Writes it to standard output. Raises Refusal where it can't be taught."""
    lesson = lessons()[identifier]
    drawing = lesson_drawing(lesson, WIDE)
    boxes = {(p.path.rsplit(".", 1)[-1], p.words) for p in parts_of(drawing.drawing.picture)}
    told = computed_lesson(lesson)
    print(f"{identifier}, on {told.model}\n\n{told.problem}\n\n{told.idea}\n\n{told.costs}\n")
    for symbol in told.symbols:
        print(f"  {symbol.sign}: {symbol.means}; {symbol.shape}; {symbol.value}; {symbol.code}")
    _steps(told)
    if told.dial is not None:
        for place in told.dial.places:
            print(f"  {place.value}: {', '.join(place.words)}. {place.text}")
    print("\nBoxes of the drawing (path, words):")
    for box in sorted(boxes):
        print("  ", *box)
    print("\nLetters:", *sorted({sign for sign, _ in letters_of(drawing.drawing.picture)}))


def _steps(told: ComputedLesson) -> None:
    for number, step in enumerate(told.steps, 1):
        print(f"\n{number}. {step.title}: {step.text}")
        for at in step.lines:
            print(f"     {told.lines[at]}")
    for listing in (*told.code, *told.helpers):
        print(f"\n{listing.text}")


if __name__ == "__main__":
    try:
        show(sys.argv[1])
    except Refusal as refusal:
        sys.exit(str(refusal))
