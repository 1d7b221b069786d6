"""Behandling av personuppgifter: what is processed and what is not, told of what the program does and nothing else."""

from __future__ import annotations

import streamlit as st

from pages.parts import access, answer
from pages.parts.access.tables import access_settings
from pages.parts.public_texts import organisation, whom_to_tell
from pages.parts.words import counted, md, upper_first
from queries.connection import settings

told, limits = settings()["privacy"], settings()["disclosure"]
years = settings()["retention"]["audit_years"]
kept = f"i {counted(years, 'år', 'år')}" if years else "tills kommunen har beslutat om gallring"
st.title("Behandling av personuppgifter", anchor=False)
st.markdown(
    f"{organisation()} är personuppgiftsansvarig. Nämndkollen visar mål, åtgärder och resultat för grupper, inte för enskilda, "
    "och följer inte dem som läser."
)
answer.question("Vilka uppgifter visas?")
st.markdown(
    "Skolor, grupper av elever, svar i enkäter och enheters sjukfrånvaro. Resultat för färre än "
    f"{limits['pupils_per_school']} elever på en skola, {limits['pupils_per_municipality']} i kommunen eller "
    f"{limits['survey_answers']} svar döljs, och så mycket annat att de inte går att räkna ut. Sjukfrånvaro visas "
    f"inte för färre än {limits['employees']} årsarbetare. Ansvariga står som roller. "
    "Filer som läses in, och det som skrivs ner vid dialogmöten, granskas av programmet: finns där personnummer, e-postadresser, "
    "telefonnummer, kolumner om personer eller en rad per elev avvisas filen och tas bort. Namn i löpande text hittas inte så; "
    "den som läser in svarar för att de inte finns där."
)
answer.question("Vad sparas om den som använder tjänsten?")
if access.is_configured():
    st.markdown(
        "Du loggar in med kommunens inloggning. Därifrån läses vilka grupper du hör till, som ger din roll, och ett id som "
        "görs om till en pseudonym på tolv tecken. Namn och e-postadress sparas inte av Nämndkollen. Inloggningen gäller i "
        f"{access_settings()['session_hours']} timmar."
    )
else:
    st.markdown(
        "Ingen inloggning är inställd. Bara den som sitter vid datorn som kör Nämndkollen kommer åt sidorna."
    )
st.markdown(
    f"- En händelselogg sparas {kept}. Den visar när någon loggar in eller ut, publicerar, ångrar, återställer, gallrar, hämtar en fil eller nekas, med tid, roll, "
    "kommun och pseudonym. En pseudonym är en personuppgift.\n"
    "- Vilka sidor du läser och vad du söker efter sparas inte. Adressen i webbläsaren innehåller dina val, så att du kan dela "
    "det du ser.\n"
    "- Serverns tekniska logg har fel med en referens, men inte vem som fick dem, varifrån eller med vilka val.\n"
    "- Inga besök mäts, och inget skickas till någon annan. Den som hämtar från Kolada skickar koder för nyckeltal, kommuner, "
    "skolor och år."
)
answer.question("Vilka kakor används?")
st.markdown(
    "- `_streamlit_xsrf` skyddar formulär och uppladdning mot att andra webbplatser missbrukar dem. Den tas bort när webbläsaren stängs.\n"
    "- `_streamlit_user` håller dig inloggad. Den sätts bara vid inloggning.\n"
    "- `namndkollen_sett` håller numret på den version du har läst, i ett år. Den sätts bara när du klickar på *Kom ihåg att jag har "
    "läst det här* på Översikt, och *Glöm vad jag har läst* tar bort den.\n\n"
    "De två första är nödvändiga för tjänsten och den tredje är något du själv har bett om. Därför frågar vi inte om samtycke "
    "(9 kap. 28 § lagen om elektronisk kommunikation)."
)
answer.question("Med vilken rätt, och vem kan du fråga?")
officer = f" Dataskyddsombud: {md(told['officer'])}." if told["officer"] else ""
st.markdown(
    f"{md(told['legal_ground'])} Du har rätt att få veta vilka uppgifter om dig som behandlas, att få dem rättade och att invända. "
    f"{upper_first(whom_to_tell('Personuppgifter i Nämndkollen'))}.{officer} "
    "Klagomål på behandlingen prövas av Integritetsskyddsmyndigheten, imy.se."
)
