"""How costs grow: exponents of costs measured at several sizes."""
import math

import titles


def curves(results):
    """{(row, where): [(size, cost), ...]} of the rows that have sizes."""
    found = {}
    for row, cost in results.items():
        name, size, where = titles.split(row)
        if size and isinstance(cost, int):
            found.setdefault((name, where), []).append((size, max(cost, 1)))
    return {key: sorted(points) for key, points in found.items()}


def exponent(points):
    """The slope of the line through the logarithms, by least squares."""
    xs = [math.log(size) for size, _ in points]
    ys = [math.log(cost) for _, cost in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    if not spread:
        return 0.0
    return sum((x - middle_x) * (y - middle_y)
               for x, y in zip(xs, ys)) / spread


def last_exponent(points):
    """The slope of the last step: what starts late shows here."""
    return exponent(points[-2:])
