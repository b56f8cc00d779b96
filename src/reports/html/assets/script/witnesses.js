// What witnesses report differently from the run: how they responded, the agreement by type, and the differences.

/** The columns of the differences: title, and position in a row. */
const DIFFERENCE_COLUMNS = [
  ["Class", 0],
  ["Type", 1],
  ["Account", 2],
  ["Region", 3],
  ["Resource", 4],
  ["Name", 5],
  ["Witness", 6],
  ["Created", 7],
  ["Reported", 8],
  ["Status", 9],
  ["Reason", 10],
  ["Entry of a spec that lists it", 11],
];

/** How a witness responded. */
const ANSWERS = {
  complete: ["good", "complete"],
  partial: ["calm", "not complete"],
  failed: ["bad", "denied or failed"],
  not_set_up: ["calm", "not set up"],
  not_called: ["calm", "not called"],
};

const inWords = (name) => name.replaceAll("_", " ");

/** The rows of the differences, once they are unpacked. */
let differences = null;

async function showWitnesses() {
  const known = overview.witnesses;
  byId("witnesses-hint").textContent = known
    ? "Other services of AWS know resources too. Each resource that they report is either in this run, or here with the reason why not."
    : "This run was not compared with witnesses. `scan reconcile` compares it with Resource Explorer, AWS Config, the tagging API and the bill; then write the report again.";
  if (!known) return;
  if (differences === null) {
    const rows = [];
    for (const piece of pieces.get("witnesses 0") ?? []) rows.push(...(await unpack(piece)));
    differences = rows.map((values) => {
      const account = overview.accounts.find(({ id }) => id === values[2]);
      const row = values.map((value, index) => (index === 2 && account ? accountTitle(account) : value));
      return { values: row, class: values[0], text: row.filter((value) => value !== null).join("\n").toLowerCase() };
    });
  }
  drawAgreement(known);
  drawAnswers(known.answers);
  drawTypes(known);
  drawDifferences(known);
}

function drawAgreement(known) {
  const figure = (value, words, more) =>
    make("li", {}, make("b", {}, value), make("span", {}, words), make("small", {}, more));
  const percent = known.agreement === null ? "–" : `${known.agreement.toFixed(1)} %`;
  fill(
    byId("witness-figures"),
    figure(percent, "agreement", "of resources that run or witnesses have"),
    figure(number(known.both), "in both", "in the run and reported by a witness"),
    known.classes
      .filter(({ count }) => count > 0)
      .map(({ class: name, count, meaning }) => figure(number(count), inWords(name), meaning)),
  );
}

function drawAnswers(answers) {
  const answer = (one) => {
    const [tone, words] = ANSWERS[one.state];
    const failed = one.failed.map(({ account, calls, status, reason }) =>
      make("li", {}, `Account ${account}: ${counted(calls, "call")} ${inWords(status)}: ${reason}`),
    );
    const without =
      one.accounts > 0 && one.not_set_up.length > 0
        ? make("li", {}, `Not set up in ${counted(one.not_set_up.length, "account")}: ${one.not_set_up.join(", ")}`)
        : null;
    return make(
      "li",
      {},
      make("b", {}, one.title),
      " ",
      make("span", { class: `state ${tone}` }, words),
      ` ${number(one.resources)} reported, from ${counted(one.accounts, "account")}`,
      make("ul", {}, failed, without, one.notes.map((note) => make("li", {}, note))),
    );
  };
  fill(
    byId("witness-answers"),
    make(
      "section",
      { class: "card", "aria-label": "Witnesses" },
      make("h2", {}, "Witnesses"),
      make("ul", { class: "answers" }, answers.map(answer)),
    ),
  );
}

/** A table in a region that scrolls. */
const scrollingTable = (label, titles, rows) =>
  make(
    "div",
    { class: "card scroll", role: "region", "aria-label": label, tabindex: "0" },
    make(
      "table",
      { class: "resources" },
      make("caption", { class: "unseen" }, label),
      make("thead", {}, make("tr", {}, titles.map((title) => make("th", { scope: "col" }, title)))),
      make("tbody", {}, rows),
    ),
  );

function drawTypes(known) {
  const types = [...known.types].sort((one, other) => (one.agreement ?? 101) - (other.agreement ?? 101));
  const cell = (value) => make("td", { class: "number" }, typeof value === "number" ? number(value) : value);
  const rows = types.map((one) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, one.type),
      cell(one.agreement === null ? "–" : `${one.agreement.toFixed(1)} %`),
      cell(one.both),
      one.classes.map(cell),
    ),
  );
  const classes = known.classes.slice(0, types[0]?.classes.length ?? 0);
  const titles = ["Type", "Agreement", "In both", ...classes.map(({ class: name }) => inWords(name))];
  fill(byId("witness-types"), make("h2", {}, "Agreement by type"), scrollingTable("Agreement by type", titles, rows));
}

function drawDifferences(known) {
  const words = wordsOf(state.q, true);
  const found = differences.filter(
    (one) =>
      (state.state === "" || one.class === state.state) &&
      words.every(({ word, isWanted }) => one.text.includes(word) === isWanted),
  );
  const from = Number(state.page) * TABLE_ROWS;
  const cell = (value, index) => make("td", { title: value?.length > 40 ? value : null }, inCell(value, index));
  const rows = found
    .slice(from, from + TABLE_ROWS)
    .map(({ values }) => make("tr", {}, DIFFERENCE_COLUMNS.map(([, index]) => cell(values[index], index))));
  const some = found.length === differences.length ? "" : ` of ${number(differences.length)}`;
  const body = byId("witness-table");
  const table = scrollingTable("Table of differences", DIFFERENCE_COLUMNS.map(([title]) => title), rows);
  const count = `${number(found.length)}${some} ${differences.length === 1 ? "difference" : "differences"}`;
  // The search field keeps the focus while the user types.
  if (body === null) {
    fill(
      byId("witness-differences"),
      make("h2", {}, "Differences"),
      differenceFilters(known),
      make("p", { id: "witness-count", role: "status", "aria-live": "polite" }),
      make("div", { id: "witness-table" }),
      make("div", { id: "witness-pages", class: "pages" }),
    );
  }
  byId("witness-search").value = state.q;
  byId("witness-class").querySelector("select").value = state.state;
  byId("witness-count").textContent = count;
  fill(byId("witness-table"), table);
  pager(byId("witness-pages"), Number(state.page), TABLE_ROWS, found.length, (page) => change({ page: String(page) }));
}

/** The columns whose values are words of the program. */
const WORDS = new Set([0, 9]);

function inCell(value, index) {
  if (value === null) return "";
  if (isTime(value)) return time(value);
  return WORDS.has(index) ? inWords(value) : value;
}

function differenceFilters(known) {
  const search = make("input", {
    type: "search",
    id: "witness-search",
    placeholder: "Type, ARN, account, reason",
    on: { input: (event) => change({ q: event.target.value }, true) },
  });
  const classes = known.classes.filter(({ count }) => count > 0);
  const options = [["", "All"], ...classes.map(({ class: name }) => [name, inWords(name)])];
  return make(
    "form",
    { class: "card filters", role: "search", "aria-label": "Differences", on: { submit: (event) => event.preventDefault() } },
    make("label", { class: "search" }, make("span", {}, "Search"), search),
    make("div", { id: "witness-class" }, choice("Class", options, state.state, (value) => change({ state: value }))),
  );
}
