// The first view: completeness, resources by service, kind, account and region, and failures by cause.

function showOverview() {
  fill(byId("banners"), banners());
  fill(byId("figures"), figures());
  fill(byId("runs"), runsTable());
  fill(
    byId("charts"),
    callsChart(),
    chart(
      "Resources per service",
      "services",
      total(kinds, (kind) => kind.service),
      (service) => ({ kind: service }),
    ),
    chart(
      "Resources per kind",
      "kinds",
      kinds.map((kind) => [kind.key, countOf(kind), `${kind.service} ${kindName(kind)}`]),
      (kind) => ({ kind }),
    ),
    chart(
      "Resources per account",
      "accounts",
      shownAccounts().map((account) => [account, account.resources, titleInRun(accountName(account), account)]),
      (account) => ({ account: account.id, ...onlyRun(account.run) }),
    ),
    unitsChart(),
    chart(
      "Resources per region",
      "regions",
      overview.regions.map((region) => [region.name, countOf(region)]),
      (region) => ({ region }),
    ),
  );
  fill(byId("failures"), failures(), acceptedGaps());
  const about = (run) => [make("h2", {}, isMixed() ? `About ${run.name}` : "About this run"), facts(run)];
  fill(byId("facts"), shownRuns().flatMap(about));
}

/** The resources per organizational unit, if units are known. */
function unitsChart() {
  const units = resourcesPerUnit();
  return units.length === 0
    ? null
    : chart("Resources per organizational unit", "units", units, (unit) => ({ ou: unit }));
}

function banners() {
  const list = [];
  const banner = (tone, sign, strong, ...more) =>
    list.push(
      make(
        "div",
        { class: `banner ${tone}` },
        make("span", { class: "sign", "aria-hidden": "true" }, sign),
        make("p", {}, make("strong", {}, strong), " ", ...more),
      ),
    );
  if (isMixed())
    banner(
      "info",
      "i",
      `Totals of ${counted(shownRuns().length, "run")}.`,
      "Accounts and resources that are in several runs count in each of them.",
    );
  const simulated = shownRuns().filter(({ run }) => run.simulated);
  if (simulated.length > 0)
    banner(
      "info",
      "i",
      "A demonstration.",
      "The organization is simulated; its accounts and resources do not exist.",
      isMixed() ? ` Runs: ${simulated.map(({ name }) => name).join(", ")}.` : "",
    );
  for (const run of shownRuns()) runBanners(run, banner);
  return list;
}

/** Adds what the user has to know of a run. */
function runBanners(shown, banner) {
  const { run, exit, gaps, secrets, unfinished } = shown;
  const of = (text) => (isMixed() ? `${shown.name} · ${text}` : text);
  const to = (filters) => address({ ...EMPTY, ...filters, ...onlyRun(shown) });
  if (run.state !== "finished")
    banner(
      "bad",
      "!",
      of("This run did not finish."),
      unfinished > 0
        ? `About ${counted(unfinished, "planned call")} ${unfinished === 1 ? "has" : "have"} no result; finish the run with scan resume.`
        : "Calls that were not sent are missing here; finish the run with scan resume.",
    );
  if (gaps > 0) {
    banner(
      "bad",
      "✕",
      of(`Not complete: ${number(gaps)} of ${counted(shown.calls, "call")} ${gaps === 1 ? "was" : "were"} denied or failed.`),
      "Their resources are missing here. ",
      make("a", { href: to({ view: "completeness" }) }, "See where"),
    );
  } else if (run.state === "finished") {
    const accepted = shown.accepted.reduce((sum, gap) => sum + gap.calls, 0);
    const planned = counted(shown.calls, "planned call");
    banner(
      "good",
      "✓",
      of(accepted > 0 ? "Complete, except for accepted gaps." : "Complete."),
      accepted > 0
        ? `${number(accepted)} of ${planned} failed for accepted reasons; the others succeeded or did not apply.`
        : `All of ${planned} succeeded or did not apply.`,
    );
  }
  const missing = shown.witnesses?.classes.find(({ class: name }) => name === "missing").count ?? 0;
  if (missing > 0)
    banner(
      "bad",
      "!",
      of(`${counted(missing, "resource")} missing: reported by a witness, and not by calls that were complete.`),
      make("a", { href: to({ view: "witnesses", state: "missing" }) }, "See which"),
    );
  if (secrets > 0) {
    banner(
      "warn",
      "!",
      of(`${counted(secrets, "value")} in free text ${secrets === 1 ? "looks" : "look"} like secrets.`),
      "See the warnings in the run's scan.log.",
    );
  }
  if (exit.code === 0 && shown.buckets_in_unscanned_regions > 0) {
    banner(
      "info",
      "i",
      of(`${counted(shown.buckets_in_unscanned_regions, "bucket")} excluded:`),
      "located in regions that were not scanned.",
    );
  }
}

