// The first view: whether the inventory is complete, what there is, where, and what failed why.

/** How many bars a chart has before somebody asks for more, and how many then. */
const BARS = 8;
const MORE_BARS = 500;

function showOverview() {
  const { run, exit } = overview;
  fill(byId("banners"), banners(run, exit));
  fill(byId("figures"), figures());
  fill(
    byId("charts"),
    callsChart(),
    chart("Resources per service", "services", total(kinds, (kind) => kind.service), (service) => ({ kind: service })),
    chart("Resources per kind", "kinds", kinds.map((kind) => [kind.key, kind.count, `${kind.service} ${kindName(kind)}`]), (kind) => ({ kind })),
    chart("Resources per account", "accounts", overview.accounts.map((account) => [account.id, account.resources, accountName(account)]), (id) => ({ account: id })),
    chart("Resources per region", "regions", overview.regions.map(({ name, count }) => [name, count]), (region) => ({ region })),
  );
  fill(byId("failures"), failures());
  fill(byId("facts"), make("h2", {}, "About this run"), facts(run, exit));
}

function banners(run, exit) {
  const list = [];
  const banner = (tone, sign, strong, ...more) =>
    list.push(make("div", { class: `banner ${tone}` }, make("span", { class: "sign", "aria-hidden": "true" }, sign), make("p", {}, make("strong", {}, strong), " ", ...more)));
  if (run.simulated) banner("info", "i", "A demonstration.", "The organization is simulated; no account and no resource in it exists.");
  if (run.state !== "finished") banner("bad", "!", "This run did not finish.", "What it has not asked is missing here; scan resume finishes it.");
  if (overview.gaps > 0) {
    const to = make("a", { href: "#completeness" }, "See where");
    banner("bad", "✕", `Not complete: ${counted(overview.gaps, "call")} of ${number(overview.calls)} were denied or failed.`, "What they would have found is missing here. ", to);
  } else if (run.state === "finished") {
    banner("good", "✓", "Complete.", `Every one of ${counted(overview.calls, "planned call")} was answered, or did not apply.`);
  }
  if (overview.secrets > 0) {
    banner("warn", "!", `${counted(overview.secrets, "value")} in free text ${overview.secrets === 1 ? "looks" : "look"} like secrets.`, "The run's scan.log says where they are.");
  }
  if (exit.code === 0 && overview.buckets_left_out > 0) {
    banner("info", "i", `${counted(overview.buckets_left_out, "bucket")} left out:`, "they live in regions that were not scanned.");
  }
  return list;
}

function figures() {
  const scanned = overview.accounts.filter((account) => account.reason === null).length;
  const figure = (value, words, more) => make("li", {}, make("b", {}, value), make("span", {}, words), more ? make("small", {}, more) : null);
  return [
    figure(number(overview.resources), overview.resources === 1 ? "resource" : "resources", counted(kinds.length, "kind")),
    figure(number(scanned), scanned === 1 ? "account scanned" : "accounts scanned", `of ${number(overview.accounts.length)} found`),
    figure(number(overview.regions.filter(({ name }) => name !== "global").length), "regions", "with something in them"),
    figure(number(overview.services.length), "services", "asked"),
    figure(number(overview.calls), "calls", counted(overview.requests, "request")),
    figure(number(overview.gaps), "not answered", overview.gaps === 0 ? "nothing is missing" : "denied or failed"),
  ];
}

/** The sums of something over entries, by name. */
function total(entries, nameOf) {
  const sums = new Map();
  for (const entry of entries) sums.set(nameOf(entry), (sums.get(nameOf(entry)) ?? 0) + entry.count);
  return [...sums];
}

/** Bars for counts, which lead to the resources. Entries have a key, a count, and a text if the key is none. */
function chart(title, words, entries, filters) {
  const present = entries.filter(([, count]) => count > 0).sort((one, other) => other[1] - one[1]);
  const most = present[0]?.[1] ?? 1;
  const bar = ([key, count, text]) => {
    const fillOfBar = make("span", { class: "fill", "aria-hidden": "true" });
    fillOfBar.style.setProperty("--share", `${(100 * count) / most}%`);
    const name = make("span", { class: "name", title: text ?? key }, text ?? key);
    return make("li", {}, make("button", { type: "button", class: "row", "aria-label": `${text ?? key}: ${counted(count, "resource")}`, on: { click: () => showResources(filters(key)) } }, name, make("span", { class: "track" }, fillOfBar), make("span", { class: "value" }, number(count))));
  };
  const list = make("ul", { class: "bars" }, (present.length <= BARS + 2 ? present : present.slice(0, BARS)).map(bar));
  const card = make("section", { class: "card", "aria-label": title }, make("h2", {}, title), list);
  if (present.length === 0) card.append(make("p", { class: "hint" }, "Nothing was found."));
  if (present.length > BARS + 2) {
    const more = button(present.length > MORE_BARS ? `Show the first ${number(MORE_BARS)} of ${number(present.length)} ${words}` : `Show all ${number(present.length)} ${words}`, () => {
      fill(list, present.slice(0, MORE_BARS).map(bar));
      more.remove();
      list.children[BARS].firstChild.focus();
    }, { class: "quiet more" });
    card.append(more);
  }
  return card;
}

