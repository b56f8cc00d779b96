// What a resource uses, and what uses it. Each is a way to the other resource.

/** What links lead to that is no resource of the run, in words. */
const OUTSIDE = {
  account: "account of this run",
  foreign: "outside of the organization",
  dangling: "does not exist",
  unknown: "not in this run",
};

/** Returns the links of a resource: a list and a total number for each direction. */
async function linksOf(row) {
  const chunks = pieces.get(`links ${row.kind.table}`) ?? [];
  const piece = chunks.find(({ from, count }) => from <= row.index && row.index < from + count);
  const [uses, usesTotal, usedBy, usedByTotal] = piece
    ? (await unpack(piece))[row.index - piece.from]
    : [[], 0, [], 0];
  return { uses: { links: uses, total: usesTotal }, usedBy: { links: usedBy, total: usedByTotal } };
}

/** A list of links; the paths of several links to the same resource are in one line. */
function linkList(title, { links, total }) {
  if (total === 0) return null;
  const line = ([label, paths, place, index, account]) => {
    const kind = typeof place === "number" ? kinds.find((known) => known.table === place) : null;
    const about = kind ? kindName(kind) : OUTSIDE[place];
    return make(
      "li",
      {},
      kind
        ? button(label, () => followLink(kind, index), { class: "open" })
        : make("b", { class: `outside ${place}` }, label),
      make("span", { class: "hint" }, [about, account].filter(Boolean).join(" · ")),
      make("code", {}, paths.join(", ")),
    );
  };
  const more = total - links.length;
  return make(
    "section",
    { "aria-label": title },
    make("h3", {}, `${title} ${number(total)}`),
    make("ul", { class: "links" }, links.map(line)),
    more > 0
      ? make("p", { class: "hint" }, `and ${number(more)} more: scan links lists all of them`)
      : null,
  );
}