function figures() {
  const regions = overview.regions.filter((region) => region.name !== "global" && countOf(region) > 0).length;
  const accounts = shownAccounts();
  const scanned = accounts.filter((account) => account.reason === null).length;
  const [resources, owned, calls, gaps] = ["resources", "owned", "calls", "gaps"].map(sumOf);
  const ofKinds = counted(kinds.filter((kind) => countOf(kind) > 0).length, "kind");
  const services = calledServices().length;
  const figure = (value, words, more, title) =>
    make("li", { title }, make("b", {}, value), make("span", {}, words), more ? make("small", {}, more) : null);
  return [
    figure(
      number(resources),
      resources === 1 ? "resource" : "resources",
      owned < resources ? `${ofKinds}; ${number(owned)} owned` : ofKinds,
      owned < resources
        ? "Resources that several accounts see are counted in each of them, and as owned only in the account that owns them."
        : null,
    ),
    figure(
      number(scanned),
      scanned === 1 ? "account scanned" : "accounts scanned",
      `of ${number(accounts.length)} found`,
    ),
    figure(number(regions), regions === 1 ? "region" : "regions", "with resources"),
    figure(number(services), services === 1 ? "service" : "services", "called"),
    figure(number(calls), calls === 1 ? "call" : "calls", counted(sumOf("requests"), "request")),
    figure(number(gaps), "incomplete", gaps === 0 ? "no gaps" : "denied or failed"),
  ];
}

function facts(shown) {
  const { run, exit } = shown;
  const entries = [
    ["Run", shown.name],
    ["Started", startedAt(shown)],
    ["Duration", run.finished ? duration(run.started, run.finished) : "did not finish"],
    [
      "Organization",
      run.organization ?? (run.organization_scan ? "not readable" : "not scanned: single account"),
    ],
    ["Caller", run.caller.arn],
    ["Role in member accounts", run.organization_scan ? run.role : null],
    ["Spec", run.spec.source],
    ["SHA-256 of the spec", run.spec.sha256],
    ["Regions", run.regions ? run.regions.join(", ") : "all that are enabled in each account"],
    ["Excluded regions", run.exclude_regions.join(", ")],
    ["Account filters", run.account_filters.join(" ")],
    ["Unknown details of accounts", run.unknown_account_details.join("; ")],
    [
      "Owned resources",
      shown.owned < shown.resources
        ? `${number(shown.owned)} of ${number(shown.resources)}: the others are shared with the account that sees them, or are from AWS`
        : null,
    ],
    [
      "Items in the responses",
      `${number(shown.items)}: a resource that is listed and described is two items, and an EC2 reservation is one item that holds several resources`,
    ],
    ["Redacted", run.redact ? counted(shown.redacted, "value") : "nothing: redaction was disabled"],
    [
      "Buckets not scanned",
      shown.buckets_in_unscanned_regions > 0
        ? `${number(shown.buckets_in_unscanned_regions)}, in regions that were not scanned`
        : null,
    ],
    ["Not called", shown.not_called.map(([call, why]) => `${call}: ${why}`).join("; ")],
    [
      "Exit code",
      `${exit.code}: ${exit.meaning}`,
    ],
    ["Created by", `scan ${run.version}, with the models of botocore ${run.catalog_version}`],
  ];
  return make(
    "dl",
    {},
    entries
      .filter(([, value]) => value)
      .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
  );
}