/** What became of the calls, as parts of one bar. */
function callsChart() {
  const parts = overview.statuses.filter(({ count }) => count > 0);
  const whole = make("div", { class: "parts", "aria-hidden": "true" });
  for (const { status, count } of parts) {
    const part = make("span", { class: `part ${status}` });
    part.style.setProperty("flex-grow", String(Math.max(count, overview.calls / 200)));
    whole.append(part);
  }
  const entry = ({ status, count }) =>
    make("li", {}, signOf(statusOf(status)), make("span", { class: "name" }, statusName(statusOf(status)), make("small", {}, statusOf(status).words)), make("span", { class: "value" }, number(count)));
  return make("section", { class: "card", "aria-label": "What became of the calls" }, make("h2", {}, "What became of the calls"), whole, make("ul", { class: "statuses" }, parts.map(entry)));
}

/** The sign of a status, as in the map. */
const signOf = (status) => make("span", { class: `sign ${status.key}`, "aria-hidden": "true" }, status.sign);

const BY = {
  iam: "by an identity policy",
  scp: "by a service control policy",
  session_policy: "by the session policy",
  boundary: "by a permissions boundary",
  resource_policy: "by the resource's own policy",
};

function failures() {
  if (overview.failures.length === 0) return null;
  const more = overview.further_causes > 0 ? make("p", { class: "hint" }, `${counted(overview.further_causes, "cause")} more: ledger.ndjson has all of them.`) : null;
  return make("section", { class: "card", "aria-label": "What is missing, and why" }, make("h2", {}, "What is missing, and why"), make("ul", { class: "failures" }, overview.failures.map(failure)), more);
}

function failure(cause) {
  const { example } = cause;
  const account = overview.accounts.find(({ id }) => id === (cause.account ?? example.account));
  const subject = cause.account === null ? cause.service : `account ${account ? accountTitle(account) : cause.account}`;
  const words = cause.account === null ? `${cause.status.replaceAll("_", " ")} ${BY[cause.by] ?? ""}` : `could not be entered: ${cause.status}`;
  const place = cause.account === null ? `For one, ${example.function} in ${account ? accountTitle(account) : example.account}, ${example.region}:` : null;
  return make(
    "li",
    {},
    make(
      "details",
      { open: overview.failures.length <= 3 },
      make("summary", {}, signOf(statusOf(cause.status)), make("span", { class: "what" }, make("b", {}, subject), " ", words, cause.code ? make("code", {}, cause.code) : null), make("span", { class: "value" }, counted(cause.count, "call"))),
      place ? make("p", {}, place) : null,
      example.message ? make("p", { class: "message" }, example.message) : null,
      (example.hint ?? "").split("\n").filter(Boolean).map((hint) => make("p", { class: "fix" }, hint)),
      example.request_id ? make("p", { class: "hint" }, `Request id ${example.request_id}`) : null,
    ),
  );
}

function facts(run, exit) {
  const entries = [
    ["Run", overview.name],
    ["Began", `${time(run.started.replace(/\.\d+/, ""))} UTC`],
    ["Took", run.finished ? duration(run.started, run.finished) : "did not finish"],
    ["Organization", run.organization ?? (run.organization_scan ? "may not be read" : "not scanned: one account alone")],
    ["Caller", run.caller.arn],
    ["Role in member accounts", run.organization_scan ? run.role : null],
    ["Spec", run.spec.source],
    ["SHA-256 of the spec", run.spec.sha256],
    ["Regions asked for", run.regions ? run.regions.join(", ") : "those that each account has enabled"],
    ["Regions left out", run.exclude_regions.join(", ")],
    ["Accounts chosen by", run.account_filters.join(" ")],
    ["Redacted", run.redact ? counted(overview.redacted, "value") : "nothing: the run was told so"],
    ["Buckets elsewhere", overview.buckets_left_out > 0 ? `${number(overview.buckets_left_out)}, in regions that were not scanned` : null],
    ["Not asked at all", overview.not_called.map(([call, why]) => `${call}: ${why}`).join("; ")],
    ["Exit code", `${exit.code}: ${exit.meaning}${exit.code === 4 ? " (--fail-on narrows what counts)" : ""}`],
    ["Made by", `scan ${run.version}, with the models of botocore ${run.catalog_version}`],
  ];
  return make("dl", {}, entries.filter(([, value]) => value).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}
