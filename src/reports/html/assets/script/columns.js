// The columns of the table: titles, values and sort order.

/** Tag keys that usually name the environment, the best first. */
const ENVIRONMENT = ["environment", "env", "stage", "tier"];

function environmentOf(row) {
  for (const wanted of ENVIRONMENT) {
    for (const [key, value] of Object.entries(row.tags)) if (key.toLowerCase() === wanted) return value;
  }
  return null;
}

const plain = (title, field, more = {}) => ({ title, value: (row) => row.values[field], ...more });

const NAME = { title: "Name", value: (row) => row.title, isName: true };
const ENVIRONMENT_COLUMN = { title: "Environment", value: environmentOf, isSparse: true };
const KIND = { title: "Kind", value: (row) => `${row.kind.service} ${kindName(row.kind)}` };
const STATE = plain("State", FIELD.state, { isSparse: true, isState: true });
const TYPE = plain("Type", FIELD.type, { isSparse: true });
const RUN = { title: "Run", value: (row) => row.account.run.name };
const REGION = { title: "Region", value: (row) => row.region };
const ACCOUNT = {
  title: "Account",
  value: (row) => accountName(row.account),
  about: (row) => row.account.id,
};
const ACCOUNT_ID = { title: "Account ID", value: (row) => row.account.id, isCode: true, isOff: true };
const OWNER = { title: "Owner", value: ownerOf, isSparse: true, isOff: true };
const RESOURCE_TYPE = {
  title: "Resource type",
  value: (row) => row.resourceType,
  isSparse: true,
  isOff: true,
};
const UNIT = {
  title: "Organizational unit",
  value: (row) => unitOf(row.account),
  isSparse: true,
  isOff: true,
};
const CREATED = plain("Created", FIELD.created, { isSparse: true });
const ID = plain("ID", FIELD.id, { isSparse: true, isCode: true });
const ARN = plain("ARN", FIELD.arn, { isSparse: true, isCode: true, isOff: true });
const TAGS = { title: "Tags", value: tagsText, isSparse: true };

function tagsText(row) {
  const tags = Object.entries(row.tags).filter(([key]) => key !== "Name");
  return tags.length === 0 ? null : tags.map(([key, value]) => `${key}=${value}`).join(", ");
}

const accountTagColumn = (key) => ({
  title: `Account tag ${key}`,
  value: (row) => row.account.tags.get(key),
  isSparse: true,
  isOff: true,
});

const tagColumn = (key) => ({ title: `Tag ${key}`, value: (row) => row.tag(key), isOff: true });

/** The columns that the user has turned on or off, by kind and title. */
const turned = new Map();

const turnedKey = (column) => `${state.kind}\n${column.title}`;

const isOn = (column) => turned.get(turnedKey(column)) ?? !column.isOff;

/** All columns for these rows, except empty ones. */
function columnsFor(wanted, rows) {
  const only = wanted.length === 1 ? wanted[0] : null;
  const own = (only?.columns ?? []).map((title, index) =>
    plain(title, FIELD.others + index, { isSparse: true }),
  );
  const columns = [
    NAME,
    only ? null : KIND,
    isMixed() ? RUN : null,
    ENVIRONMENT_COLUMN,
    STATE,
    TYPE,
    isNamedById(rows) ? null : ID,
    ACCOUNT,
    ACCOUNT_ID,
    OWNER,
    UNIT,
    REGION,
    ...own,
    CREATED,
    RESOURCE_TYPE,
    ARN,
    TAGS,
  ];
  const tagKeys = new Map();
  for (const row of rows)
    for (const key of Object.keys(row.tags)) tagKeys.set(key, (tagKeys.get(key) ?? 0) + 1);
  const often = [...tagKeys]
    .sort((one, other) => other[1] - one[1])
    .slice(0, 30)
    .map(([key]) => key)
    .filter((key) => key !== "Name");
  const ofAccounts = accountTagKeys().slice(0, 30).map(accountTagColumn);
  return [...columns, ...often.map(tagColumn), ...ofAccounts].filter(
    (column) => column && (!column.isSparse || rows.some((row) => !isNothing(column.value(row)))),
  );
}

/** Whether the ID column would only repeat the names. */
const isNamedById = (rows) => rows.every((row) => row.values[FIELD.id] === row.title);

const isNothing = (value) => value === null || value === undefined || value === "";

/** A value as a cell shows it. */
function shown(value) {
  if (isNothing(value)) return "";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "number") return Number.isInteger(value) ? number(value) : String(value);
  return isTime(value) ? time(value) : String(value);
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The rows in the order of a column; rows without a value come last in either direction. */
function sorted(rows, column, isDescending) {
  const direction = isDescending ? -1 : 1;
  const values = new Map();
  for (const row of rows) {
    const value = column.value(row);
    if (!isNothing(value)) values.set(value, 0);
  }
  // Collation is slow, so distinct values are sorted once, and rows by the rank of their value.
  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number"
      ? one - other
      : collator.compare(String(one), String(other));
  [...values.keys()].sort(compare).forEach((value, rank) => values.set(value, rank));
  const rank = (row) => values.get(column.value(row));
  const ranked = rows.map((row) => [row, rank(row)]);
  ranked.sort(([, one], [, other]) => {
    if (one === undefined || other === undefined) return (one === undefined) - (other === undefined);
    return (one - other) * direction;
  });
  return ranked.map(([row]) => row);
}
