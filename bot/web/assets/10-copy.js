// Everything here is a convenience: the pages work without it.

const say = (text) => {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
};

// Browsers offer the clipboard on secure origins only; elsewhere the text is
// selected in a field and copied as by hand.
const toClipboard = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "vh";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("not copied");
};

const showCopyButtons = (root) => {
  for (const button of root.querySelectorAll("button.copy[data-copy]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy[data-copy]");
  if (!button) return;
  button.dataset.label ??= button.textContent;
  try {
    await toClipboard(button.dataset.copy);
    button.textContent = "Copied";
    say("Copied to the clipboard.");
  } catch {
    button.textContent = "Not copied";
    say("The browser did not allow copying.");
  }
  button.focus({ preventScroll: true });
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = button.dataset.label; say(""); }, 2000);
});

showCopyButtons(document);
