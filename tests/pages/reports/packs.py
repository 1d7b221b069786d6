"""Packs made by hand: every kind of figure, gaps, long tables, long words, an empty answer, hostile text."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pages.parts.pieces import Chart, Pack, Piece, Section, Series

YEARS = tuple(str(year) for year in range(2015, 2025))
HOSTILE = (
    '#panic("körd")',
    "*fet* _kursiv_ $x^2$ `kod` @ref <etikett> = rubrik",
    '#read("/etc/passwd") \\ " \' ]] }} #{',
    '=HYPERLINK("http://x.test")',
    "\x00\x07\x1b[31m\u202eomvänd\ud800\uffff",
    "<script>alert(1)</script> & &amp; ]]>",
    "😀 漢字 \ue000 العربية",
)
SHAPES = "● ◐ ○ – ✓ ▶ ! ✕ ▲ ■ ▼ ★ ▷ □ ? = − +"
SOURCE = "Källa: Bokslut (Exempelkommunen, 15 februari 2026)."


def lines() -> Chart:
    own = (81.2, 82.0, None, 84.5, 85.1, None, None, 83.9, 84.4, 86.0)
    return Chart(
        "lines",
        YEARS,
        (
            Series("Brunna skola", own),
            Series(
                "Kommunens skolor", (83.0, 83.2, 83.1, 84.0, 84.2, None, 84.1, 84.0, 84.3, 84.6), "comparison"
            ),
            Series("Mål", (85.0,) * 10, "target"),
        ),
        unit="%",
        marks=(("2020", "Nationella prov ställdes in"), ("2018", "Nytt sätt att räkna")),
    )


def bars(count: int = 5) -> Chart:
    names = (
        "Brunna skola",
        "Uppenbarelseskolan Björkängen–Östra Tallåsen",
        "Munsö",
        "Sanduddens skola",
        "Närlunda",
    )
    categories = tuple(f"{names[place % 5]} {place}" for place in range(count))
    values = tuple(None if place == 2 else 1250.5 - 97 * place for place in range(count))
    return Chart("bars", categories, (Series("Avvikelse", values),), unit="tkr", decimals=1)


def paired_bars() -> Chart:
    return Chart(
        "bars",
        ("Förskoleklass", "Årskurs 3", "Årskurs 6", "Årskurs 9"),
        (Series("Budget", (10.0, 12.5, None, 9.0), "comparison"), Series("Utfall", (11.0, -2.5, 8.0, 9.5))),
        unit="mnkr",
    )


def stacked() -> Chart:
    return Chart(
        "stacked",
        ("Alla mål", "Medborgare och brukare", "Medarbetare"),
        (
            Series("Uppnått", (7.0, 4.0, 3.0), "met"),
            Series("Delvis uppnått", (6.0, 5.0, 1.0), "partly"),
            Series("Ej uppnått", (4.0, 4.0, None), "not_met"),
            Series("Ej bedömt", (1.0, 0.0, 1.0), "not_assessed"),
        ),
        decimals=0,
    )


def radar() -> Chart:
    spokes = (
        "Trygghet",
        "Studiero",
        "Meritvärde",
        "Behörighet",
        "Lärartäthet",
        "Närvaro",
        "Kostnad",
        "Inflytande",
    )
    return Chart(
        "radar",
        spokes,
        (
            Series("Ekerö", (62.5, 48.0, 91.3, 88.0, None, 71.0, 35.5, 54.0)),
            Series("Liknande kommuner", (50.0,) * 8, "comparison"),
        ),
        low=0,
        high=100,
    )


def table_of(chart: Chart) -> pd.DataFrame:
    columns = {one.name: list(one.values) for one in chart.series}
    return pd.DataFrame({"Kategori": list(chart.categories), **columns}, dtype=object)


def piece(key: str, chart: Chart | None = None, **changed: object) -> Piece:
    """A piece about key; its table is the chart's unless rows are given."""
    given = {
        "question": f"Hur gick det för {key}?",
        "sentence": "7 av 17 mål är uppnådda, 6 delvis och 4 inte. Två fler än förra året.",
        "source": SOURCE,
        **changed,
    }
    if "rows" not in given:
        without = pd.DataFrame({"Läge": ["● Uppnått"], "Antal": [7]})
        given["rows"] = without if chart is None else table_of(chart)
    return Piece(key=key, chart=chart, **given)


def long_table(rows: int = 40) -> pd.DataFrame:
    word = "Specialpedagogikutredningssamordnare"
    return pd.DataFrame(
        {
            "Läge": [f"{SHAPES[2 * (place % 14)]} Klar" for place in range(rows)],
            "Åtgärd": [
                f"{word} tillsätts på enhet {place} och följer upp arbetet varje termin"
                for place in range(rows)
            ],
            "År": [2020 + place % 5 for place in range(rows)],
            "Belopp": [None if place == 3 else 1234.5 * place - 2000 for place in range(rows)],
            "Antal": list(range(rows)),
        }
    )


def pack(*pieces: Piece, **changed: object) -> Pack:
    given = {
        "title": "Dialogmöte hösten 2026",
        "subject": "Brunna skola · Exempelkommunen · 2025",
        "made": date(2026, 11, 22),
        "version": 12,
        "link": "https://namndkollen.test/dialogmote?kommun=Exempelkommunen&version=12",
        "is_invented": True,
    }
    half = max(1, len(pieces) // 2)
    sections = (
        Section("Kvalitet och resultat", pieces[:half]),
        Section("Ekonomi och personal", pieces[half:]),
    )
    return Pack(sections=sections, **{**given, **changed})


def every_kind() -> Pack:
    remarks = ("2017 saknas: för få elever.", "Frånvaron registreras på nytt sätt sedan mars 2020.")
    return pack(
        piece("resultaten", lines(), remarks=remarks),
        piece("ekonomin", bars()),
        piece("alla enheter", bars(30)),
        piece("budgeten", paired_bars()),
        piece("målen", stacked()),
        piece("jämförelsen", radar()),
        piece("åtgärderna", rows=long_table()),
        piece("tecknen", rows=pd.DataFrame({"Tecken": SHAPES.split(" ")})),
        piece(
            "det som saknas",
            rows=pd.DataFrame(),
            sentence="Uppgifter saknas. De kommer med exporten Månadsvärden.",
        ),
    )


def hostile() -> Pack:
    rows = pd.DataFrame({text: list(HOSTILE) for text in HOSTILE[:4]}, dtype=object)
    nasty = Chart(
        "lines", HOSTILE, (Series(HOSTILE[0], (1.0, None, 3.0, 2.0, 1.0, 0.0, 5.0)),), unit=HOSTILE[1]
    )
    around = Chart("radar", HOSTILE, nasty.series, marks=((HOSTILE[1], HOSTILE[2]),))
    made = [
        piece(
            "f1",
            nasty,
            question=HOSTILE[0],
            sentence=HOSTILE[1],
            source=HOSTILE[2],
            remarks=HOSTILE,
            rows=rows,
        ),
        piece("f2", around, question=HOSTILE[3], sentence=HOSTILE[4], rows=rows),
        piece("f3", Chart("bars", HOSTILE, nasty.series), question=HOSTILE[6]),
        piece("f4", Chart("stacked", HOSTILE, nasty.series, unit='"%"'), question=HOSTILE[5]),
    ]
    return pack(*made, title=HOSTILE[0], subject=HOSTILE[1], link=HOSTILE[2])
