"""A document and lists that are hard to set: what no page may burst of, crowd or turn round."""

from __future__ import annotations

from pathlib import Path

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TITLE = " ".join(["A title of many documents bound together, each with a part of it"] * 3)
ADDRESS = f"https://quay.example/{'folder/' * 30}file.pdf?with=query&and=more"
_WORKS = "\n".join(f"[^{n}]: Dockers' Union, *Work {n} of some length*, {n} May 1988, p. {n}." for n in range(4, 14))
DOCUMENT = f"""---
title: "{TITLE}"
issuer: "The Federation of Societies for the Keeping of Papers of Every Sort, Central Office, Section for Quays"
source_type: ngo
date: 1989-05-02
symbol: QUAY/{LONG}
address: {ADDRESS}
---

# 1. {LONG}

{LONG * 2} stands without a blank, and {ADDRESS} too.[^1]

An English sentence with «مصاحبهٔ تروردی پیرامون قطع‌نامه», then (قوه قضاییه), 1988/۱۳۶۷, and its end.

این بند به فارسی است و در مرداد ۱۳۶۷ نوشته شد.[^2]

    {"x" * 300}

| One | Two | Three | Four | Five | Six | Seven | Eight |
|---|---|---|---|---|---|---|---|
| {LONG} | 12 | 1988-11-03 | alpha beta gamma | 1,234,567 | «قطع‌نامه» | words of some length | end[^3] |

| نام | تاریخ |
|---|---|
| الف | ۵ مرداد ۱۳۶۷ |

1. One
    1. Two
        1. Three
            1. Four
                1. Five with {LONG}

# ۲. فصل دوم

## 2.1 An empty section

# 3. Many notes

Short text.{"".join(f"[^{number}]" for number in range(4, 14))}

[^1]: {LONG} {"A note that goes on and on. " * 60}
[^2]: روزنامهٔ بندر، ص ۱۴, {ADDRESS}
[^3]: In a cell.
{_WORKS}
"""
OFFICIALS = f"""
[[officials]]
id = "spelt"
name = "{LONG.title()} of the Quay"
spellings = [{", ".join(f'"Spelling Number {number}"' for number in range(30))}]
persian = ["نام بسیار بلند فارسی"]
"""


def write_hard_to_set(folder: Path) -> None:
    """Adds the document, an official of thirty spellings, and a text on twenty-six years to a collection."""
    months = [f"In {month} {year} Spelling Number 3 counted." for year in range(1970, 1996) for month in _MONTHS]
    (folder / "documents" / "hard.md").write_text(DOCUMENT, encoding="utf-8")
    (folder / "documents" / "months.md").write_text("\n\n".join(["# Months", *months]), encoding="utf-8")
    with (folder / "officials.toml").open("a", encoding="utf-8") as officials:
        officials.write(OFFICIALS)


_MONTHS = ("January", "May", "October")
