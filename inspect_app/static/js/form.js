// Fills the section on screen with what is stored, and reads from it what was tapped. It stores nothing itself.

import { draw, stepped } from "./counts.js";

const LEAVE_OUT = "left_out";

/** Return what differs from how the server drew the page: what was tapped before the script had come. */
export function readEarly(form) {
  const early = [...form.querySelectorAll("textarea, input:not([type=hidden], [type=file])")].filter((input) =>
    isChoice(input) ? input.checked !== input.defaultChecked : input.value !== input.defaultValue,
  );
  const names = new Set(early.map((input) => input.name));
  return [...names].flatMap((name) => settled(form, name, readGroup(form, name)));
}

/** Return the changes that a tap on a choice stands for: its own, and what cannot stand beside it. */
export function tapped(form, input) {
  const { name, value, type } = input;
  if (type === "radio") return settled(form, name, value);
  if (!isOfMany(name)) return settled(form, name, input.checked ? value : "");
  return [[name, readGroup(form, name)]];
}

/** Return the changes that a tap on − or + stands for. */
export function counted(form, button) {
  const changes = stepped(button.closest(".count"), button);
  return [...changes, ...settled(form, changes[0][0], changes[0][1]).slice(1)];
}

/** Return the changes that typing in a field stands for. */
export function typed(form, input) {
  return settled(form, input.name, input.value);
}

/**
 * Show what is stored in the section on screen.
 *
 * @param record whose values are shown
 * @param progress of this section; what is not asked in it is taken from sight
 */
export function show(form, record, progress) {
  for (const input of form.querySelectorAll("input[name], textarea[name]")) {
    const value = record.value(input.name) ?? "";
    if (isChoice(input)) input.checked = isOfMany(input.name) ? value.includes(input.value) : value === input.value;
    else if (input !== document.activeElement) input.value = value;
  }
  for (const count of form.querySelectorAll(".count")) draw(count);
  form.querySelector(".group.delivery")?.classList.toggle("silent", progress?.is_silent ?? false);
  const gate = form.querySelector(".gate");
  if (gate) showGate(gate);
}

/** Open the question whether the situation occurred where it is not answered; else fold it to one line. */
export function foldGate(form, progress) {
  const gate = form.querySelector(".gate");
  if (!gate) return;
  const own = progress.faults.some(({ question }) => question === gate.id || question.endsWith(".role"));
  gate.open = own;
}

/**
 * Of returned work, leave in sight what was returned and what is missing since; of other work everything.
 *
 * @param section as the bundle says what it asks
 */
export function openOnly(form, section, progress) {
  const wanting = new Set(progress.faults.map(({ question }) => question));
  for (const item of section.items) {
    const place = document.getElementById(item.code);
    if (place) place.hidden = !item.is_open && !wanting.has(item.code);
  }
  const gate = form.querySelector(".gate");
  const isWanted = wanting.has(`${section.code}.gate`) || wanting.has(`${section.code}.role`);
  if (gate) gate.hidden = !section.is_gate_open && !isWanted;
  for (const group of form.querySelectorAll(".group")) {
    group.hidden = !group.querySelector(".item:not([hidden])");
  }
}

/** Show what is wrong in the section, each at its question; gaps are not wrong. */
export function blame(form, faults, sentenceOf) {
  for (const place of form.querySelectorAll("[data-fault]")) {
    const own = faults.filter(({ name }) => name === place.dataset.fault || name.startsWith(`${place.dataset.fault}.`));
    place.textContent = [...new Set(own.map(sentenceOf))].join(" ");
    place.hidden = !own.length;
  }
}

function showGate(gate) {
  const chosen = gate.querySelector(".gate3 :checked")?.closest("label").querySelector("b").textContent ?? "";
  const occurred = gate.querySelector('[value="occurred"]')?.checked;
  const who = gate.querySelector(".who :checked")?.closest("label").textContent.trim() ?? "";
  const why = gate.querySelector(".not-so :checked")?.closest("label").textContent.trim() ?? "";
  const line = gate.querySelector("summary .k");
  const beside = document.createElement("span");
  beside.className = "ink2";
  beside.textContent = occurred ? who : gate.querySelector('[value="did_not_occur"]')?.checked ? why : "";
  line.querySelector("b").textContent = chosen;
  line.replaceChildren(line.querySelector("b"), ...(beside.textContent ? [beside] : []));
}

// "Not seen" and an answer cannot both stand: the later tap holds.
function settled(form, name, value) {
  const own = [[name, value]];
  const code = name.split(".").slice(0, 2).join(".");
  const item = document.getElementById(code);
  if (!item || !item.matches(".phrase, .counted")) return own;
  const others = [...form.querySelectorAll("input")].map((input) => input.name).filter(isPartOf(code));
  if (name === code && value === LEAVE_OUT) return [...own, ...[...new Set(others)].map((other) => [other, ""])];
  const out = item.querySelector(".opt.o input");
  return isPartOf(code)(name) && value && out?.checked ? [...own, [code, ""]] : own;
}

function isPartOf(code) {
  return (name) => new RegExp(`^${code.replace(".", "\\.")}\\.(el\\d+|of|met|partly)$`).test(name);
}

function readGroup(form, name) {
  const inputs = [...form.querySelectorAll("input, textarea")].filter((input) => input.name === name);
  if (!isChoice(inputs[0])) return inputs[0].value;
  const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
  return isOfMany(name) ? chosen : (chosen[0] ?? "");
}

function isOfMany(name) {
  return name.endsWith(".why");
}

function isChoice(input) {
  return input.type === "radio" || input.type === "checkbox";
}
