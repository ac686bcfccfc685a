"""What operators, tests and choices of a forward come to: a value for each variant where all sides are known."""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping
from typing import Any

from llm_gallery.code.frame import Frame
from llm_gallery.code.operators import BINARY, COMPARED
from llm_gallery.code.values import (
    Experts,
    Known,
    Part,
    Stored,
    Value,
)


class Operations(Frame):
    """Values computed from others."""

    def either(self, node: ast.BoolOp) -> Value:
        """`and`, `or`: no further than the first that decides."""
        stop = isinstance(node.op, ast.Or)
        left: list[Value] = []
        for each in node.values:
            value = self.value(each)
            same, one = (True, True) if isinstance(value, Stored) else self.agreed(value)
            if same and bool(one) is stop:
                left.append(value)
                break
            if not same or (each is node.values[-1] and not _said(left, one, stop)):
                left.append(value)
        if len(left) == 1:
            return left[0]
        shown = ast.BoolOp(op=node.op, values=[self.code(one) for one in left])
        if all(isinstance(one, Known) for one in left):

            def decided(*given: Any) -> Any:
                for one in given:
                    if bool(one) is stop:
                        return one
                return given[-1]

            return Known(
                self.each(decided, *(one for one in left if isinstance(one, Known))), shown
            )
        return shown

    def unary(self, op: ast.unaryop, operand: Value) -> Value:
        shown = ast.UnaryOp(op=op, operand=self.code(operand))
        if not isinstance(operand, Known):
            return shown
        if isinstance(op, ast.Not):
            return Known(self.each(operator.not_, operand), shown)
        return Known(self.each(operator.neg, operand), shown)

    def binary(self, left: Value, op: ast.operator, right: Value) -> Value:
        shown = ast.BinOp(left=self.code(left), op=op, right=self.code(right))
        if isinstance(left, Known) and isinstance(right, Known) and type(op) in BINARY:
            return Known(self.each(BINARY[type(op)], left, right), shown)
        return shown

    def compared(self, left: Value, op: ast.cmpop, right: Value) -> Value:
        """A comparison; an array of the checkpoint and a part are never None."""
        there = isinstance(left, Part | Experts | Stored)
        if there and isinstance(op, ast.Is | ast.IsNot):
            return self.truth(isinstance(op, ast.IsNot))
        if isinstance(right, Mapping) and isinstance(left, Known):
            right = self.known(right, ast.Constant(None))
            return Known(self.each(COMPARED[type(op)], left, right), ast.Constant(None))
        shown = ast.Compare(left=self.code(left), ops=[op], comparators=[self.code(right)])
        if isinstance(left, Known) and isinstance(right, Known):
            return Known(self.each(COMPARED[type(op)], left, right), shown)
        return shown

    def chosen(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
        """One of two values."""
        asked = self.value(test)
        same, yes = self.agreed(asked)
        if same:
            self.folded = True
            return self.value(body if yes else orelse)
        yes_value, no_value = (
            self.narrowed(asked, side, to) for side, to in ((body, True), (orelse, False))
        )
        shown = ast.IfExp(
            test=self.code(asked), body=self.code(yes_value), orelse=self.code(no_value)
        )
        if all(isinstance(one, Known) for one in (asked, yes_value, no_value)):
            picks = (asked, yes_value, no_value)
            held = [one for one in picks if isinstance(one, Known)]
            return Known(self.each(lambda t, a, b: a if t else b, *held), shown)
        return shown

    def narrowed(self, asked: Value, node: ast.expr, to: bool) -> Value:
        """The value of an expression where a test that tells variants apart came out so."""
        before = self.alive
        self.alive = self.where(asked, to)
        value = self.value(node)
        self.alive = before
        return value


def _said(left: list[Value], last: Any, stop: bool) -> bool:
    """Whether a last value that decides nothing gives nothing either: what stands before it is the same already."""
    if not left or not isinstance(left[-1], Known):
        return False
    return all(bool(one) is stop or one is last for one in left[-1].values)
