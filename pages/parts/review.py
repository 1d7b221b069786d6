"""What a check of a file came to, as the analyst reads it: verdict, what changes, questions, findings, rows, publishing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import access, answer, export, handing_in, handing_out
from pages.parts.handing_in import HandedIn
from pages.parts.source import store
from pages.parts.words import FILE_VERDICTS, SEVERITIES, counted, md, number, upper_first
from queries.intake import desk
from queries.intake.drafts import DraftGone
from queries.intake.outcome import NO_CHANGES, IndicatorChange, Outcome, sentence
from queries.intake.reading import Finding, Need, Options

ROWS_SHOWN = 200
SENTENCES_SHOWN = 8
LONGEST_CELL = 120
NAMED_IN_QUESTION = re.compile(r"”(.*)”")
YEARS = (1990, 2100)


def review(place: str, handed: HandedIn) -> None:
    """Everything about the file that is looked at, most important first."""
    outcome = handed.outcome
    answer.say(f"{FILE_VERDICTS[outcome.verdict].shape} {verdict_of(outcome)}", f"granskning-{place}")
    known = f" Den känns igen som ”{md(outcome.title)}”." if outcome.title else ""
    st.markdown(f"Fil: {md(outcome.name)}.{known}")
    if outcome.took_personal_data:
        st.markdown(
            "**Filen innehöll personuppgifter.** Den är borttagen härifrån och inget av den är sparat."
        )
    if handed.said:
        with st.container(key=f"announcement-{place}"):
            st.text(handed.said)
    if outcome.sentences and outcome.verdict != "unchanged":
        answer.question("Vad ändras?")
        bullets(outcome.sentences, place)
        changes_by_indicator(place, outcome)
    elif _is_held_back(outcome):
        answer.question("Vad publiceras inte?")
        bullets(outcome.sentences, place)
    questions(place, handed)
    findings(place, handed)
    rows_that_change(place, outcome)
    if outcome.draft_id is not None:
        publishing_form(place, outcome)
    st.button("Avbryt och ta bort filen", key=f"avbryt-{place}", on_click=handing_in.drop, args=(place,))


def verdict_of(outcome: Outcome) -> str:
    """'Filen kan inte publiceras: 3 fel.'"""
    errors, warnings = outcome.counts.get("error", 0), outcome.counts.get("warning", 0)
    asked = len(outcome.needs)
    return {
        "accepted": "Filen kan publiceras.",
        "warnings": f"Filen kan publiceras om du godtar {counted(warnings, 'varning', 'varningar')}.",
        "rejected": f"Filen kan inte publiceras: {counted(errors, 'fel', 'fel')}.",
        "needs": f"Svara på {counted(asked, 'fråga', 'frågor')} så kan filen läsas.",
        "unchanged": "Inget att publicera: allt i filen som får visas är redan publicerat."
        if _is_held_back(outcome)
        else "Inget att publicera: allt i filen är redan publicerat.",
    }[outcome.verdict]


def _is_held_back(outcome: Outcome) -> bool:
    """Whether a file changes nothing because something in it may not be shown."""
    return outcome.verdict == "unchanged" and list(outcome.sentences) not in ([], [NO_CHANGES])


def bullets(sentences: Sequence[str], key: str) -> None:
    """Sentences as a list; of many the first, and the rest in a fold."""
    first, rest = sentences[:SENTENCES_SHOWN], sentences[SENTENCES_SHOWN:]
    st.markdown("\n".join(f"- {md(each)}" for each in first))
    if rest:
        with st.expander(f"Visa {len(rest)} till", key=f"fler-{key}"):
            st.markdown("\n".join(f"- {md(each)}" for each in rest))


def questions(place: str, handed: HandedIn) -> None:
    """What the analyst must say, or may say otherwise, about how the file is read."""
    outcome = handed.outcome
    asked = [*outcome.needs, *outcome.asks]
    # How columns were read is asked again of every table, also where nothing is in doubt.
    urgent = [need for need in asked if need in outcome.needs or need.field != "columns"]
    rest = [need for need in asked if need not in urgent]
    may_replace = outcome.verdict in ("accepted", "warnings", "unchanged")
    if urgent:
        answer.question("Frågor om filen")
        if not outcome.needs:
            st.markdown("Svara och kontrollera igen innan du publicerar. Utan svar räknas namnen som nya.")
        _form(f"fragor-{place}", place, handed, urgent, may_replace=False)
    if rest or may_replace:
        with st.expander("Ändra hur filen läses"):
            _form(f"lasning-{place}", place, handed, rest, may_replace=may_replace)
    if handed.options != Options(handed.options.today):
        st.button(
            "Ta bort mina svar och fråga igen",
            key=f"fraga-igen-{place}",
            on_click=handing_in.answer,
            args=(place, Options(handed.options.today)),
        )


def answered(options: Options, answers: Sequence[tuple[Need, Any]]) -> Options:
    """Options with the analyst's answers. An answer that is left empty leaves the question open."""
    for need, given in answers:
        if need.field == "same_as":
            options = replace(options, same_as={**options.same_as, _name_in(need): given})
        elif given is not None and (given != "" or "" in need.choices):
            options = replace(options, **{need.field: given})
    return options


