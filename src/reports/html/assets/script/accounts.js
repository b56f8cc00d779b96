// The accounts: their organizational units and tags, which filters, columns and charts share.

for (const run of runs) run.accounts = new Map();

for (const [index, account] of overview.accounts.entries()) {
  account.index = index;
  account.run = runs[account.run];
  account.run.accounts.set(account.id, account);
  /** The paths of the unit of the account and of all units above it: "Root", "Root/Workloads". */
  account.unitPaths = account.units.map((_, depth) => account.units.slice(0, depth + 1).join("/"));
  account.tags = new Map(Object.entries(account.tags ?? {}));
  /** The tags of the account as texts: "team=shop". */
  account.tagTexts = [...account.tags].map(([key, value]) => `${key}=${value}`);
  /** The searchable text, in lower case: "ou:" before the path of the unit, "account:" before a tag. */
  account.text = [
    account.name ?? "",
    account.id,
    ...account.unitPaths.slice(-1).map((unit) => `ou:${unit}`),
    ...account.tagTexts.map((tag) => `account:${tag}`),
  ]
    .join("\n")
    .toLowerCase();
}

/** The owner of a resource in words, if it is not the account that returned the resource. */
function ownerOf(row) {
  const id = row.values[FIELD.owner];
  if (isNothing(id)) return null;
  const account = row.account.run.accounts.get(id);
  return account ? accountTitle(account) : id === "aws" ? "AWS" : id;
}

/** The path of the unit that an account is in, or null if it is not known. */
const unitOf = (account) => account.unitPaths.at(-1) ?? null;

/** The keys of the tags that accounts have, the most frequent first. */
function accountTagKeys() {
  const counts = new Map();
  for (const { tags } of shownAccounts())
    for (const key of tags.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1]).map(([key]) => key);
}

/** The number of resources in each unit, with those of the units below it. */
function resourcesPerUnit() {
  const sums = new Map();
  for (const account of shownAccounts())
    for (const unit of account.unitPaths) sums.set(unit, (sums.get(unit) ?? 0) + account.resources);
  return [...sums];
}
