// The table of resources: filters, search, order, pages. However many resources there are, only one page of them
// is in the document.

/** How many resources are on a page, and how many are printed. */
const TABLE_ROWS = 100;
const PRINTED_ROWS = 1000;

/** What the table shows now: all rows that are found, in order, and the columns that are on. */
const table = { rows: [], columns: [], all: [] };

/** Counts up with each change, so that what takes longer than the next change is given up. */
let turn = 0;

async function showTable() {
  const mine = ++turn;
  const isOver = () => mine !== turn;
  const wanted = chosenKinds();
  const status = (text) => { if (!isOver()) byId("count").textContent = text; };
  const sum = wanted.reduce((count, kind) => count + kind.count, 0);
  const all = await rowsOf(wanted, (done) => status(`Reading ${number(done)} of ${number(sum)} …`));
  if (isOver()) return;
  table.all = all;
  drawFilters();
  await drawNote();
  const words = wordsOf(state.q);
  const passing = all.filter(passes);
  const deep = state.deep !== "" && words.length > 0;
  const found = deep ? await searchedDeeply(passing, words, (count) => status(`${number(count)} found, still looking …`), isOver) : searched(passing, words);
  if (found === null || isOver()) return;
  const columns = columnsFor(wanted, all);
  const [sortedBy, direction] = state.sort.split(":");
  const by = columns.find((column) => column.title === sortedBy);
  table.rows = by ? sorted(found, by, direction === "down") : found;
  table.columns = columns;
  const some = found.length === all.length ? "" : ` of ${number(all.length)}`;
  status(found.length === 0 && all.length === 0 ? "No resources" : `${number(found.length)}${some} ${all.length === 1 ? "resource" : "resources"}`);
  drawColumnChoice();
  drawTable();
}

function drawFilters() {
  const form = byId("filters");
  if (!form.contains(document.activeElement) || form.childElementCount === 0) return fill(form, filterFields());
  // Somebody is typing or choosing in one of the fields: that one stays, with its focus.
  const active = document.activeElement.closest(".field, .check, .search");
  const fresh = filterFields();
  const place = [...form.children].indexOf(active);
  [...form.children].forEach((field, index) => { if (index !== place && fresh[index]) field.replaceWith(fresh[index]); });
}