def findings(place: str, handed: HandedIn) -> None:
    """What is wrong or worth knowing, by row and column."""
    found, counts = handed.outcome.findings, handed.outcome.counts
    if not found:
        return
    answer.question("Vad hittades i filen?")
    without_place = [each for each in found if not (each.line or each.column or each.sheet)]
    with_place = [each for each in found if each not in without_place]
    for each in without_place:
        st.markdown(f"- {SEVERITIES[each.severity].shown}: {md(sentence(each))}")
    if with_place:
        answer.table(answer.Twin("Fel och varningar i filen", finding_rows(with_place), f"fynd-{place}"))
    total = sum(counts.values())
    if total > len(found):
        st.caption(f"Visar {number(len(found), 0)} av {number(total, 0)}. Filen nedan har alla.")
    if with_place and handed.checked and handed.checked.findings_csv:
        _download("Hämta alla som CSV", handed.checked.findings_csv, "fel-och-varningar.csv", f"fynd-{place}")


def finding_rows(found: Sequence[Finding]) -> pd.DataFrame:
    """Findings as a table: one row a finding. A file without sheets has no column for them."""
    rows = pd.DataFrame(
        {
            "Slag": [SEVERITIES[each.severity].shown for each in found],
            "Blad": [each.sheet or "–" for each in found],
            "Rad": [str(each.line or "–") for each in found],
            "Kolumn": [each.column or "–" for each in found],
            "Hittade": [each.found or "–" for each in found],
            "Väntade": [upper_first(each.expected) for each in found],
        }
    )
    return rows if any(each.sheet for each in found) else rows.drop(columns="Blad")


def changes_by_indicator(place: str, outcome: Outcome) -> None:
    """What changes among values for comparison, indicator by indicator."""
    rows = indicator_rows(outcome.by_indicator)
    if rows.empty:
        return
    about = [f"Ändringar per nyckeltal i {outcome.name} mot version {outcome.base}"]
    with st.expander(f"Visa ändringar per nyckeltal ({number(len(rows), 0)})"):
        answer.table(answer.Twin("Ändringar per nyckeltal", rows, f"nyckeltal-{place}"))
        made = lambda: export.as_csv(rows, about)  # noqa: E731  made only when somebody asks for it
        _download(
            "Hämta ändringarna per nyckeltal som CSV",
            made,
            "andringar-per-nyckeltal.csv",
            f"nyckeltal-{place}",
        )


def indicator_rows(changes: Sequence[IndicatorChange]) -> pd.DataFrame:
    """Changes by indicator as a table: one row an indicator, the most changed first."""
    return pd.DataFrame(
        {
            "Nyckeltal": [each.title for each in changes],
            "Nya": [each.new for each in changes],
            "Ändrade": [each.changed for each in changes],
            "Borttagna": [each.removed for each in changes],
            "Största ändring": [each.largest or "–" for each in changes],
        }
    )


def rows_that_change(place: str, outcome: Outcome) -> None:
    """The rows that change, old beside new."""
    if outcome.draft_id is None:
        return
    try:
        rows = desk.changes(store(), outcome.draft_id)
    except (DraftGone, FileNotFoundError):
        # Publishing says so, and checks the same file again.
        return
    with st.expander(f"Visa {counted(len(rows), 'ändrad cell eller rad', 'ändrade celler och rader')}"):
        answer.table(answer.Twin("Rader som ändras", changed_rows(rows.head(ROWS_SHOWN)), f"rader-{place}"))
        if len(rows) > ROWS_SHOWN:
            st.caption(
                f"Visar {ROWS_SHOWN} av {number(len(rows), 0)}. Filen nedan har upp till 2 000 av varje slag."
            )
        about = [f"Ändringar i {outcome.name} mot version {outcome.base}"]
        made = lambda: export.as_csv(rows, about)  # noqa: E731  made only when somebody asks for it
        _download("Hämta ändringarna som CSV", made, "andringar.csv", f"rader-{place}")


