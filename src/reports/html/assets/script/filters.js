// The filters above the table: the search, and choices that show how many resources match each.

function drawFilters() {
  const form = byId("filters");
  if (!form.contains(document.activeElement) || form.childElementCount === 0)
    return fill(form, filterFields());
  // The user is typing or choosing in one of the fields: that field stays, with its focus.
  const active = document.activeElement.closest(".field, .check, .search");
  const fresh = filterFields();
  const place = [...form.children].indexOf(active);
  [...form.children].forEach((field, index) => {
    if (index !== place && fresh[index]) field.replaceWith(fresh[index]);
  });
}

function filterFields() {
  // A row has one value or a list of values.
  const distinct = (valueOf) => {
    const counts = new Map();
    const count = (value) => {
      if (!isNothing(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
    };
    for (const row of table.all) {
      const values = valueOf(row);
      if (Array.isArray(values)) values.forEach(count);
      else count(values);
    }
    return [...counts].sort(([one], [other]) => collator.compare(one, other));
  };
  const options = (values, textOf = (value) => value) => [
    ["", "All"],
    ...values.map(([value, count]) => [value, `${textOf(value)} (${number(count)})`]),
  ];
  const byIdOf = new Map(shownAccounts().map((account) => [account.id, accountName(account)]));
  // A chosen value stays visible and can be cleared, even if no resource matches it.
  const chosen = (key, entries) =>
    state[key] === "" || entries.some(([value]) => value === state[key])
      ? entries
      : [...entries, [state[key], 0]];
  const filter = (label, key, valueOf, textOf) => {
    const entries = chosen(key, distinct(valueOf));
    const choose = (value) => change({ [key]: value });
    return choice(label, options(entries, textOf), state[key], choose, entries.length === 0);
  };
  const search = make("input", {
    type: "search",
    id: "search",
    value: state.q,
    placeholder: "Name, id, address, tag=value …",
    title: SEARCH_HELP,
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
    on: { input: typed },
  });
  const deep = make("input", {
    type: "checkbox",
    on: { change: (event) => change({ deep: event.target.checked ? "1" : "" }) },
  });
  deep.checked = state.deep !== "";
  return [
    make("label", { class: "search" }, make("span", {}, "Search"), search),
    choice("Kind", kindOptions(), state.kind, (kind) =>
      change({ kind, sort: "", state: "", environment: "" }),
    ),
    filter(
      "Account",
      "account",
      (row) => row.account.id,
      (id) => byIdOf.get(id) ?? id,
    ),
    ...accountFilters(filter),
    filter("Region", "region", (row) => row.region),
    filter("State", "state", (row) => shown(row.values[FIELD.state])),
    filter("Environment", "environment", environmentOf),
    make(
      "label",
      { class: "check", title: "Slower: unpacks every resource" },
      deep,
      "Search the full JSON",
    ),
    button(
      "Clear",
      () => {
        showResources({});
        // The focused field is not redrawn.
        byId("search").value = "";
        byId("search").focus();
      },
      {
        class: "quiet",
        disabled: Object.keys(EMPTY).every((key) => ["view", "page", "run"].includes(key) || state[key] === ""),
      },
    ),
  ];
}

/** What can be searched for. */
const SEARCH_HELP =
  'All words must occur, and a word with - before it must not; "a phrase" is one word. ' +
  "tag=value finds a tag, -tag= resources known to be without it, tags:unknown those of which it is not known; " +
  "account:tag=value a tag of the account, ou:path an organizational unit, and AWS::EC2::Instance or " +
  "type:AWS::EC2::Instance the resources of a type.";

/** The filters by organizational unit and by tag of the account, if these are known. */
function accountFilters(filter) {
  const filters = [];
  if (shownAccounts().some((account) => account.unitPaths.length > 0))
    filters.push(filter("Organizational unit", "ou", (row) => row.account.unitPaths));
  if (shownAccounts().some((account) => account.tagTexts.length > 0))
    filters.push(filter("Account tag", "accountTag", (row) => row.account.tagTexts));
  return filters;
}

/** Waits until the user has stopped typing for a moment. */
let pause = 0;
function typed(event) {
  clearTimeout(pause);
  const { value } = event.target;
  pause = setTimeout(() => change({ q: value }, true), 120);
}

function kindOptions() {
  const present = kinds.filter((kind) => countOf(kind) > 0);
  const services = total(present, (kind) => kind.service);
  const group = ([service, count]) => ({
    label: service,
    options: [
      [service, `All of ${service} (${number(count)})`],
      ...present
        .filter((kind) => kind.service === service)
        .map((kind) => [kind.key, `${service} ${kindName(kind)} (${number(countOf(kind))})`]),
    ],
  });
  // A service that was called but has no resources can be chosen in the map.
  const isKnown =
    state.kind === "" || present.some((kind) => kind.key === state.kind || kind.service === state.kind);
  return [
    ["", `All kinds (${number(sumOf("resources"))})`],
    ...(isKnown ? [] : [[state.kind, `${state.kind} (0)`]]),
    ...services.map(group),
  ];
}

/** Shows the outcome of the calls of a chosen account and service: a gap is not an empty result. */
async function drawNote() {
  const service = state.kind.split("/")[0];
  const accounts = service === "" ? [] : shownAccounts().filter(({ id }) => id === state.account);
  if (accounts.length > 0) map.fields ??= await loadCoverage();
  const note = (account) => {
    const counts = countsOf(account, service);
    if (!counts) return null;
    const isGap = counts.has(GAPS);
    return make(
      "div",
      { class: `banner ${isGap ? "bad" : "info"}` },
      signOf(STATUSES[worst(counts)]),
      make(
        "p",
        {},
        `Calls of ${service} in ${titleInRun(accountName(account), account)}: ${countsInWords(counts)}.`,
        isGap ? " The resources of denied or failed calls are missing here." : "",
      ),
    );
  };
  fill(byId("note"), accounts.map(note));
}
