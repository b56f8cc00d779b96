// Elements. All data of the run is text: it gets onto the page only as text nodes and as attribute values
// that browsers do not execute.

/** Makes an element. Attributes that are null or false are skipped; children are elements or texts. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on")
      for (const [event, action] of Object.entries(value)) element.addEventListener(event, action);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const byId = (id) => document.getElementById(id);

function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

/** A button with an action. */
const button = (text, action, attributes = {}) =>
  make("button", { type: "button", on: { click: action }, ...attributes }, text);

/** A choice among options: pairs of value and text, or groups of them. */
function choice(label, options, chosen, action, isOff = false) {
  const option = ([value, text]) => {
    const element = make("option", { value }, text);
    element.selected = value === chosen;
    return element;
  };
  const select = make("select", { disabled: isOff, on: { change: (event) => action(event.target.value) } });
  for (const entry of options) {
    if (Array.isArray(entry)) select.append(option(entry));
    else select.append(make("optgroup", { label: entry.label }, entry.options.map(option)));
  }
  return make("label", { class: "field" }, make("span", {}, label), select);
}

/** A table in a region that scrolls. */
const scrollingTable = (label, titles, rows) =>
  make(
    "div",
    { class: "card scroll", role: "region", "aria-label": label, tabindex: "0" },
    make(
      "table",
      { class: "resources plain" },
      make("caption", { class: "unseen" }, label),
      make("thead", {}, make("tr", {}, titles.map((title) => make("th", { scope: "col" }, title)))),
      make("tbody", {}, rows),
    ),
  );

/** Buttons to change the page, and the number of the current page. */
function pager(target, page, size, total, turn) {
  const last = Math.max(0, Math.ceil(total / size) - 1);
  if (last === 0) return fill(target);
  const step = (text, label, to, off) => button(text, () => turn(to), { "aria-label": label, disabled: off });
  fill(
    target,
    step("«", "First page", 0, page === 0),
    step("‹", "Previous page", page - 1, page === 0),
    make("span", {}, `Page ${number(page + 1)} of ${number(last + 1)}`),
    step("›", "Next page", page + 1, page === last),
    step("»", "Last page", last, page === last),
  );
}
