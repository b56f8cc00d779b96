// The gaps, grouped by cause: number of calls, an example, and hints.

function failures() {
  const all = shownRuns().flatMap((run) => run.failures.map((cause) => [run, cause]));
  if (all.length === 0) return null;
  const further = sumOf("further_causes");
  const more =
    further > 0
      ? make(
          "p",
          { class: "hint" },
          `${counted(further, "cause")} more: ledger.ndjson has all of them.`,
        )
      : null;
  return make(
    "section",
    { class: "card", "aria-label": "Gaps and causes" },
    make("h2", {}, "Gaps and causes"),
    make("ul", { class: "failures" }, all.map(([run, cause]) => failure(run, cause, all.length <= 3))),
    more,
  );
}

/** Returns the gaps that the runs accept, each with its reason and its causes. */
function acceptedGaps() {
  const all = shownRuns().flatMap((run) => run.accepted.map((accepted) => [run, accepted]));
  if (all.length === 0) return null;
  const gap = ([run, accepted]) =>
    make(
      "li",
      {},
      make(
        "details",
        {},
        make("summary", {}, make("span", { class: "what" }, accepted.title), runHint(run)),
        accepted.causes.map((cause) => make("p", {}, cause)),
        make("p", { class: "hint" }, accepted.entry),
      ),
    );
  return make(
    "section",
    { class: "card", "aria-label": "Accepted gaps" },
    make("h2", {}, "Accepted gaps"),
    make("ul", { class: "failures" }, all.map(gap)),
  );
}

function failure(run, cause, isOpen) {
  const names = cause.accounts.map((id) => {
    const account = run.accounts.get(id);
    return account ? accountTitle(account) : id;
  });
  if (cause.further_accounts > 0) names.push(`${number(cause.further_accounts)} more`);
  const list = (title, entries) =>
    entries.length > 0 ? make("p", { class: "where" }, make("b", {}, title), " ", entries.join(", ")) : null;
  return make(
    "li",
    {},
    make(
      "details",
      { open: isOpen },
      make(
        "summary",
        {},
        signOf(statusOf(cause.status)),
        make("span", { class: "what" }, make("b", {}, cause.cause)),
        runHint(run),
        make("span", { class: "value" }, counted(cause.count, "call")),
      ),
      make("p", {}, cause.extent),
      list(cause.accounts.length === 1 ? "Account" : "Accounts", names),
      list("Regions", cause.regions),
      list("Services", cause.services),
      cause.message ? make("p", { class: "message" }, cause.message) : null,
      cause.hints.map((hint) => make("p", { class: "fix" }, hint)),
      cause.request_id ? make("p", { class: "hint" }, `Request id ${cause.request_id}`) : null,
    ),
  );
}
