// The completeness map: accounts × services, a cell for all calls of one service in one account.

/** How many accounts are on a page of the map. */
const MAP_ROWS = 50;

const map = { fields: null, page: 0, onlyGaps: false, words: "" };

async function showMap() {
  map.fields ??= await loadCoverage();
  fill(
    byId("legend"),
    STATUSES.filter(({ key }) =>
      statusCounts().some(({ status, count }) => status === key && count > 0),
    ).map((status) =>
      make("li", {}, signOf(status), make("b", {}, statusName(status)), make("span", {}, status.words)),
    ),
  );
  if (byId("map-controls").childElementCount === 0) fill(byId("map-controls"), mapControls());
  drawMap();
}

function mapControls() {
  const redraw = () => {
    map.page = 0;
    drawMap();
  };
  const search = make("input", {
    type: "search",
    placeholder: "Name or id",
    on: {
      input: (event) => {
        map.words = event.target.value.toLowerCase();
        redraw();
      },
    },
  });
  const gaps = make("input", {
    type: "checkbox",
    on: {
      change: (event) => {
        map.onlyGaps = event.target.checked;
        redraw();
      },
    },
  });
  return [
    make("label", { class: "field" }, make("span", {}, "Account"), search),
    make("label", { class: "check" }, gaps, "Only accounts with gaps"),
  ];
}

const countsOf = (account, service) => map.fields.get(`${account.index} ${service}`);

/** The services that were called in the runs that are shown. */
const calledServices = () => [...new Set(shownRuns().flatMap(({ services }) => services))].sort();

/** The worst status of a cell. */
const worst = (counts) =>
  [...counts.keys()]
    .filter((index) => index !== GAPS)
    .reduce((one, other) => (STATUSES[other].badness > STATUSES[one].badness ? other : one));

function mapAccounts() {
  const hasGaps = (account) =>
    account.reason !== null ||
    account.run.services.some((service) => (countsOf(account, service)?.get(GAPS) ?? 0) > 0);
  return shownAccounts().filter(
    (account) => accountTitle(account).toLowerCase().includes(map.words) && (!map.onlyGaps || hasGaps(account)),
  );
}

function drawMap() {
  const accounts = mapAccounts();
  const services = calledServices();
  const head = make(
    "tr",
    {},
    make("th", { scope: "col", class: "corner" }, "Account"),
    services.map((service) =>
      make("th", { scope: "col", class: "service" }, make("span", {}, service)),
    ),
  );
  const rows = accounts.slice(map.page * MAP_ROWS, (map.page + 1) * MAP_ROWS).map((account) => mapRow(account, services));
  const caption = make("caption", { class: "unseen" }, "Calls by account and service");
  fill(
    byId("map"),
    accounts.length === 0
      ? make("p", { class: "nothing" }, "No account matches.")
      : make(
          "table",
          { class: "map", on: { keydown: moveInMap } },
          caption,
          make("thead", {}, head),
          make("tbody", {}, rows),
        ),
  );
  byId("map").querySelector("td button")?.setAttribute("tabindex", "0");
  pager(byId("map-pages"), map.page, MAP_ROWS, accounts.length, (page) => {
    map.page = page;
    drawMap();
  });
}

function mapRow(account, services) {
  const name = make(
    "th",
    { scope: "row" },
    make("span", { class: "name" }, accountName(account)),
    account.name ? make("small", {}, account.id) : null,
    isMixed() ? make("small", {}, account.run.name) : null,
  );
  if (account.reason !== null)
    return make(
      "tr",
      { class: "off" },
      name,
      make("td", { colspan: String(services.length) }, `Not scanned: ${account.reason}`),
    );
  return make(
    "tr",
    {},
    name,
    services.map((service) => mapField(account, service)),
  );
}

function mapField(account, service) {
  const counts = countsOf(account, service);
  if (counts === undefined) return make("td", {}, make("span", { class: "unseen" }, "not planned"));
  const status = STATUSES[worst(counts)];
  const gaps = counts.get(GAPS) ?? 0;
  const words = `${service} in ${titleInRun(accountName(account), account)}: ${countsInWords(counts)}`;
  return make(
    "td",
    {},
    make(
      "button",
      {
        type: "button",
        class: `sign ${status.key}`,
        tabindex: "-1",
        title: words,
        "aria-label": words,
        on: { click: () => showResources({ account: account.id, kind: service, ...onlyRun(account.run) }) },
      },
      status.sign,
      gaps > 1 ? make("small", {}, number(gaps)) : null,
    ),
  );
}

/** One cell can be reached with the tab key, and the others from there with the arrow keys. */
function moveInMap(event) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const step = steps[event.key];
  const cell = event.target.closest("td");
  if (!step || !cell) return;
  event.preventDefault();
  let [row, column] = [cell.parentElement, cell.cellIndex];
  for (;;) {
    row = step[0] < 0 ? row.previousElementSibling : step[0] > 0 ? row.nextElementSibling : row;
    column += step[1];
    const target = column > 0 ? row?.cells[column] : null;
    if (!target) return;
    const next = target.querySelector("button");
    if (next) {
      event.target.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
      return;
    }
  }
}
