// Saving the table as CSV: the rows that match, in their order, with the columns that are on.

/** The starts of texts that a spreadsheet would interpret as a formula, as in `scan export`. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A cell of a CSV file (RFC 4180). Numbers and flags stay as they are; a formula gets an apostrophe. */
function csvCell(value) {
  if (isNothing(value)) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (values) => `${values.map(csvCell).join(",")}\n`;

/** The table as lines of CSV. */
function csvLines() {
  const columns = table.columns.filter(isOn);
  const header = csvLine(columns.map((column) => column.title));
  return [header, ...table.rows.map((row) => csvLine(columns.map((column) => column.value(row))))];
}

/** The name of the file: of the run, and of what is shown. */
const csvName = () =>
  `${isMixed() ? "runs" : shownRuns()[0].name}-${state.kind || "resources"}.csv`.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^\.+/, "");

/** Saves the table. The file is made in the page, and needs no network. */
function saveCsv() {
  const address = URL.createObjectURL(new Blob(csvLines(), { type: "text/csv;charset=utf-8" }));
  make("a", { href: address, download: csvName() }).click();
  // The browser reads the file after this function has ended.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
