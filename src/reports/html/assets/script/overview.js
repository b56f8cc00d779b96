// The first view: completeness, resources by service, kind, account and region, and failures by cause.

function showOverview() {
  const { run, exit } = overview;
  fill(byId("banners"), banners(run, exit));
  fill(byId("figures"), figures());
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
      kinds.map((kind) => [kind.key, kind.count, `${kind.service} ${kindName(kind)}`]),
      (kind) => ({ kind }),
    ),
    chart(
      "Resources per account",
      "accounts",
      overview.accounts.map((account) => [account.id, account.resources, accountName(account)]),
      (id) => ({ account: id }),
    ),
    unitsChart(),
    chart(
      "Resources per region",
      "regions",
      overview.regions.map(({ name, count }) => [name, count]),
      (region) => ({ region }),
    ),
  );
  fill(byId("failures"), failures(), acceptedGaps());
  fill(byId("facts"), make("h2", {}, "About this run"), facts(run, exit));
}

/** The resources per organizational unit, if units are known. */
function unitsChart() {
  const units = resourcesPerUnit();
  return units.length === 0
    ? null
    : chart("Resources per organizational unit", "units", units, (unit) => ({ ou: unit }));
}

function banners(run, exit) {
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
  if (run.simulated)
    banner(
      "info",
      "i",
      "A demonstration.",
      "The organization is simulated; its accounts and resources do not exist.",
    );
  if (run.state !== "finished")
    banner(
      "bad",
      "!",
      "This run did not finish.",
      overview.unfinished > 0
        ? `About ${counted(overview.unfinished, "planned call")} ${overview.unfinished === 1 ? "has" : "have"} no result; finish the run with scan resume.`
        : "Calls that were not sent are missing here; finish the run with scan resume.",
    );
  if (overview.gaps > 0) {
    const to = make("a", { href: "#completeness" }, "See where");
    banner(
      "bad",
      "✕",
      `Not complete: ${number(overview.gaps)} of ${counted(overview.calls, "call")} ${overview.gaps === 1 ? "was" : "were"} denied or failed.`,
      "Their resources are missing here. ",
      to,
    );
  } else if (run.state === "finished") {
    const accepted = overview.accepted.reduce((calls, gap) => calls + gap.calls, 0);
    banner(
      "good",
      "✓",
      accepted > 0 ? "Complete, except for accepted gaps." : "Complete.",
      accepted > 0
        ? `${number(accepted)} of ${counted(overview.calls, "planned call")} failed for accepted reasons; the others succeeded or did not apply.`
        : `All of ${counted(overview.calls, "planned call")} succeeded or did not apply.`,
    );
  }
  const missing = overview.witnesses?.classes.find(({ class: name }) => name === "missing").count ?? 0;
  if (missing > 0)
    banner(
      "bad",
      "!",
      `${counted(missing, "resource")} missing: reported by a witness, and not by calls that were complete.`,
      make("a", { href: "#witnesses?state=missing" }, "See which"),
    );
  if (overview.secrets > 0) {
    banner(
      "warn",
      "!",
      `${counted(overview.secrets, "value")} in free text ${overview.secrets === 1 ? "looks" : "look"} like secrets.`,
      "See the warnings in the run's scan.log.",
    );
  }
  if (exit.code === 0 && overview.buckets_in_unscanned_regions > 0) {
    banner(
      "info",
      "i",
      `${counted(overview.buckets_in_unscanned_regions, "bucket")} excluded:`,
      "located in regions that were not scanned.",
    );
  }
  return list;
}

function figures() {
  const regions = overview.regions.filter(({ name }) => name !== "global").length;
  const scanned = overview.accounts.filter((account) => account.reason === null).length;
  const figure = (value, words, more, title) =>
    make("li", { title }, make("b", {}, value), make("span", {}, words), more ? make("small", {}, more) : null);
  return [
    figure(
      number(overview.resources),
      overview.resources === 1 ? "resource" : "resources",
      overview.owned < overview.resources
        ? `${counted(kinds.length, "kind")}; ${number(overview.owned)} owned`
        : counted(kinds.length, "kind"),
      overview.owned < overview.resources
        ? "Resources that several accounts see are counted in each of them, and as owned only in the account that owns them."
        : null,
    ),
    figure(
      number(scanned),
      scanned === 1 ? "account scanned" : "accounts scanned",
      `of ${number(overview.accounts.length)} found`,
    ),
    figure(number(regions), regions === 1 ? "region" : "regions", "with resources"),
    figure(
      number(overview.services.length),
      overview.services.length === 1 ? "service" : "services",
      "called",
    ),
    figure(
      number(overview.calls),
      overview.calls === 1 ? "call" : "calls",
      counted(overview.requests, "request"),
    ),
    figure(number(overview.gaps), "incomplete", overview.gaps === 0 ? "no gaps" : "denied or failed"),
  ];
}

function facts(run, exit) {
  const entries = [
    ["Run", overview.name],
    ["Started", `${time(run.started.replace(/\.\d+/, ""))} UTC`],
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
      overview.owned < overview.resources
        ? `${number(overview.owned)} of ${number(overview.resources)}: the others are shared with the account that sees them, or are from AWS`
        : null,
    ],
    [
      "Items in the responses",
      `${number(overview.items)}: a resource that is listed and described is two items, and an EC2 reservation is one item that holds several resources`,
    ],
    ["Redacted", run.redact ? counted(overview.redacted, "value") : "nothing: redaction was disabled"],
    [
      "Buckets not scanned",
      overview.buckets_in_unscanned_regions > 0
        ? `${number(overview.buckets_in_unscanned_regions)}, in regions that were not scanned`
        : null,
    ],
    ["Not called", overview.not_called.map(([call, why]) => `${call}: ${why}`).join("; ")],
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
