// Swedish for what Streamlit itself writes on screen: it has no setting for language (streamlit issue 1353).
// Only whole texts from the list are changed, and never inside what a page has written.
// tests/browser/test_serving.py tells when a new version of Streamlit says something else.
(() => {
  "use strict";

  const PHRASES = {
    "Choose an option": "Välj ett alternativ",
    "Choose options": "Välj ett eller flera",
    "Choose or add an option": "Välj eller skriv ett alternativ",
    "Choose or add options": "Välj eller skriv alternativ",
    "Add an option": "Skriv ett alternativ",
    "Add options": "Skriv alternativ",
    "No options to select": "Det finns inget att välja",
    "No options to select.": "Det finns inget att välja.",
    "No results": "Inga träffar",
    "Select all": "Välj alla",
    "Selected values": "Valda",
    "Clear all": "Rensa alla",
    "Clear value": "Rensa",
    "Clear entry": "Rensa",
    "Clear selection": "Rensa markeringen",
    "Open": "Öppna",
    "Close": "Stäng",
    "Cancel": "Avbryt",
    "Dismiss": "Stäng",
    "View more": "Visa mer",
    "View less": "Visa mindre",
    "Upload": "Välj fil",
    "file upload": "Ladda upp fil",
    "Add files": "Lägg till filer",
    "add icon": "",
    "Drag and drop a file here": "Dra hit en fil",
    "Drag and drop files here": "Dra hit filer",
    "Drag and drop directories here": "Dra hit mappar",
    "Upload directories": "Välj mappar",
    "Too many files": "För många filer",
    "Only one file is allowed.": "Bara en fil i taget.",
    "Unexpected error. Please try again.": "Något gick fel. Försök igen.",
    "Network Error": "Nätverksfel",
    "Download failed": "Hämtningen misslyckades",
    "Press Enter to apply": "Tryck Enter för att använda",
    "Press Enter to submit form": "Tryck Enter för att skicka",
    "Press Ctrl+Enter to apply": "Tryck Ctrl+Enter för att använda",
    "Press ⌘+Enter to apply": "Tryck ⌘+Enter för att använda",
    "Press Ctrl+Enter to submit form": "Tryck Ctrl+Enter för att skicka",
    "Press ⌘+Enter to submit form": "Tryck ⌘+Enter för att skicka",
    "Show password": "Visa lösenordet",
    "Hide password": "Dölj lösenordet",
    "Increment": "Öka",
    "Decrement": "Minska",
    "yyyy": "åååå",
    "Choose date": "Välj datum",
    "Choose date range": "Välj period",
    "Choose date and time": "Välj datum och tid",
    "Clear date": "Rensa datum",
    "Clear dates": "Rensa datum",
    "Clear date and time": "Rensa datum och tid",
    "Clear time": "Rensa tid",
    "Date range": "Period",
    "Quick select a date range": "Snabbval av period",
    "Previous month": "Föregående månad",
    "Next month": "Nästa månad",
    "Past Week": "Senaste veckan",
    "Past Month": "Senaste månaden",
    "Past 3 Months": "Senaste 3 månaderna",
    "Past 6 Months": "Senaste 6 månaderna",
    "Past Year": "Senaste året",
    "Past 2 Years": "Senaste 2 åren",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "Gå mellan datum med piltangenterna. Enter väljer, Escape stänger.",
    "Start date must be before end date.": "Startdatum ska vara före slutdatum.",
    "Collapse sidebar": "Dölj sidofältet",
    "Expand sidebar": "Visa sidofältet",
    "Sidebar": "Sidofält",
    "Skip to main content": "Hoppa till innehållet",
    "App pages": "Sidor",
    "Navigate to home page": "Till startsidan",
    "Logo": "Logotyp",
    "Notifications": "Meddelanden",
    "Main menu": "Meny",
    "Scroll tabs left": "Rulla flikarna åt vänster",
    "Scroll tabs right": "Rulla flikarna åt höger",
    "Link to heading": "Länk till rubriken",
    "Fullscreen": "Helskärm",
    "Close fullscreen": "Stäng helskärm",
    "Copy to clipboard": "Kopiera",
    "Copied": "Kopierat",
    "Search": "Sök",
    "Close Search": "Stäng sökning",
    "Previous Result": "Föregående träff",
    "Next Result": "Nästa träff",
    "Show/hide columns": "Visa eller dölj kolumner",
    "Download as CSV": "Hämta som CSV",
    "Sort ascending": "Sortera stigande",
    "Sort descending": "Sortera fallande",
    "Pin column": "Fäst kolumnen",
    "Unpin column": "Lossa kolumnen",
    "Hide column": "Dölj kolumnen",
    "Copy column name": "Kopiera kolumnens namn",
    "Dataframe column menu": "Kolumnens meny",
    "Previous page": "Föregående sida",
    "Next page": "Nästa sida",
    "Loading": "Hämtar",
    "Loading...": "Hämtar …",
    "Please wait...": "Vänta …",
    "Running...": "Arbetar …",
    "Stop": "Stoppa",
    "Rerun": "Kör om",
    "Always rerun": "Kör alltid om",
    "File change.": "Filen har ändrats.",
    "Print": "Skriv ut",
    "Theme": "Utseende",
    "System": "Som datorn",
    "Light": "Ljust",
    "Dark": "Mörkt",
    "Settings": "Inställningar",
    "About": "Om",
    "Get help": "Hjälp",
    "Report a bug": "Rapportera fel",
    "Deploy": "Publicera",
    "Clear cache": "Töm mellanlagret",
    "Record a screencast": "Spela in skärmen",
    "Connecting": "Ansluter",
    "CONNECTING": "ANSLUTER",
    "Connecting to Streamlit server": "Ansluter till servern",
    "Connection error": "Ingen kontakt med servern",
    "Connection timed out.": "Servern svarade inte i tid.",
    "Connection closed": "Anslutningen är stängd",
    "Connection lost. Please wait for the app to reconnect, then try again.":
      "Anslutningen bröts. Vänta tills den är tillbaka och försök igen.",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "Servern svarar inte. Sidan ansluter av sig själv när den är igång igen. Den startas med:",
    "Streamlit server is not responding. Are you connected to the internet?":
      "Servern svarar inte. Kontrollera nätverket; sidan ansluter av sig själv när den är tillbaka.",
    "streamlit run yourscript.py": "python app.py",
    "Page not found": "Sidan finns inte",
    "The page that you have requested does not seem to exist. Running the app's main page.":
      "Adressen leder inte till någon sida. Startsidan visas i stället.",
    "Bad message format": "Meddelandet kunde inte läsas",
    "Unknown error": "Okänt fel",
    "Error": "Fel",
    "Error:": "Fel:",
    "Try again": "Försök igen",
    "Retry": "Försök igen",
    "No data": "Inga uppgifter",
    "empty": "tomt",
    "Streamlit logo": "",
  };

  const PATTERNS = [
    [/^Remove (.+)$/s, "Ta bort $1"],
    [/^Upload (.+)$/s, "Välj fil: $1"],
    [/^Clear (.+)$/s, "Rensa $1"],
    [/^Help for (.+)$/s, "Hjälp om $1"],
    [/^Select (\d+) match(?:es)?$/, "Välj $1 träffar"],
    [/^Add: (.+)$/s, "Lägg till: $1"],
    [/^Page (\d+)$/, "Sida $1"],
    [/^Shortcut (.+)$/, "Kortkommando $1"],
    [/^([\d.,]+)\s?([KMGT]?B) per file$/, (_, size, unit) => `högst ${size.replace(".", ",")} ${unit} per fil`],
    [/^([\d.,]+)\s?([KMGT]?B)$/, (_, size, unit) => `${size.replace(".", ",")} ${unit.replace("K", "k")}`],
    [/^(?:Error: )?File must be ([\d.,]+)\s?([KMGT]?B) or smaller\.?$/,
      (_, size, unit) => `Filen får vara högst ${size.replace(/[.,]0$/, "").replace(".", ",")} ${unit}.`],
    [/^(?:Error: )?AxiosError: Request failed with status code 413$/, "Filen är för stor."],
    [/^(?:Error: )?AxiosError: Request failed with status code 403$/, "Servern tar inte emot filer härifrån."],
    [/^(?:Error: )?AxiosError: (?:Request failed with status code \d+|Network Error)$/,
      "Filen kom inte fram. Försök igen."],
    [/^(?:Error: )?(\S+) files are not allowed\.?$/, "Filer av typen $1 tas inte emot."],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, "Högst $1 kan väljas. Ta bort ett val först."],
    [/^Value must be (.+) or later\.$/, "Tidigast $1."],
    [/^Value must be (.+) or earlier\.$/, "Senast $1."],
    [/^Today, (.+?)( selected)?$/, (_, date, chosen) => `I dag, ${date}${chosen ? ", valt" : ""}`],
    [/^year, (.+)$/s, "år, $1"],
    [/^month, (.+)$/s, "månad, $1"],
    [/^day, (.+)$/s, "dag, $1"],
    [/^(.+), selected$/s, "$1, valt"],
    [/^Connection failed with status (\d+).*$/s, "Servern svarade med fel $1."],
    [/^Cannot connect to Streamlit \(HTTP status: (\d+)\).*$/s, "Ingen kontakt med servern (svar $1)."],
    [/^You have requested page (\/.*), but no corresponding file was found.*$/s,
      "Adressen $1 leder inte till någon sida. Startsidan visas i stället."],
    [/^This app has encountered an error\..*$/s, "Sidan kan inte visas just nu. Felet finns i serverns logg."],
  ];

  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription"];
  // What pages write. A school may be called "Open"; Streamlit's own words are never in here but for CHROME.
  const CONTENT = '[data-testid="stMarkdownContainer"], [data-testid="stTable"], [data-testid="stDataFrame"], ' +
    '[role="option"], .js-plotly-plot, pre, code, script, style';
  const CHROME = '[data-testid="stFileUploaderDropzone"], [data-testid="stTooltipContent"], [role="tooltip"], ' +
    '[data-testid="stDialog"], [role="dialog"], [data-testid="stStatusWidget"], [data-testid="stException"], ' +
    '[data-testid="stFileUploader"]';

  const swedish = (text) => {
    const trimmed = text.trim();
    if (!trimmed || trimmed.length > 600) return null;
    if (Object.hasOwn(PHRASES, trimmed)) return text.replace(trimmed, () => PHRASES[trimmed]);
    for (const [pattern, words] of PATTERNS) {
      if (pattern.test(trimmed)) return text.replace(trimmed, () => trimmed.replace(pattern, words));
    }
    return null;
  };

  const translateText = (node) => {
    const parent = node.parentElement;
    if (!parent || (parent.closest(CONTENT) && !parent.closest(CHROME))) return;
    const words = swedish(node.nodeValue);
    if (words !== null && words !== node.nodeValue) node.nodeValue = words;
  };

  const translateAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      const words = value ? swedish(value) : null;
      if (words !== null && words !== value) element.setAttribute(name, words);
    }
  };

  const translate = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return translateText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = root; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) translateText(node);
      else translateAttributes(node);
    }
    return undefined;
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translateText(change.target);
      else if (change.type === "attributes") translateAttributes(change.target);
      else change.addedNodes.forEach(translate);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });

  // A table wider than the screen is moved sideways: with the keyboard only where its box can be reached by it.
  const measured = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      const box = target.tagName === "TABLE" ? target.parentElement : target;
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", box.querySelector("table")?.getAttribute("aria-label") ?? "Tabell");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    }
  });
  const measure = (added) => {
    for (const table of added.tagName === "TABLE" ? [added] : added.querySelectorAll?.("table") ?? []) {
      if (!table.closest('[data-testid="stTable"]')) continue;
      measured.observe(table);
      measured.observe(table.parentElement);
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach(measure);
  }).observe(document.documentElement, { subtree: true, childList: true });

  // The reader's own mark for what has been read (pages/parts/news_shown.py): only a click sets it or takes it away.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    const place = button?.closest('[class*="st-key-minns-version-"], .st-key-glom-version');
    if (!place) return;
    const [, number = ""] = place.className.match(/st-key-minns-version-(\d+)/) ?? [];
    const days = number ? 365 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `namndkollen_sett=${number}; Max-Age=${days * 86400}; Path=/; SameSite=Strict${secure}`;
  }, true);

  // Plotly picks up this list when it loads, and then forgets it.
  const MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
    "oktober", "november", "december"];
  const DAYS = ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"];
  window.PlotlyLocales = [{
    moduleType: "locale",
    name: "sv",
    dictionary: {
      "Autoscale": "Anpassa skalan",
      "Box Select": "Markera med rektangel",
      "Lasso Select": "Markera fritt",
      "Download plot": "Hämta figuren",
      "Download plot as a PNG": "Hämta figuren som PNG",
      "Download plot as a png": "Hämta figuren som PNG",
      "Double-click on legend to isolate one trace": "Dubbelklicka för att visa bara en serie",
      "Double-click to zoom back out": "Dubbelklicka för att zooma ut",
      "Pan": "Flytta",
      "Produced with Plotly.js": "Gjord med Plotly",
      "Reset": "Återställ",
      "Reset axes": "Återställ axlarna",
      "Reset view": "Återställ vyn",
      "Reset views": "Återställ vyerna",
      "Show closest data on hover": "Visa närmaste värde",
      "Compare data on hover": "Jämför värden",
      "Snapshot succeeded": "Bilden är klar",
      "Taking snapshot - this may take a few seconds": "Bilden görs",
      "Toggle Spike Lines": "Visa eller dölj hjälplinjer",
      "Zoom": "Zooma",
      "Zoom in": "Zooma in",
      "Zoom out": "Zooma ut",
      "lower fence:": "nedre gräns:",
      "upper fence:": "övre gräns:",
      "max:": "högst:",
      "min:": "lägst:",
      "mean:": "medel:",
      "median:": "median:",
      "trace": "serie",
    },
    format: {
      days: DAYS,
      shortDays: DAYS.map((day) => day.slice(0, 3)),
      months: MONTHS,
      shortMonths: MONTHS.map((month) => month.slice(0, 3)),
      date: "%Y-%m-%d",
      decimal: ",",
      thousands: "\u00a0",
    },
  }];

  // A figure that names no language gets Swedish; the setting exists only once Plotly has loaded.
  let plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set: (loaded) => {
      plotly = loaded;
      queueMicrotask(() => loaded?.setPlotConfig?.({ locale: "sv" }));
    },
  });

  // Paper shows everything at once: print.css can fit a drawing to the sheet only if it has a viewBox,
  // and can neither open a fold nor know the name of a tab.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    for (const svg of document.querySelectorAll(".js-plotly-plot .main-svg")) {
      const { width, height } = svg.getBoundingClientRect();
      if (width && !svg.hasAttribute("viewBox")) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    }
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const fold of opened) fold.setAttribute("open", "");
    for (const tabs of document.querySelectorAll('[data-testid="stTabs"]')) {
      const names = [...tabs.querySelectorAll('[role="tab"]')].map((tab) => tab.textContent);
      const panels = [...tabs.children].filter((child) => child.dataset.testid === "stTabPanel");
      panels.forEach((panel, place) => { panel.dataset.printTitle = names[place] ?? ""; });
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.removeAttribute("open");
    opened = [];
  });
})();
