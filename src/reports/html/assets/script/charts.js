// Charts: bars that link to resources, and the outcome of the calls.

/** How many bars a chart has at first, and at most when expanded. */
const BARS = 8;
const MORE_BARS = 500;

/** Returns the number of resources of the entries, summed by name. */
function total(entries, nameOf) {
  const sums = new Map();
  for (const entry of entries) sums.set(nameOf(entry), (sums.get(nameOf(entry)) ?? 0) + countOf(entry));
  return [...sums];
}

/** Bars that link to the resources. An entry has a key, a count, and a text if it differs from the key. */
function chart(title, words, entries, filters) {
  const present = entries.filter(([, count]) => count > 0).sort((one, other) => other[1] - one[1]);
  const most = present[0]?.[1] ?? 1;
  const bar = ([key, count, text]) => {
    const fillOfBar = make("span", { class: "fill", "aria-hidden": "true" });
    fillOfBar.style.setProperty("--share", `${(100 * count) / most}%`);
    const name = make("span", { class: "name", title: text ?? key }, text ?? key);
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          class: "row",
          "aria-label": `${text ?? key}: ${counted(count, "resource")}`,
          on: { click: () => showResources(filters(key)) },
        },
        name,
        make("span", { class: "track" }, fillOfBar),
        make("span", { class: "value" }, number(count)),
      ),
    );
  };
  const list = make(
    "ul",
    { class: "bars" },
    (present.length <= BARS + 2 ? present : present.slice(0, BARS)).map(bar),
  );
  const card = make("section", { class: "card", "aria-label": title }, make("h2", {}, title), list);
  if (present.length === 0) card.append(make("p", { class: "hint" }, "No resources."));
  if (present.length > BARS + 2) {
    const more = button(
      present.length > MORE_BARS
        ? `Show the first ${number(MORE_BARS)} of ${number(present.length)} ${words}`
        : `Show all ${number(present.length)} ${words}`,
      () => {
        fill(list, present.slice(0, MORE_BARS).map(bar));
        more.remove();
        list.children[BARS].firstChild.focus();
      },
      { class: "quiet more" },
    );
    card.append(more);
  }
  return card;
}

/** The outcome of the calls, as parts of one bar. */
function callsChart() {
  const parts = statusCounts().filter(({ count }) => count > 0);
  const whole = make("div", { class: "parts", "aria-hidden": "true" });
  for (const { status, count } of parts) {
    const part = make("span", { class: `part ${status}` });
    part.style.setProperty("flex-grow", String(Math.max(count, sumOf("calls") / 200)));
    whole.append(part);
  }
  const entry = ({ status, count }) =>
    make(
      "li",
      {},
      signOf(statusOf(status)),
      make(
        "span",
        { class: "name" },
        statusName(statusOf(status)),
        make("small", {}, statusOf(status).words),
      ),
      make("span", { class: "value" }, number(count)),
    );
  return make(
    "section",
    { class: "card", "aria-label": "Calls by status" },
    make("h2", {}, "Calls by status"),
    whole,
    make("ul", { class: "statuses" }, parts.map(entry)),
  );
}

/** The sign of a status, as in the map. */
const signOf = (status) => make("span", { class: `sign ${status.key}`, "aria-hidden": "true" }, status.sign);
