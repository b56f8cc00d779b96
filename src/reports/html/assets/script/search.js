// Matching of resources: filters, and search words that a resource must contain.

/** The word for resources of which it is not known whether they have tags. */
const UNKNOWN_TAGS = "tags:unknown";

/** Whether a word is a tag of resources, or the start of one: "team=" or "aws:cloudformation:stack-name=". */
const isTag = (word) => /^(?!account:|ou:)[^=\s]+=/.test(word);

/** The types of the resources, in lower case. */
const knownTypes = new Set(kinds.flatMap((kind) => kind.types.map((type) => type.toLowerCase())));

/**
 * A complete name of a type does not find the types whose names are longer: "aws::ec2::vpc" and "aws::ec2::vpcendpoint".
 * In the searchable text, the name of the type has an end. In JSON it has none.
 */
function exactType(word, isDeep) {
  const name = word.startsWith("type:") ? word.slice("type:".length) : isDeep ? "" : word;
  return knownTypes.has(name) ? `${word}::` : word;
}

/** Splits the typed text into words: "a phrase" is one word, and -word must not occur. */
function wordsOf(text, isDeep) {
  const words = [];
  for (const found of text.toLowerCase().matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)) {
    const word = found[2] ?? found[3];
    if (word !== "" && word !== "-") words.push({ word: exactType(word, isDeep), isWanted: found[1] === "" });
  }
  return words;
}

/** The values that are searched in other words, or not at all. */
const UNSEARCHED = new Set([FIELD.tags, FIELD.link, FIELD.owner, FIELD.resourceType]);

/** The searchable text of a row, in lower case. */
function textOf(row) {
  if (row.text === null) {
    const tags = Object.entries(row.tags).map(([key, value]) => `${key}=${value}`);
    const values = row.values.filter(
      (value, field) => field > FIELD.region && !UNSEARCHED.has(field) && !isNothing(value),
    );
    row.text = [
      row.kind.service,
      row.kind.kind,
      kindName(row.kind),
      row.account.text,
      row.region,
      row.resourceType === null ? "" : `type:${row.resourceType}::`,
      ownerOf(row) ?? "",
      ...values,
      ...(row.hasKnownTags ? tags : [UNKNOWN_TAGS]),
    ]
      .join("\n")
      .toLowerCase();
  }
  return row.text;
}

/** Whether a row with this text has all wanted words. That a tag is missing is known only if the tags are. */
const has = (row, text, words) =>
  words.every(
    ({ word, isWanted }) =>
      text.includes(word) === isWanted && (isWanted || row.hasKnownTags || !isTag(word)),
  );

/** Whether a row passes the filters other than the search. */
function passes(row) {
  return (
    (state.account === "" || row.account.id === state.account) &&
    (state.ou === "" || row.account.unitPaths.includes(state.ou)) &&
    (state.accountTag === "" || row.account.tagTexts.includes(state.accountTag)) &&
    (state.region === "" || row.region === state.region) &&
    (state.state === "" || shown(row.values[FIELD.state]) === state.state) &&
    (state.environment === "" || environmentOf(row) === state.environment)
  );
}

/** The rows that contain all words in their table values. */
const searched = (rows, words) => (words.length === 0 ? rows : rows.filter((row) => has(row, textOf(row), words)));

/**
 * The rows that contain all words anywhere, including in their complete JSON. The JSON is unpacked chunk by chunk;
 * `progress` gets the number of rows found so far, and the search stops when `isOver` returns true.
 */
async function searchedDeeply(rows, words, progress, isOver) {
  const wanted = new Set(rows);
  const found = [];
  for (const kind of new Set(rows.map((row) => row.kind))) {
    for (const piece of rawPieces(kind)) {
      const values = await unpack(piece);
      for (let index = 0; index < values.length; index += 1) {
        const row = kind.rows[piece.from + index];
        if (wanted.has(row) && has(row, `${textOf(row)}\n${JSON.stringify(values[index]).toLowerCase()}`, words))
          found.push(row);
      }
      progress(found.length);
      await breathe();
      if (isOver()) return null;
    }
  }
  return found;
}
