// The runs of the page. If there are several, all views show those of all, or of one that the user chooses.

const isSeveral = runs.length > 1;

const isShown = (run) => state.run === "" || run.name === state.run;

const shownRuns = () => runs.filter(isShown);

/** Whether resources of several runs are shown, so that each needs the name of its run. */
const isMixed = () => shownRuns().length > 1;

/** The accounts of the runs that are shown. */
const shownAccounts = () => overview.accounts.filter(({ run }) => isShown(run));

/** The sum of a number of the runs that are shown. */
const sumOf = (field) => shownRuns().reduce((sum, run) => sum + run[field], 0);

/** The number of resources of a kind or in a region, in the runs that are shown. */
const countOf = ({ counts }) =>
  counts.reduce((sum, count, index) => sum + (isShown(runs[index]) ? count : 0), 0);

/** The number of calls per status in the runs that are shown, in the order of the program. */
const statusCounts = () =>
  runs[0].statuses.map(({ status }, index) => ({
    status,
    count: shownRuns().reduce((sum, run) => sum + run.statuses[index].count, 0),
  }));

/** The part of the state that shows only this run. */
const onlyRun = (run) => ({ run: isSeveral ? run.name : "" });

/** A hint with the name of a run, where those of several are shown. */
const runHint = (run) => (isMixed() ? make("span", { class: "hint" }, run.name) : null);

const startedAt = ({ run }) => `${time(run.started.replace(/\.\d+/, ""))} UTC`;

const organizationOf = ({ run }) => run.organization ?? run.caller.account;

let drawnRun = null;

/** Draws the texts and links above and below the views, and removes the parts of views that belong to other runs. */
function drawRuns() {
  if (drawnRun === state.run) return;
  drawnRun = state.run;
  map.page = 0;
  fill(byId("filters"));
  fill(byId("witness-differences"));
  const shown = shownRuns();
  const [run] = shown;
  const about = isMixed() ? counted(shown.length, "run") : startedAt(run);
  document.title = `AWS inventory, ${about}`;
  byId("run-line").textContent = isMixed() ? about : `${organizationOf(run)} · ${about}`;
  const versions = new Set(shown.map(({ run: { version } }) => version));
  byId("foot").textContent = `${isMixed() ? about : run.name} · made by scan ${[...versions].join(", ")}`;
  for (const link of document.querySelectorAll("nav [data-view]")) link.href = address({ ...EMPTY, view: link.dataset.view, run: state.run });
  if (!isSeveral) return;
  if (byId("run-choice").childElementCount === 0) {
    const options = [["", "All"], ...runs.map(({ name }) => [name, name])];
    fill(byId("run-choice"), choice("Run", options, state.run, (name) => change({ run: name })));
  }
  byId("run-choice").querySelector("select").value = state.run;
}

/** The totals of each run, and of all. */
function runsTable() {
  if (!isMixed()) return null;
  const scanned = (accounts) => number(accounts.filter(({ reason }) => reason === null).length);
  const cell = (text) => make("td", { class: "number" }, text);
  const row = (run) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, button(run.name, () => change({ run: run.name }), { class: "open" })),
      make("td", {}, organizationOf(run)),
      make("td", {}, startedAt(run)),
      cell(scanned(overview.accounts.filter((account) => account.run === run))),
      ["resources", "calls", "gaps"].map((field) => cell(number(run[field]))),
    );
  const all = make(
    "tr",
    {},
    make("th", { scope: "row" }, "All"),
    make("td"),
    make("td"),
    cell(scanned(overview.accounts)),
    ["resources", "calls", "gaps"].map((field) => cell(number(sumOf(field)))),
  );
  const titles = ["Run", "Organization", "Started", "Accounts scanned", "Resources", "Calls", "Incomplete"];
  return scrollingTable("Runs", titles, [...runs.map(row), all]);
}
