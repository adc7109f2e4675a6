// Keys for reviewers: one at a time, and they can be switched off. The page works without them.
const KEPT = "inspect-review-keys";
const FIELDS = "input, textarea, select, [contenteditable]";

const help = document.querySelector("[data-keys-help]");
const hint = document.querySelector("[data-keys]");
const choice = document.querySelector("[data-keys-on]");

function areOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing: the choice holds as long as the page is open.
  }
}

function shown() {
  return [...document.querySelectorAll(".an, .deduction")].filter((row) => row.offsetParent !== null);
}

function current() {
  const active = document.activeElement?.closest(".an, .deduction");
  return active ?? document.querySelector(".an:target");
}

function goTo(row) {
  const section = row.closest("details.section") ?? row;
  if (section instanceof HTMLDetailsElement) section.open = true;
  const place = row.matches("details.section") ? row.querySelector(".an") ?? row : row;
  place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}

function step(by) {
  const rows = shown();
  const here = rows.indexOf(current());
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
  if (rows[next]) goTo(rows[next]);
}

function ask() {
  const form = current()?.querySelector(".ask");
  if (!form) return;
  form.open = true;
  form.querySelector("textarea").focus();
}

function flag(number) {
  const link = document.querySelectorAll(".flags > li")[number - 1]?.querySelector("a");
  const row = link && document.getElementById(link.hash.slice(1));
  if (row) goTo(row);
}

function act(key) {
  if (key === "j") return step(1);
  if (key === "k") return step(-1);
  if (key === "r") return ask();
  if (key === "a") return document.querySelector("[data-approve]")?.focus();
  if (key >= "1" && key <= "9") return flag(Number(key));
  return undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches?.(FIELDS)) {
    if (event.key === "Escape") event.target.closest(".an, .deduction")?.focus();
    return;
  }
  if (!areOn() || help.open) return;
  if (event.key === "?") {
    help.showModal();
  } else if (/^[jkra1-9]$/i.test(event.key)) {
    act(event.key.toLowerCase());
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".flags a, .jump a");
  const row = link && document.getElementById(link.hash.slice(1));
  if (row) {
    event.preventDefault();
    goTo(row);
  } else if (!event.target.closest?.("a, button, summary, label, input, textarea, select")) {
    event.target.closest?.(".an")?.focus({ preventScroll: true });
  }
});

hint.hidden = !areOn();
choice.checked = areOn();
choice.addEventListener("change", () => {
  keep(choice.checked);
  hint.hidden = !choice.checked;
});
document.querySelector("[data-help]").addEventListener("click", () => help.showModal());
