/**
 * What every part of the page uses.
 *
 * @module
 */

/** A module of the page, as JavaScript. It shows text as text: no HTML is made of data. */
export const BASE: string = String
  .raw`export const $ = (id) => document.getElementById(id);

/** Calls the emulator; a refusal is an error with its words. */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.error || "It was refused");
  return result;
}

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A button that looks like a link, in a cell. */
export function buttonCell(text, className, act) {
  const cell = element("td", undefined, className);
  const button = element("button", text, "link");
  button.type = "button";
  button.addEventListener("click", act);
  cell.append(button);
  return cell;
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Shows JSON with colors, other text as it is. */
export function showJson(target, value) {
  if (value === null || value === undefined || value === "") {
    target.replaceChildren(element("span", "none", "soft"));
    return;
  }
  if (typeof value === "string") return void (target.textContent = value);
  const text = JSON.stringify(value, null, 2);
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, string, colon, number] = match;
    parts.push(text.slice(end, match.index));
    const kind = colon ? "key" : string ? "string" : number ? "digits" : "word";
    parts.push(element("span", string ?? whole, kind));
    if (colon) parts.push(colon);
    end = match.index + whole.length;
  }
  target.replaceChildren(...parts, text.slice(end));
}

/** Shows headers as pairs. */
export function showPairs(target, pairs) {
  const entries = Object.entries(pairs).filter(([, value]) => value !== "");
  target.replaceChildren(...entries.flatMap(([name, value]) => [
    element("dt", name),
    element("dd", String(value)),
  ]));
}

/**
 * Lets the arrow keys move between the buttons of a table, of which one alone is
 * reached by Tab: nobody has to step through hundreds.
 */
export function rove(body) {
  const buttons = () => [...body.querySelectorAll("tr:not([hidden]) button.link")];
  const settle = (chosen) => {
    const all = buttons();
    const kept = all.includes(chosen) ? chosen : all.find((b) => b.tabIndex === 0) ?? all[0];
    for (const button of body.querySelectorAll("button.link")) {
      button.tabIndex = button === kept ? 0 : -1;
    }
  };
  body.addEventListener("focusin", ({ target }) => settle(target));
  body.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  });
  return settle;
}

/** Says how something went, below what made it happen. */
export function say(id, text, isFine = true) {
  $(id).textContent = text;
  $(id).className = isFine ? "good" : "bad";
}
`;
