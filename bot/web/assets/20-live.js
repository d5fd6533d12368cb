// A form[data-live] shows its results in [data-results] while its reader
// types, and keeps the address of the page in step.

const typingPause = 180; // ms: shorter than a pause, longer than the gap between two keys

const addressOf = (form) => {
  const address = new URL(form.action, location.href);
  const values = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(values).toString();
  return address;
};

for (const form of document.querySelectorAll("form[data-live]")) {
  let timer, running;
  const refresh = async () => {
    const results = document.querySelector("[data-results]");
    const address = addressOf(form);
    const part = new URL(address);
    part.searchParams.set("fragment", "1");
    running?.abort();
    running = new AbortController();
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(part, { signal: running.signal, headers: { "X-Requested-With": "fetch" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = page.querySelector("[data-results]") ?? page.body;
      results.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", address);
      showCopyButtons(results);
      say(results.querySelector("[data-count]")?.textContent.trim() ?? "");
    } catch (fault) {
      if (fault.name === "AbortError") return; // a newer one is under way
      say("The search did not work. Press Enter to try again.");
    }
    results.removeAttribute("aria-busy");
  };
  if (!document.querySelector("[data-results]")) continue;
  form.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, typingPause);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); running?.abort(); });
}
