// What is missing, grouped by cause: how much, an example, and what to do.

const BY = {
  iam: "by an identity policy",
  scp: "by a service control policy",
  session_policy: "by the session policy",
  boundary: "by a permissions boundary",
  resource_policy: "by the resource's own policy",
};

function failures() {
  if (overview.failures.length === 0) return null;
  const more =
    overview.further_causes > 0
      ? make(
          "p",
          { class: "hint" },
          `${counted(overview.further_causes, "cause")} more: ledger.ndjson has all of them.`,
        )
      : null;
  return make(
    "section",
    { class: "card", "aria-label": "What is missing, and why" },
    make("h2", {}, "What is missing, and why"),
    make("ul", { class: "failures" }, overview.failures.map(failure)),
    more,
  );
}

function failure(cause) {
  const { example } = cause;
  const account = overview.accounts.find(({ id }) => id === (cause.account ?? example.account));
  const subject =
    cause.account === null ? cause.service : `account ${account ? accountTitle(account) : cause.account}`;
  const words =
    cause.account === null
      ? `${cause.status.replaceAll("_", " ")} ${BY[cause.by] ?? ""}`
      : `could not be entered: ${cause.status}`;
  const place =
    cause.account === null
      ? `For one, ${example.function} in ${account ? accountTitle(account) : example.account}, ${example.region}:`
      : null;
  return make(
    "li",
    {},
    make(
      "details",
      { open: overview.failures.length <= 3 },
      make(
        "summary",
        {},
        signOf(statusOf(cause.status)),
        make(
          "span",
          { class: "what" },
          make("b", {}, subject),
          " ",
          words,
          cause.code ? make("code", {}, cause.code) : null,
        ),
        make("span", { class: "value" }, counted(cause.count, "call")),
      ),
      place ? make("p", {}, place) : null,
      example.message ? make("p", { class: "message" }, example.message) : null,
      (example.hint ?? "")
        .split("\n")
        .filter(Boolean)
        .map((hint) => make("p", { class: "fix" }, hint)),
      example.request_id ? make("p", { class: "hint" }, `Request id ${example.request_id}`) : null,
    ),
  );
}
