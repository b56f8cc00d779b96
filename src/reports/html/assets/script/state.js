// The state of the page: the view and its filters. It is in the fragment of the URL, so that the back button
// works and the URL can be shared.

const VIEWS = ["overview", "completeness", "resources", "witnesses"];
if (byId("trends-tables").childElementCount > 0) VIEWS.push("trends");

const EMPTY = {
  view: "overview",
  run: "",
  kind: "",
  account: "",
  ou: "",
  accountTag: "",
  region: "",
  state: "",
  environment: "",
  q: "",
  deep: "",
  sort: "",
  page: "0",
};

let state = { ...EMPTY };

function read() {
  const [view, query] = location.hash.slice(1).split("?");
  const parameters = new URLSearchParams(query ?? "");
  const next = { ...EMPTY, view: VIEWS.includes(view) ? view : state.view };
  for (const [key, value] of parameters) if (Object.hasOwn(EMPTY, key) && key !== "view") next[key] = value;
  if (!runs.some(({ name }) => name === next.run)) next.run = "";
  return next;
}

function address(next) {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(next))
    if (key !== "view" && value !== EMPTY[key]) parameters.set(key, value);
  const query = parameters.toString();
  return `#${next.view}${query && `?${query}`}`;
}

/** Changes the state. Typing adds no history entries, so that the back button does not undo it letter by letter. */
function change(changes, isTyping = false) {
  const next = { ...state, page: "0", ...changes };
  if (isTyping) history.replaceState(null, "", address(next));
  else history.pushState(null, "", address(next));
  state = next;
  show();
}

/** The column that the table is sorted by, and whether in descending order. A title may contain colons. */
function sortOrder() {
  const end = state.sort.lastIndexOf(":");
  return { title: state.sort.slice(0, Math.max(end, 0)), direction: state.sort.slice(end + 1) };
}

/** Shows the resources of a service, an account, a region. */
const showResources = (filters) => change({ ...EMPTY, view: "resources", run: state.run, ...filters });

/** The kinds that the kind filter selects: all, those of a service, or one. */
function chosenKinds() {
  if (state.kind === "") return kinds;
  return kinds.filter((kind) => kind.key === state.kind || kind.service === state.kind);
}
