"""How the cost of something grows: measured side by side, in CPU time, never against a clock of some machine."""

from collections.abc import Callable
from time import process_time

_FLOOR_SECONDS = 0.002  # less is the measuring itself


def growth(run: Callable[[int], object], small: int, large: int) -> float:
    """How many times as long *run(large)* takes as *run(small)*: the best of four runs each, taken in turns.

    Tests take *large* as sixteen times *small* and ask for less than 80: linear is 16, quadratic 256.
    """
    best = {small: float("inf"), large: float("inf")}
    for _ in range(4):
        for size in (small, large):
            start = process_time()
            run(size)
            best[size] = min(best[size], process_time() - start)
    return best[large] / max(best[small], _FLOOR_SECONDS)
