// Texts for numbers, times and statuses.

const number = (value) => value.toLocaleString("en-US");

const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** A time in readable form, in UTC as everything in AWS. */
function time(text) {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?(?:Z|\+00:00)$/.exec(text);
  return found ? `${found[1]} ${found[2]}` : text;
}

const isTime = (value) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(value);

/** The time between two timestamps, in words. */
function duration(from, to) {
  const seconds = (new Date(to) - new Date(from)) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** Every status, in the order of the program: its sign, its description, and its severity in the map. */
const STATUSES = [
  { key: "ok", sign: "✓", words: "complete, with results", badness: 1 },
  { key: "empty", sign: "0", words: "complete, no results", badness: 0 },
  { key: "truncated", sign: "…", words: "truncated: there is more", badness: 5 },
  { key: "denied", sign: "✕", words: "denied: resources unknown", badness: 9 },
  { key: "region_disabled", sign: "–", words: "region not enabled in the account", badness: 2 },
  { key: "not_available", sign: "–", words: "service not available in the region", badness: 2 },
  { key: "not_enabled", sign: "–", words: "service not enabled in the account", badness: 2 },
  { key: "vanished", sign: "–", words: "item deleted during the run", badness: 2 },
  { key: "throttled", sign: "≈", words: "throttled until retries were exhausted", badness: 6 },
  { key: "expired", sign: "∅", words: "credentials expired", badness: 7 },
  { key: "unreachable", sign: "?", words: "no response", badness: 7 },
  { key: "failed", sign: "!", words: "other error", badness: 8 },
  { key: "skipped", sign: "»", words: "not called, on purpose", badness: 3 },
];

/** The index of the number of gaps, after those of the statuses. */
const GAPS = STATUSES.length;

const statusOf = (key) => STATUSES.find((status) => status.key === key);

const statusName = (status) => status.key.replaceAll("_", " ");

/** The calls of a cell in words: "2 denied, 4 ok". */
const countsInWords = (counts) =>
  [...counts]
    .filter(([index]) => index !== GAPS)
    .sort(([one], [other]) => STATUSES[other].badness - STATUSES[one].badness)
    .map(([index, count]) => `${number(count)} ${statusName(STATUSES[index])}`)
    .join(", ");

const accountName = (account) => account.name || account.id;

const accountTitle = (account) => (account.name ? `${account.name} (${account.id})` : account.id);

/** A text about an account, with the name of its run where those of several are shown. */
const titleInRun = (text, account) => (isMixed() ? `${text} · ${account.run.name}` : text);

/** The name of a kind in words: "security group". */
const kindName = (kind) => kind.kind.replaceAll("_", " ");
