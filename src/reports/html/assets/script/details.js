// One resource: its identifiers, its tags, its JSON as AWS returned it, and what other calls returned about it.

/** Longer JSON is shown without colours, which need an element for each value. */
const LONGEST_COLOURED = 200_000;

const dialog = byId("details");
let detailed = 0;

/** The resources that were left through their links, the last one first. */
let left = [];
let shownRow = null;

function showDetails(place) {
  detailed = place;
  left = [];
  return showRow(table.rows[place]);
}

/** Shows a resource that another one is linked with. */
async function followLink(kind, index) {
  const rows = await rowsOf([kind], () => {});
  left.unshift(shownRow);
  return showRow(rows[index]);
}

async function showRow(row) {
  shownRow = row;
  const [[raw, details], links] = await Promise.all([completeOf(row), linksOf(row)]);
  if (shownRow !== row) return;
  const step = (text, label, by) =>
    button(text, () => showDetails(detailed + by), {
      "aria-label": label,
      disabled: table.rows[detailed + by] === undefined,
    });
  const back = () => showRow(left.shift());
  fill(
    dialog,
    make(
      "header",
      {},
      make(
        "div",
        {},
        make(
          "p",
          { class: "hint" },
          [`${row.kind.service} ${kindName(row.kind)}`, row.resourceType].filter(Boolean).join(" · "),
        ),
        make("h2", { id: "details-title" }, row.title),
      ),
      make(
        "div",
        { class: "buttons" },
        left.length > 0 ? button(`Back to ${left[0].title}`, back, { class: "quiet" }) : null,
        left.length > 0 ? null : step("‹", "Previous resource", -1),
        left.length > 0 ? null : step("›", "Next resource", 1),
        button("✕", () => dialog.close(), { "aria-label": "Close" }),
      ),
    ),
    make(
      "div",
      { class: "content" },
      consoleLink(row, "Open in the AWS console", { class: "away", title: null }),
      identity(row),
      tagList(row),
      linkList("Uses", links.uses),
      linkList("Used by", links.usedBy),
      jsonPart(raw),
      moreDetails(details),
    ),
  );
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(".content").scrollTop = 0;
}

function identity(row) {
  const { values } = row;
  const entries = [
    ["Run", isSeveral ? row.account.run.name : null],
    ["Account", accountTitle(row.account)],
    ["Organizational unit", unitOf(row.account)],
    ["Owner", ownerOf(row)],
    ["Account tags", row.account.tagTexts.join(", ")],
    ["Region", row.region],
    ["Name", values[FIELD.name]],
    ["ID", values[FIELD.id]],
    ["ARN", values[FIELD.arn]],
    ["State", values[FIELD.state]],
    ["Type", values[FIELD.type]],
    ["Created", values[FIELD.created] ? shown(values[FIELD.created]) : null],
    ["Folder", `${row.account.folder}/${row.region}`],
  ];
  return make(
    "dl",
    {},
    entries
      .filter(([, value]) => !isNothing(value))
      .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
  );
}

function tagList(row) {
  const tags = Object.entries(row.tags);
  if (tags.length === 0) return null;
  return make(
    "section",
    {},
    make("h3", {}, "Tags"),
    make(
      "ul",
      { class: "tags" },
      tags.map(([key, value]) => make("li", {}, make("b", {}, key), make("span", {}, value))),
    ),
  );
}

/** A value as indented JSON. */
function jsonText(value, label) {
  const json = JSON.stringify(value, null, 2);
  const pre = make("pre", { tabindex: "0", "aria-label": label });
  if (json.length > LONGEST_COLOURED) pre.append(json);
  else pre.append(...coloured(json));
  return [json, pre];
}

/** What other calls returned about the resource, by function; each is made when it is opened. */
function moreDetails(details) {
  const functions = Object.entries(details);
  if (functions.length === 0) return null;
  const part = ([name, value]) => {
    const open = (event) => {
      if (event.target.open && event.target.childElementCount === 1)
        event.target.append(jsonText(value, `${name} as JSON`)[1]);
    };
    return make("details", { class: "more-details", on: { toggle: open } }, make("summary", {}, name));
  };
  return make("section", {}, make("h3", {}, "From other calls"), functions.map(part));
}

function jsonPart(raw) {
  const [json, pre] = jsonText(raw, "The resource as JSON");
  const copy = button(
    "Copy",
    async () => {
      const isCopied = await copied(json, pre);
      copy.textContent = isCopied ? "Copied" : "Selected: press Ctrl+C";
    },
    { class: "quiet" },
  );
  return make("section", {}, make("div", { class: "bar" }, make("h3", {}, "JSON"), copy), pre);
}

/** Splits a JSON text into names, strings and other values, each in a separate element. */
function coloured(json) {
  const parts = [];
  let end = 0;
  for (const found of json.matchAll(/"(?:[^"\\]|\\.)*"(:?)|-?\d[\d.eE+-]*|true|false|null/g)) {
    if (found.index > end) parts.push(json.slice(end, found.index));
    const kind = found[1] === ":" ? "key" : found[0].startsWith('"') ? "text" : "value";
    parts.push(make("span", { class: kind }, found[0]));
    end = found.index + found[0].length;
  }
  parts.push(json.slice(end));
  return parts;
}

/** Copies a text; where the browser forbids it, selects the element that shows it. */
async function copied(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}

dialog.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && left.length === 0 && !event.target.closest("pre") && table.rows[detailed + by]) showDetails(detailed + by);
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

dialog.addEventListener("close", () => {
  // Returns the focus to the resource that was shown last, if it is on the page.
  const line = detailed - Number(state.page) * TABLE_ROWS;
  byId("table").querySelectorAll("tbody tr")[line]?.querySelector("button").focus();
});