function filterFields() {
  const distinct = (valueOf) => {
    const counts = new Map();
    for (const row of table.all) {
      const value = valueOf(row);
      if (!isNothing(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].sort(([one], [other]) => collator.compare(one, other));
  };
  const options = (values, textOf = (value) => value) => [["", "All"], ...values.map(([value, count]) => [value, `${textOf(value)} (${number(count)})`])];
  const byIdOf = new Map(overview.accounts.map((account) => [account.id, accountName(account)]));
  // What is chosen can be seen, and taken back, also where nothing is left of it.
  const chosen = (key, entries) => (state[key] === "" || entries.some(([value]) => value === state[key]) ? entries : [...entries, [state[key], 0]]);
  const filter = (label, key, valueOf, textOf) => choice(label, options(chosen(key, distinct(valueOf)), textOf), state[key], (value) => change({ [key]: value }));
  const search = make("input", { type: "search", id: "search", value: state.q, placeholder: "Name, id, address, tag=value …", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false", on: { input: typed } });
  const deep = make("input", { type: "checkbox", on: { change: (event) => change({ deep: event.target.checked ? "1" : "" }) } });
  deep.checked = state.deep !== "";
  return [
    make("label", { class: "search" }, make("span", {}, "Search"), search),
    choice("Kind", kindOptions(), state.kind, (kind) => change({ kind, sort: "", state: "", environment: "" })),
    filter("Account", "account", (row) => row.account.id, (id) => byIdOf.get(id) ?? id),
    filter("Region", "region", (row) => row.region),
    filter("State", "state", (row) => shown(row.values[FIELD.state])),
    filter("Environment", "environment", environmentOf),
    make("label", { class: "check", title: "Slower: unpacks every resource" }, deep, "Search all of the JSON"),
    button("Clear", () => { change({ ...EMPTY, view: "resources" }); byId("search").focus(); }, { class: "quiet", disabled: Object.keys(EMPTY).every((key) => key === "view" || key === "page" || state[key] === "") }),
  ];
}

/** Waits until nobody has typed for a moment. */
let pause = 0;
function typed(event) {
  clearTimeout(pause);
  const { value } = event.target;
  pause = setTimeout(() => change({ q: value }, true), 120);
}

function kindOptions() {
  const services = total(kinds, (kind) => kind.service);
  const group = ([service, count]) => ({
    label: service,
    options: [[service, `All of ${service} (${number(count)})`], ...kinds.filter((kind) => kind.service === service).map((kind) => [kind.key, `${service} ${kindName(kind)} (${number(kind.count)})`])],
  });
  // A service that was asked and has nothing can be chosen in the map.
  const isKnown = state.kind === "" || kinds.some((kind) => kind.key === state.kind || kind.service === state.kind);
  return [["", `All kinds (${number(overview.resources)})`], ...(isKnown ? [] : [[state.kind, `${state.kind} (0)`]]), ...services.map(group)];
}

/** Where account and service are chosen: what became of their calls, so that nothing is not taken for complete. */
async function drawNote() {
  const service = state.kind.split("/")[0];
  const account = overview.accounts.findIndex(({ id }) => id === state.account);
  const place = overview.services.indexOf(service);
  if (account < 0 || place < 0) return fill(byId("note"));
  map.fields ??= await loadCoverage();
  const counts = countsOf(account, place);
  if (!counts) return fill(byId("note"));
  const isGap = counts.has(GAPS);
  const words = `Calls of ${service} in ${accountName(overview.accounts[account])}: ${countsInWords(counts)}.`;
  fill(byId("note"), make("div", { class: `banner ${isGap ? "bad" : "info"}` }, signOf(STATUSES[worst(counts)]), make("p", {}, words, isGap ? " What the calls that were denied or failed would have found is missing here." : "")));
}

function drawColumnChoice() {
  const box = (column) => {
    const input = make("input", { type: "checkbox", on: { change: (event) => { turned.set(turnedKey(column), event.target.checked); drawTable(); } } });
    input.checked = isOn(column);
    return make("label", {}, input, column.title);
  };
  const wasOpen = byId("column-choice").querySelector("details")?.open ?? false;
  fill(byId("column-choice"), make("details", { class: "menu", open: wasOpen }, make("summary", {}, "Columns"), make("div", { class: "choices" }, table.columns.filter((column) => !column.isName).map(box))));
}

function drawTable(from = Number(state.page) * TABLE_ROWS, size = TABLE_ROWS) {
  const columns = table.columns.filter(isOn);
  const rows = table.rows.slice(from, from + size);
  if (rows.length === 0) {
    fill(byId("table"), make("p", { class: "nothing" }, table.all.length === 0 ? "Nothing was found here." : "No resource is like that. Fewer words or filters find more."));
  } else {
    const caption = make("caption", { class: "unseen" }, "Resources; the buttons in the header sort them");
    fill(byId("table"), make("table", { class: "resources", "aria-rowcount": String(table.rows.length + 1) }, caption, make("thead", {}, make("tr", {}, columns.map(headerCell))), make("tbody", { on: { keydown: moveInTable } }, rows.map((row, index) => bodyRow(row, from + index, columns)))));
  }
  pager(byId("pages"), Number(state.page), TABLE_ROWS, table.rows.length, (page) => {
    change({ page: String(page) });
    byId("table").scrollTop = 0;
    byId("table").scrollIntoView();
    byId("table").focus({ preventScroll: true });
  });
}

function headerCell(column) {
  const [by, direction] = state.sort.split(":");
  const isSorted = by === column.title;
  const order = isSorted ? (direction === "down" ? "descending" : "ascending") : null;
  const next = isSorted && direction === "up" ? "down" : "up";
  const sign = order === "ascending" ? "▲" : order === "descending" ? "▼" : "↕";
  const sort = () => {
    change({ sort: `${column.title}:${next}` });
    turnFocus = column.title;
  };
  return make("th", { scope: "col", "aria-sort": order ?? "none" }, make("button", { type: "button", "data-column": column.title, on: { click: sort } }, column.title, make("span", { class: "order", "aria-hidden": "true" }, sign)));
}

/** The header that was pressed, which is another element when the table is drawn anew. */
let turnFocus = null;

function keepFocus() {
  if (turnFocus === null) return;
  [...byId("table").querySelectorAll("th button")].find((element) => element.dataset.column === turnFocus)?.focus();
  turnFocus = null;
}

function bodyRow(row, place, columns) {
  return make("tr", { "aria-rowindex": String(place + 2) }, columns.map((column) => bodyCell(row, place, column)));
}

function bodyCell(row, place, column) {
  const value = column.value(row);
  if (column.isName) return make("th", { scope: "row" }, button(row.title, () => showDetails(place), { class: "open", title: "Show all of it" }));
  const text = shown(value);
  const kind = column.isCode ? "code" : typeof value === "number" ? "number" : null;
  const cell = make("td", { class: kind, title: column.about?.(row) ?? (text.length > 40 ? text : null) });
  if (column.isState && text !== "") cell.append(make("span", { class: `state ${stateTone(text)}` }, text));
  else cell.append(text);
  return cell;
}

/** What a state means, as far as its word tells. */
function stateTone(text) {
  const word = text.toLowerCase();
  if (/^(running|available|active|in-use|ok|enabled|issued|deployed|online|success)$|_complete$|^completed?$/.test(word)) return "good";
  if (/fail|error|alarm|expired|inactive|impaired|lost|rollback/.test(word)) return "bad";
  return "calm";
}

/** The arrows move from name to name. */
function moveInTable(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const line = event.target.closest("tr");
  const next = event.key === "ArrowDown" ? line?.nextElementSibling : line?.previousElementSibling;
  if (!next) return;
  event.preventDefault();
  next.querySelector("button").focus();
}
