"""One measured figure, beside what it should be, and how figures are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its unit; a target where there is one, which it should not exceed.

    Where `is_floor`, it should be no less than the target.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the value is as it should be."""
        if self.target is None:
            return True
        return self.value >= self.target if self.is_floor else self.value <= self.target

    @property
    def line(self) -> str:
        """The figure as a line of a table."""
        told = f"  {self.name:66}{self.value:11,.3f} {self.unit:9}"
        if self.target is None:
            return told.rstrip()
        bound = "at least" if self.is_floor else "at most"
        return f"{told}{bound} {self.target:,.3g}{'' if self.is_met else '   MISSED'}"

    @property
    def row(self) -> dict[str, object]:
        """The figure for JSON."""
        return asdict(self) | {"is_met": self.is_met}


def ratio(
    name: str,
    pairs: Sequence[tuple[float, float]],
    *,
    target: float | None = None,
    is_floor: bool = False,
) -> Figure:
    """The median of the ratios of what was measured together in each round."""
    value = median(one / other for one, other in pairs)
    return Figure(name, value, "times", target, is_floor)


def middle(name: str, values: Sequence[float], unit: str, **bound: float | bool) -> Figure:
    """The median of the rounds."""
    return Figure(name, median(values), unit, **bound)  # type: ignore[arg-type]
