// Keys: "/" to the question box, "j" and "k" between quotes, "?" for help.
// They never act while somebody types or holds another key, and can be turned
// off in the help.

const help = document.getElementById("keys");
const keysOn = document.getElementById("keys-on");
const remembered = "single-keys";

const recall = () => { try { return localStorage.getItem(remembered) !== "off"; } catch { return true; } };
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const quiet = matchMedia("(prefers-reduced-motion: reduce)");
const scrollTo = (element, block) => element.scrollIntoView({ block, behavior: quiet.matches ? "instant" : "smooth" });

const step = (by) => {
  const stops = [...document.querySelectorAll(".quote")].filter((quote) => quote.getClientRects().length);
  const here = stops.findLastIndex((quote) => quote.contains(document.activeElement)); // quotes nest
  const next = here < 0 ? (by > 0 ? 0 : stops.length - 1) : here + by;
  const quote = stops[next];
  if (!quote) return false;
  const link = quote.querySelector("a[href]");
  if (!link) quote.tabIndex = -1;
  (link ?? quote).focus({ preventScroll: true });
  scrollTo(quote, "center");
  return true;
};

const showHelp = () => {
  help?.showModal();
  help?.querySelector("form button").focus();
};

const actions = {
  "/": () => {
    const box = document.querySelector("[data-search]");
    box?.focus();
    box?.select();
    return box;
  },
  "j": () => step(1),
  "k": () => step(-1),
  "q": () => {
    const mark = document.getElementById("q");
    if (mark) scrollTo(mark, "start");
    return mark;
  },
  "?": () => { showHelp(); return help; },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target) && !help?.open) return event.target.blur();
  if (typing(event.target) || help?.open || !recall()) return;
  const key = { ArrowDown: "j", ArrowUp: "k" }[event.key] ?? event.key;
  if (key !== event.key && !event.target.closest(".quote")) return; // arrows scroll, but from a quote they go to the next
  if (actions[key]?.()) event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-keys]")) {
  opener.hidden = false;
  opener.addEventListener("click", showHelp);
}
if (keysOn) {
  keysOn.checked = recall();
  keysOn.addEventListener("change", () => { try { localStorage.setItem(remembered, keysOn.checked ? "on" : "off"); } catch { /* not remembered */ } });
}

// A link that lost its fragment on the way still lands at its quote.
const mark = document.getElementById("q");
const [visit] = performance.getEntriesByType("navigation");
if (mark && !location.hash && visit?.type === "navigate") mark.scrollIntoView({ block: "start", behavior: "instant" });
