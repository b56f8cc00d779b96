// What witnesses report differently from the run: how they responded, the agreement by type, and the differences.

/** The columns of the differences: title, and position in a row. With several runs, that of the run comes first. */
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
  const compared = shownRuns().filter(({ witnesses }) => witnesses !== null);
  const others = shownRuns().filter(({ witnesses }) => witnesses === null);
  const names = isMixed() ? ` Runs without a comparison: ${others.map(({ name }) => name).join(", ")}.` : "";
  byId("witnesses-hint").textContent =
    (compared.length > 0
      ? "Other services of AWS know resources too. Each resource that they report is either in the run, or here with the reason why not."
      : "This run was not compared with witnesses. `scan reconcile` compares it with Resource Explorer, AWS Config, the tagging API and the bill; then write the report again.") +
    (others.length > 0 ? names : "");
  if (compared.length === 0)
    return ["figures", "answers", "types", "differences"].forEach((part) => fill(byId(`witness-${part}`)));
  if (differences === null) {
    const found = [];
    for (const [index, run] of runs.entries())
      for (const piece of pieces.get(`witnesses ${index}`) ?? [])
        for (const values of await unpack(piece)) found.push(difference(run, values));
    differences = found;
  }
  const classes = classesOf(compared);
  drawAgreement(compared, classes);
  drawAnswers(compared);
  drawTypes(compared, classes);
  drawDifferences(classes);
}

/** A row of the differences, with the account in words. */
function difference(run, values) {
  const account = run.accounts.get(values[2]);
  const row = values.map((value, index) => (index === 2 && account ? accountTitle(account) : value));
  return { run, values: row, class: values[0], text: row.filter((value) => value !== null).join("\n").toLowerCase() };
}

/** The classes of differences, with the number of them in all of these runs. */
const classesOf = (compared) =>
  compared[0].witnesses.classes.map((one, index) => ({
    ...one,
    count: compared.reduce((sum, { witnesses }) => sum + witnesses.classes[index].count, 0),
  }));

const percent = (agreement) => (agreement === null ? "–" : `${agreement.toFixed(1)} %`);

function drawAgreement(compared, classes) {
  const figure = (value, words, more) =>
    make("li", {}, make("b", {}, value), make("span", {}, words), make("small", {}, more));
  const both = compared.reduce((sum, { witnesses }) => sum + witnesses.both, 0);
  fill(
    byId("witness-figures"),
    compared.map(({ name, witnesses: { agreement } }) =>
      figure(percent(agreement), isMixed() ? `agreement of ${name}` : "agreement", "of resources that run or witnesses have"),
    ),
    figure(number(both), "in both", "in the run and reported by a witness"),
    classes
      .filter(({ count }) => count > 0)
      .map(({ class: name, count, meaning }) => figure(number(count), inWords(name), meaning)),
  );
}

function drawAnswers(compared) {
  const answer = (run, one) => {
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
      runHint(run),
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
      make("ul", { class: "answers" }, compared.flatMap((run) => run.witnesses.answers.map((one) => answer(run, one)))),
    ),
  );
}

function drawTypes(compared, classes) {
  const types = compared
    .flatMap((run) => run.witnesses.types.map((one) => ({ ...one, run })))
    .sort((one, other) => (one.agreement ?? 101) - (other.agreement ?? 101));
  const cell = (value) => make("td", { class: "number" }, typeof value === "number" ? number(value) : value);
  const rows = types.map((one) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, one.type),
      isMixed() ? make("td", {}, one.run.name) : null,
      cell(percent(one.agreement)),
      cell(one.both),
      one.classes.map(cell),
    ),
  );
  const ofTypes = classes.slice(0, types[0]?.classes.length ?? 0);
  const run = isMixed() ? ["Run"] : [];
  const titles = ["Type", ...run, "Agreement", "In both", ...ofTypes.map(({ class: name }) => inWords(name))];
  fill(byId("witness-types"), make("h2", {}, "Agreement by type"), scrollingTable("Agreement by type", titles, rows));
}

function drawDifferences(classes) {
  const words = wordsOf(state.q, true);
  const all = differences.filter(({ run }) => isShown(run));
  const found = all.filter(
    (one) =>
      (state.state === "" || one.class === state.state) &&
      words.every(({ word, isWanted }) => one.text.includes(word) === isWanted),
  );
  const from = Number(state.page) * TABLE_ROWS;
  const cell = (value, index) => make("td", { title: value?.length > 40 ? value : null }, inCell(value, index));
  const rows = found
    .slice(from, from + TABLE_ROWS)
    .map(({ run, values }) =>
      make(
        "tr",
        {},
        isMixed() ? make("td", {}, run.name) : null,
        DIFFERENCE_COLUMNS.map(([, index]) => cell(values[index], index)),
      ),
    );
  const some = found.length === all.length ? "" : ` of ${number(all.length)}`;
  const body = byId("witness-table");
  const titles = [...(isMixed() ? ["Run"] : []), ...DIFFERENCE_COLUMNS.map(([title]) => title)];
  const table = scrollingTable("Table of differences", titles, rows);
  const count = `${number(found.length)}${some} ${all.length === 1 ? "difference" : "differences"}`;
  // The search field keeps the focus while the user types.
  if (body === null) {
    fill(
      byId("witness-differences"),
      make("h2", {}, "Differences"),
      differenceFilters(classes),
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

function differenceFilters(classes) {
  const search = make("input", {
    type: "search",
    id: "witness-search",
    placeholder: "Type, ARN, account, reason",
    on: { input: (event) => change({ q: event.target.value }, true) },
  });
  const present = classes.filter(({ count }) => count > 0);
  const options = [["", "All"], ...present.map(({ class: name }) => [name, inWords(name)])];
  return make(
    "form",
    { class: "card filters", role: "search", "aria-label": "Differences", on: { submit: (event) => event.preventDefault() } },
    make("label", { class: "search" }, make("span", {}, "Search"), search),
    make("div", { id: "witness-class" }, choice("Class", options, state.state, (value) => change({ state: value }))),
  );
}
