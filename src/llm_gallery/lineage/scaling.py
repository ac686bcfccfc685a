"""Points in a plane whose distances are as near to given ones as a plane allows.

Classical scaling (Torgerson, 1952: the two first eigenvectors of the double-centred squares of distances)
gives where to begin; from there each round of SMACOF (de Leeuw, 1977) makes the stress smaller, the sum of
squared errors of all distances. Plain loops add in one order everywhere, so every machine finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from math import sqrt
from operator import add, mul

TURNS, ROUNDS = 60, 60
"""Steps of the power iteration, and rounds of SMACOF: further ones move nothing that is seen."""

Distances = Sequence[Sequence[float]]
"""A square, symmetric, with zeros where a point meets itself."""
Points = list[tuple[float, float]]


def scaled(distances: Distances) -> Points:
    """A point for each row, about (0, 0), farthest spread from left to right; the first one stands at the lower left."""
    points = classical(distances)
    for _ in range(ROUNDS):
        points = nearer(points, distances)
    return _oriented(points)


def classical(distances: Distances) -> Points:
    """Classical scaling: distances of points of a plane are found again but for a turn or a reflection."""
    count = len(distances)
    squares = [[distance * distance for distance in row] for row in distances]
    means = [_sum(row) / count for row in squares]
    mean = _sum(means) / count
    centred = [
        [-(square - means[i] - means[j] + mean) / 2 for j, square in enumerate(row)]
        for i, row in enumerate(squares)
    ]
    across = _axis(centred, [])
    down = _axis(centred, [across])
    return list(zip(across, down, strict=True))


def _axis(matrix: Distances, before: Sequence[Sequence[float]]) -> list[float]:
    """The next eigenvector by power iteration, as long as the root of its eigenvalue; zeros where there is none."""
    vector = [1.0 + 0.37 * index * index for index in range(len(matrix))]
    length = 0.0
    for _ in range(TURNS):
        vector = [_sum(map(mul, row, vector)) for row in matrix]
        for axis in before:
            square = _sum([a * a for a in axis])
            share = (
                _sum([a * b for a, b in zip(axis, vector, strict=True)]) / square if square else 0
            )
            vector = [b - share * a for a, b in zip(axis, vector, strict=True)]
        length = sqrt(_sum([coordinate * coordinate for coordinate in vector]))
        if length < 1e-9:
            return [0.0] * len(matrix)
        vector = [coordinate / length for coordinate in vector]
    return [coordinate * sqrt(length) for coordinate in vector]


def nearer(points: Points, distances: Distances) -> Points:
    """One round of SMACOF: every point where all others would have it, on the mean (the Guttman transform)."""
    count = len(points)
    across, down = [0.0] * count, [0.0] * count
    for i, (x, y) in enumerate(points):
        right = up = 0.0
        for j, ((other_x, other_y), far) in enumerate(zip(points[:i], distances[i], strict=False)):
            dx, dy = x - other_x, y - other_y
            apart = sqrt(dx * dx + dy * dy)
            if apart:
                pull = far / apart / count
                dx, dy = pull * dx, pull * dy
                right, up = right + dx, up + dy
                across[j] -= dx
                down[j] -= dy
        across[i], down[i] = right, up
    return list(zip(across, down, strict=True))


def stress(points: Points, distances: Distances) -> float:
    """Root of the squared errors of all distances over the squared distances: 0 where all are kept."""
    errors = squares = 0.0
    for i, (x, y) in enumerate(points):
        for j in range(i):
            apart = sqrt((x - points[j][0]) ** 2 + (y - points[j][1]) ** 2)
            errors += (apart - distances[i][j]) ** 2
            squares += distances[i][j] ** 2
    return sqrt(errors / squares) if squares else 0.0


def _oriented(points: Points) -> Points:
    """Turned so that they spread farthest from left to right, and reflected so that the first stands at the lower left."""
    xx = yy = xy = 0.0
    for x, y in points:
        xx, yy, xy = xx + x * x, yy + y * y, xy + x * y
    # The direction of the greater eigenvector of the 2 × 2 matrix of second moments.
    root = sqrt((xx - yy) ** 2 / 4 + xy * xy)
    a, b = (xx - yy) / 2 + root, xy
    if xy == 0:
        a, b = (1.0, 0.0) if xx >= yy else (0.0, 1.0)
    length = sqrt(a * a + b * b)
    a, b = a / length, b / length
    rotated = [(a * x + b * y, a * y - b * x) for x, y in points]
    right = 1 if rotated[0][0] <= 0 else -1
    up = 1 if rotated[0][1] <= 0 else -1
    return [(right * x, up * y) for x, y in rotated]


def _sum(numbers: Iterable[float]) -> float:
    """The sum from left to right; Python's own adds otherwise from 3.12 on."""
    return reduce(add, numbers, 0.0)
