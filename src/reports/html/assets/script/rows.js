// The table itself: a header that sorts, a page of rows, and the choice of columns.

/** The heading: the kind that is shown, and its types in CloudFormation. */
function drawTitle(wanted) {
  const title = byId("resources-title");
  const only = wanted.length === 1 ? wanted[0] : null;
  title.className = only ? "" : "unseen";
  if (!only) return fill(title, "Resources");
  const types = only.types.flatMap((type) => [" ", make("code", {}, type)]);
  fill(title, `${only.service} ${kindName(only)}`, types);
}

/** The link to a resource in the AWS console, in a new tab that knows nothing of this page; null if there is none. */
const consoleLink = (row, text, attributes) =>
  isNothing(row.values[FIELD.link])
    ? null
    : make(
        "a",
        {
          href: row.values[FIELD.link],
          target: "_blank",
          rel: "noopener noreferrer",
          title: "Open in the AWS console",
          ...attributes,
        },
        text,
      );

/** What can be done with the table: choose its columns, and save it. */
function drawTools() {
  drawColumnChoice();
  fill(
    byId("saving"),
    button("CSV", saveCsv, {
      class: "quiet",
      title: "Save these resources and columns as a CSV file",
      disabled: table.rows.length === 0,
    }),
  );
}

function drawColumnChoice() {
  const box = (column) => {
    const input = make("input", {
      type: "checkbox",
      on: {
        change: (event) => {
          turned.set(turnedKey(column), event.target.checked);
          drawTable();
        },
      },
    });
    input.checked = isOn(column);
    return make("label", {}, input, column.title);
  };
  const wasOpen = byId("column-choice").querySelector("details")?.open ?? false;
  fill(
    byId("column-choice"),
    make(
      "details",
      { class: "menu", open: wasOpen },
      make("summary", {}, "Columns"),
      make("div", { class: "choices" }, table.columns.filter((column) => !column.isName).map(box)),
    ),
  );
}

function drawTable(from = Number(state.page) * TABLE_ROWS, size = TABLE_ROWS) {
  const columns = table.columns.filter(isOn);
  const rows = table.rows.slice(from, from + size);
  if (rows.length === 0) {
    fill(
      byId("table"),
      make(
        "p",
        { class: "nothing" },
        table.all.length === 0
          ? "No resources."
          : "No resource matches. Use fewer words or filters.",
      ),
    );
  } else {
    const caption = make("caption", { class: "unseen" }, "Resources; use the header buttons to sort");
    fill(
      byId("table"),
      make(
        "table",
        { class: "resources", "aria-rowcount": String(table.rows.length + 1) },
        caption,
        make("thead", {}, make("tr", {}, columns.map(headerCell))),
        make(
          "tbody",
          { on: { keydown: moveInTable } },
          rows.map((row, index) => bodyRow(row, from + index, columns)),
        ),
      ),
    );
  }
  pager(byId("pages"), Number(state.page), TABLE_ROWS, table.rows.length, (page) => {
    change({ page: String(page) });
    byId("table").scrollTop = 0;
    byId("table").scrollIntoView();
    byId("table").focus({ preventScroll: true });
  });
}

function headerCell(column) {
  const { title, direction } = sortOrder();
  const isSorted = title === column.title;
  const order = isSorted ? (direction === "down" ? "descending" : "ascending") : null;
  const next = isSorted && direction === "up" ? "down" : "up";
  const sign = order === "ascending" ? "▲" : order === "descending" ? "▼" : "↕";
  const sort = () => {
    change({ sort: `${column.title}:${next}` });
    turnFocus = column.title;
  };
  return make(
    "th",
    { scope: "col", "aria-sort": order ?? "none" },
    make(
      "button",
      { type: "button", "data-column": column.title, on: { click: sort } },
      column.title,
      make("span", { class: "order", "aria-hidden": "true" }, sign),
    ),
  );
}

/** The header that was clicked; redrawing the table replaces its element. */
let turnFocus = null;

function keepFocus() {
  if (turnFocus === null) return;
  [...byId("table").querySelectorAll("th button")]
    .find((element) => element.dataset.column === turnFocus)
    ?.focus();
  turnFocus = null;
}

function bodyRow(row, place, columns) {
  return make(
    "tr",
    { "aria-rowindex": String(place + 2) },
    columns.map((column) => bodyCell(row, place, column)),
  );
}

function bodyCell(row, place, column) {
  const value = column.value(row);
  if (column.isName)
    return make(
      "th",
      { scope: "row" },
      button(row.title, () => showDetails(place), {
        class: row.values[FIELD.name] ? "open" : "open code",
        title: "Show details",
      }),
      consoleLink(row, null, { class: "away", "aria-label": `${row.title} in the AWS console` }),
    );
  const text = shown(value);
  const kind = column.isCode ? "code" : typeof value === "number" ? "number" : null;
  const cell = make("td", { class: kind, title: column.about?.(row) ?? (text.length > 40 ? text : null) });
  if (column.isState && text !== "") cell.append(make("span", { class: `state ${stateTone(text)}` }, text));
  else cell.append(text);
  return cell;
}

/** The colour of a state, derived from its name. */
function stateTone(text) {
  const word = text.toLowerCase();
  if (
    /^(running|available|active|in-use|ok|enabled|issued|deployed|online|success)$|_complete$|^completed?$/.test(
      word,
    )
  )
    return "good";
  if (/fail|error|alarm|expired|inactive|impaired|lost|rollback/.test(word)) return "bad";
  return "calm";
}

/** The arrow keys move from name to name. */
function moveInTable(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const line = event.target.closest("tr");
  const next = event.key === "ArrowDown" ? line?.nextElementSibling : line?.previousElementSibling;
  if (!next) return;
  event.preventDefault();
  next.querySelector("button").focus();
}
