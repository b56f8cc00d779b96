// Start-up, views, theme, keyboard shortcuts and printing.

const THEMES = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" };

function startTheme() {
  // A browser may not store anything for a file; the choice then holds while the page is open.
  let theme = "";
  try {
    theme = localStorage.getItem("theme") ?? "";
  } catch {}
  if (!Object.hasOwn(THEMES, theme)) theme = "";
  const apply = () => {
    if (theme === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    byId("theme").textContent = THEMES[theme];
  };
  byId("theme").addEventListener("click", () => {
    const names = Object.keys(THEMES);
    theme = names[(names.indexOf(theme) + 1) % names.length];
    try {
      localStorage.setItem("theme", theme);
    } catch {}
    apply();
  });
  apply();
}

let drawnView = null;

/** Draws the view of the current state. */
function show() {
  drawRuns();
  for (const view of VIEWS) {
    byId(`view-${view}`).hidden = view !== state.view;
    const link = document.querySelector(`nav [data-view=${view}]`);
    link.hidden = false;
    if (view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (drawnView !== state.view) scrollTo(0, 0);
  drawnView = state.view;
  if (state.view === "completeness") return showMap();
  if (state.view === "resources") return showTable().then(keepFocus);
  if (state.view === "witnesses") return showWitnesses();
  if (state.view === "trends") return;
  return showOverview();
}

/** Prints more rows than the screen shows, but not all of a large table. */
addEventListener("beforeprint", () => {
  if (state.view !== "resources") return;
  drawTable(0, PRINTED_ROWS);
  if (table.rows.length > PRINTED_ROWS)
    byId("table").append(
      make(
        "p",
        { class: "nothing" },
        `The first ${number(PRINTED_ROWS)} of ${number(table.rows.length)} resources.`,
      ),
    );
});
addEventListener("afterprint", () => {
  if (state.view === "resources") drawTable();
});

addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (state.view !== "resources") showResources({});
  focusSearch();
});

/** The search field exists once the resources are loaded. */
function focusSearch() {
  const field = byId("search");
  if (field) field.focus();
  else setTimeout(focusSearch, 20);
}

/** An open menu closes on a click elsewhere, or on Escape. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(except)) menu.open = false;
}
addEventListener("click", (event) => closeMenus(event.target));
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? event.target.closest?.(".menu[open]") : null;
  menu?.querySelector("summary").focus();
  if (menu) closeMenus(null);
});

byId("filters").addEventListener("submit", (event) => event.preventDefault());

addEventListener("hashchange", () => {
  state = read();
  // The values in the fields belong to another state.
  fill(byId("filters"));
  show();
});

startTheme();
state = read();
show();
