// The data of the page: the overview, and tables that are unpacked on demand.

const overview = JSON.parse(document.getElementById("overview-data").textContent);
const { runs } = overview;

/** The positions of the values of a row; the columns of its kind follow. */
const FIELD = {
  account: 0,
  region: 1,
  name: 2,
  id: 3,
  arn: 4,
  state: 5,
  type: 6,
  created: 7,
  tags: 8,
  link: 9,
  owner: 10,
  resourceType: 11,
  others: 12,
};

/** The chunks of every table, as elements that are not unpacked yet: "rows 3" has the rows of table 3. */
const pieces = new Map();
for (const element of document.querySelectorAll("script[data-part]")) {
  const { part, table, from, count } = element.dataset;
  const key = `${part} ${table}`;
  if (!pieces.has(key)) pieces.set(key, []);
  pieces.get(key).push({ element, from: Number(from), count: Number(count) });
}

async function unpack(piece) {
  const text = atob(piece.element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** Lets the browser draw and handle events before the work continues. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

/** The kinds, each with its resources once they are loaded. */
const kinds = overview.kinds.map((kind) => ({ ...kind, key: `${kind.service}/${kind.kind}`, rows: null }));

/** A resource: its kind, its index in the table of the kind, and its values. */
class Row {
  constructor(kind, index, values) {
    this.kind = kind;
    this.index = index;
    this.values = values;
    this.text = null;
  }

  get account() {
    return overview.accounts[this.values[FIELD.account]];
  }

  get region() {
    return overview.regions[this.values[FIELD.region]].name;
  }

  /** The tags. Their keys are any texts, also "constructor": read one with `tag`. */
  get tags() {
    return this.values[FIELD.tags] ?? {};
  }

  tag(key) {
    return Object.hasOwn(this.tags, key) ? this.tags[key] : null;
  }

  /** The name of the type in CloudFormation, or null if it has none. */
  get resourceType() {
    return this.kind.types[this.values[FIELD.resourceType]] ?? null;
  }

  /** Whether it is known which tags the resource has. */
  get hasKnownTags() {
    return !isNothing(this.values[FIELD.tags]);
  }

  get title() {
    return (
      this.values[FIELD.name] ||
      this.values[FIELD.id] ||
      this.values[FIELD.arn] ||
      `${this.kind.kind} without a name`
    );
  }
}

/** Returns the resources of some kinds; calls `progress` with the number that are loaded. */
async function rowsOf(wanted, progress) {
  let done = 0;
  for (const kind of wanted) {
    if (kind.rows === null) {
      const rows = [];
      for (const piece of pieces.get(`rows ${kind.table}`) ?? []) {
        for (const values of await unpack(piece)) rows.push(new Row(kind, rows.length, values));
        progress(done + rows.length);
        await breathe();
      }
      kind.rows = rows;
    }
    done += kind.rows.length;
  }
  return wanted.flatMap((kind) => kind.rows);
}

/** The chunks with the complete resources of a kind. */
const rawPieces = (kind) => pieces.get(`raw ${kind.table}`) ?? [];

/** Returns a resource as AWS returned it, and what other calls returned about it, by function. */
async function completeOf(row) {
  const piece = rawPieces(row.kind).find(({ from, count }) => from <= row.index && row.index < from + count);
  return (await unpack(piece))[row.index - piece.from];
}

/** Returns the outcome of the calls: a map from account and service to the number of calls by status, gaps last. */
async function loadCoverage() {
  const fields = new Map();
  for (const [run, { services }] of runs.entries()) {
    for (const piece of pieces.get(`map ${run}`) ?? []) {
      for (const [account, service, ...pairs] of await unpack(piece)) {
        const counts = new Map();
        for (let index = 0; index < pairs.length; index += 2) counts.set(pairs[index], pairs[index + 1]);
        fields.set(`${account} ${services[service]}`, counts);
      }
    }
  }
  return fields;
}
