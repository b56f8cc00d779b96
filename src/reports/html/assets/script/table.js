// The data of the table: resources are read, filtered, searched and sorted. However many there are, only one
// page of them is in the document.

/** How many resources are on a page, and how many are printed. */
const TABLE_ROWS = 100;
const PRINTED_ROWS = 1000;

/** The current content of the table: all matching rows, in order, and the columns that are on. */
const table = { rows: [], columns: [], all: [] };

/** Counts up with each change, so that work for an earlier change is abandoned. */
let turn = 0;

async function showTable() {
  const mine = ++turn;
  const isOver = () => mine !== turn;
  const wanted = chosenKinds();
  const status = (text) => {
    if (!isOver()) byId("count").textContent = text;
  };
  const sum = wanted.reduce((total, { counts }) => counts.reduce((one, other) => one + other, total), 0);
  const read = await rowsOf(wanted, (done) => status(`Reading ${number(done)} of ${number(sum)} …`));
  const all = state.run === "" ? read : read.filter((row) => isShown(row.account.run));
  if (isOver()) return;
  table.all = all;
  drawTitle(wanted);
  drawFilters();
  await drawNote();
  const words = wordsOf(state.q, state.deep !== "");
  const passing = all.filter(passes);
  const deep = state.deep !== "" && words.length > 0;
  const found = deep
    ? await searchedDeeply(
        passing,
        words,
        (count) => status(`${number(count)} found, still searching …`),
        isOver,
      )
    : searched(passing, words);
  if (found === null || isOver()) return;
  const columns = columnsFor(wanted, all);
  const { title, direction } = sortOrder();
  const by = columns.find((column) => column.title === title);
  table.rows = by ? sorted(found, by, direction === "down") : found;
  table.columns = columns;
  const some = found.length === all.length ? "" : ` of ${number(all.length)}`;
  status(
    found.length === 0 && all.length === 0
      ? "No resources"
      : `${number(found.length)}${some} ${all.length === 1 ? "resource" : "resources"}`,
  );
  drawTools();
  drawTable();
}
