"""Garbled text is told from good, and good from garbled."""

# ruff: noqa: RUF001  (letters of other scripts that look like ours are what is tested)

from __future__ import annotations

import pytest

from rag.documents.garbled import is_garbled

PROSE = (
    "The heron waits in shallow water until a fish comes near enough to strike. "
    "It stands for an hour, and longer in winter, when the ponds are cold and still. "
)


def shifted(text: str, by: int) -> str:
    """As a font does whose glyphs are numbered from another letter on."""
    return "".join(chr(max(1, ord(letter) + by)) if letter != " " else letter for letter in text)


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd\ufffd\ufffd \ufffd\ufffd and a few",
        "\ue001\ue014\ue020 \ue00f\uf0b7\ue011 \ue001\ue001",
        "\x01\x02\x05\x06\x0e\x0f\x10 \x11\x12\x13\x14",
        shifted(PROSE * 3, -29),
        shifted(PROSE * 3, -75),
        "CafÃ© crÃ¨me Ã\u00a0 la maison, c'est trÃ¨s bon et trÃ¨s cher pour l'Ã©tÃ©, dÃ©jÃ\u00a0.",
        "Itâ€™s a dogâ€™s life, isnâ€™t it? â€œSurely,â€\u009d he said to all of them there.",
        "!\"#$ %&'( )*+, -./: ;<=> ?@[\\ ]^_` {|}~ !#%& (*,. +-/= <>[] {}^_ ~!@#",
    ],
)
def test_what_nobody_can_read_is_garbled(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PROSE * 3,
        "Ein Café in São Paulo: naïve Gäste, Âge d’or, für 5 € „schön“, Señor Ångström.",
        "Vlk běžel přes smrkový les; čtvrtý den zmrzl. Prší a hřmí, řekl strýc." * 4,
        "Москва — столица России. Волга впадает в Каспийское море, а реки текут." * 4,
        "العربية لغة جميلة يتحدث بها كثير من الناس في العالم كله." * 4,
        "第一章 総則 この法律は、国民の権利を保護することを目的とする。" * 4,
        "Introduction ........................................ 1\nMethods ............... 12\n" * 6,
        "1,204.50 (3.2) 99.1% 4,401 12 7.75 (0.4) 88 $1,003 2018 2017 2016 5,006 71.3 -- 4" * 3,
        "for (int i = 0; i < n; i++) { a[i] = b[i] * c[i]; } if (x != y) return -1; // done" * 3,
        "\u2022 First point of three \uf0b7 second point of three \uf0b7 third and last",
        "E = mc², ∑ xᵢ ≤ ∫ f(x) dx, α + β = γ, ∂u/∂t = κ ∇²u, |ψ⟩ = (|0⟩ + |1⟩)/√2",
        "\uf0b7 12",
    ],
)
def test_what_can_be_read_is_not(text: str) -> None:
    assert not is_garbled(text)