def changed_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that change as a table for the screen, old beside new; long texts are cut."""
    return pd.DataFrame(
        {
            "Vad": [
                f"{kind}, {change}: {_cut(what)}"
                for kind, change, what in zip(rows["Slag"], rows["Ändring"], rows["Vad"], strict=True)
            ],
            "Kolumn": list(rows["Kolumn"]),
            "Förut": [_cut(cell) for cell in rows["Förut"]],
            "Nu": [_cut(cell) for cell in rows["Nu"]],
        }
    )


def publishing_form(place: str, outcome: Outcome) -> None:
    """A tick for warnings, a note and the button."""
    answer.question("Publicera")
    what = handing_in.PLACES[place].publish
    if not access.may(what):
        st.markdown(access.refusal(what))
        return
    note, accepted = f"anteckning-{place}", f"godta-{place}"
    with st.form(f"publicera-{place}", border=False):
        if outcome.counts.get("warning"):
            count = counted(outcome.counts["warning"], "varningen", "varningarna")
            st.checkbox(f"Jag har läst {count} och godtar dem", key=accepted)
        st.text_input("Anteckning till historiken (får vara tom)", key=note, max_chars=200)
        st.form_submit_button(
            "Publicera",
            type="primary",
            on_click=handing_in.publish,
            args=(place, outcome.draft_id, note, accepted),
        )


def published(place: str) -> None:
    """What the visit did last here, with undo within reach."""
    done = handing_in.done(place)
    if done is None:
        return
    with st.container(key=f"klart-{place}"):
        answer.say(md(done.said), f"klart-{place}")
        if done.manifest is None:
            return
        bullets(done.manifest.summary, f"klart-{place}")
        if access.may("undo"):
            st.button(
                "Gör om" if done.is_undone else "Ångra",
                key=f"angra-{place}",
                on_click=handing_in.undo,
                args=(place, done.manifest.version, done.is_undone),
            )
        with st.container(horizontal=True):
            st.page_link("overview.py", label="Till översikten →")
            st.page_link("goals.py", label="Till målen →")
            st.page_link("comparison.py", label="Till jämförelsen →")
            st.page_link("actions.py", label="Till åtgärderna →")


def _form(key: str, place: str, handed: HandedIn, asked: Sequence[Need], *, may_replace: bool) -> None:
    """Fields for questions, and a button that checks the file again with the answers."""
    with st.form(key, border=False):
        answers = [(need, _field(need, f"{key}-{at}")) for at, need in enumerate(asked)]
        options = answered(handed.options, answers)
        if may_replace:
            replaces = st.radio(
                "Publicerade rader som filen saknar",
                [False, True],
                index=int(options.replace),
                format_func={False: "står kvar", True: "tas bort"}.get,
                key=f"{key}-ersatt",
                horizontal=True,
            )
            options = replace(options, replace=bool(replaces))
        is_sent = st.form_submit_button("Kontrollera igen", type="secondary" if may_replace else "primary")
    if is_sent:
        handing_in.answer(place, options)
        st.rerun()


def _field(need: Need, key: str) -> Any:
    """A field for a question, with the suggestion chosen."""
    if need.field == "columns":
        return _columns(need, key)
    if need.choices:
        values = list(need.choices)
        index = values.index(need.suggested) if need.suggested in values else None
        return st.selectbox(
            need.question, values, index=index, format_func=lambda value: need.choices[value], key=key
        )
    if need.field == "report_date":
        suggested = date.fromisoformat(need.suggested) if need.suggested else None
        given = st.date_input(need.question, suggested, format="YYYY-MM-DD", key=key)
        return given.isoformat() if isinstance(given, date) else None
    if need.field == "year":
        low, high = YEARS
        return st.number_input(need.question, low, high, need.suggested, step=1, format="%d", key=key)
    return st.text_input(need.question, need.suggested or "", key=key)


def _columns(need: Need, key: str) -> Mapping[str, str]:
    """One field per heading of the file, two beside each other where there is room."""
    st.markdown(md(need.question))
    fields, answers = list(need.choices), {}
    for at, (heading, field) in enumerate((need.suggested or {}).items()):
        if at % 2 == 0:
            sides = st.columns(2)
        answers[heading] = sides[at % 2].selectbox(
            f"”{heading}”",
            fields,
            index=fields.index(field) if field in fields else 0,
            format_func=lambda value: need.choices[value],
            key=f"{key}-{at}",
        )
    return answers


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else f"{cell[: LONGEST_CELL - 1].rstrip()}…"


def _name_in(need: Need) -> str:
    """The name in the file that a question about an earlier name is about: it stands there in quotation marks."""
    found = NAMED_IN_QUESTION.search(need.question)
    return found[1] if found else ""


def _download(label: str, content: bytes | Callable[[], bytes], file_name: str, key: str) -> None:
    # Whoever may hand a file in may see what is said of it.
    handing_out.offer(
        label, content, file_name=file_name, mime="text/csv", key=f"hamta-{key}", what=handing_out.FINDINGS
    )
