// What of a form is still missing, from its values and what the bundle says that it asks. No page, no score.
// It only spares a way to the server, whose own reader has the last word.

const OTHER = "other";
const MOST_PEOPLE = 99;

/**
 * Return how far a form is: `{sections: [{code, asked, answered, open, faults, is_begun, is_complete, gate}],
 * others, faults, open, answered, asked, is_complete}`; a fault is `{name, question, section, code}`.
 *
 * @param asks what is asked, as the bundle has it
 * @param valueOf returns a field's value by name
 */
export function progressOf(asks, valueOf) {
  const sections = asks.sections.map((section) => sectionProgress(section, valueOf, asks.unobserved));
  const others = asks.deductions.flatMap(({ code }) => {
    const name = `deduction.${code}`;
    if (valueOf(name) !== "yes" || said(valueOf(`${name}.words`))) return [];
    return [fault(`${name}.words`, "missing_words")];
  });
  const faults = [...sections.flatMap((section) => section.faults), ...others];
  const sum = (part) => sections.reduce((total, section) => total + section[part], 0);
  return {
    sections,
    others,
    faults,
    asked: sum("asked"),
    answered: sum("answered"),
    open: sum("open") + others.length,
    is_complete: !faults.length,
  };
}

/** Say whether a fault is a gap: something is missing, rather than wrong. */
export function isGap({ code }) {
  return code.startsWith("missing");
}

/** Return the class of each situation's segment. */
export function segmentClasses(progress) {
  return progress.sections.map((section) => (section.is_complete ? "done" : section.is_begun ? "part" : ""));
}

function sectionProgress(section, valueOf, unobserved) {
  const code = section.code;
  const gate = section.is_standing ? "occurred" : valueOf(`${code}.gate`);
  const items = itemsOf(section, valueOf, unobserved);
  const below = items.flatMap((item) => itemFaults(item, valueOf));
  const faults = {
    occurred: () => [...roleFaults(section, valueOf), ...below],
    nobody_acted: () => [],
    did_not_occur: () => reasonFaults(`${code}.gate_reason`, `${code}.gate_words`, valueOf),
  }[gate] ?? (() => [fault(`${code}.gate`, "missing"), ...below.filter((one) => !isGap(one))]);
  const found = faults();
  const isOpen = !["nobody_acted", "did_not_occur"].includes(gate);
  const asked = isOpen ? items.length : 0;
  const wanting = new Set(found.map(({ question }) => question));
  const isAnswered = (item) => !wanting.has(item.code) && isGiven(item, valueOf);
  const answered = isOpen ? items.filter(isAnswered).length : 0;
  const beside = new Set(found.filter(isGap).map(({ question }) => question));
  const besideItems = [`${code}.gate`, `${code}.role`].filter((question) => beside.has(question)).length;
  return {
    code,
    gate: gate || null,
    asked,
    answered,
    open: asked - answered + besideItems,
    faults: found,
    is_begun: Boolean((gate && !section.is_standing) || section.items.some((item) => isTouched(item, valueOf))),
    is_complete: !found.length,
    is_silent: nothingWasSaid(section, valueOf, unobserved),
  };
}

function itemsOf(section, valueOf, unobserved) {
  const silent = nothingWasSaid(section, valueOf, unobserved);
  return section.items.filter((item) => !(silent && item.kind === "delivery"));
}

// Where not one of the phrases that were called for was said, there is no delivery to judge.
function nothingWasSaid(section, valueOf, unobserved) {
  const phrases = section.items.filter((item) => item.kind === "phrase");
  const calledFor = phrases.filter((item) => {
    const reason = valueOf(item.code) === "left_out" && valueOf(`${item.code}.left`);
    return !reason || unobserved.includes(reason);
  });
  const isSilence = (item) =>
    valueOf(item.code) !== "left_out" && elements(item).every((name) => valueOf(name) === "missing");
  return calledFor.length > 0 && calledFor.every(isSilence);
}

function itemFaults(item, valueOf) {
  const { code } = item;
  if (item.kind === "phrase") return phraseFaults(item, valueOf);
  if (item.is_counted) return countFaults(item, valueOf);
  if (!valueOf(code)) return [fault(code, "missing")];
  return valueOf(code) === "left_out" ? leavingOutFaults(code, valueOf) : [];
}

// It has a credit, or a reason why it has none.
function isGiven(item, valueOf) {
  const { code } = item;
  const [of, met] = [valueOf(`${code}.of`), valueOf(`${code}.met`)];
  if (valueOf(code) === "left_out" || (item.is_counted && of === "0")) return Boolean(valueOf(`${code}.left`));
  if (item.kind === "phrase") return elements(item).every((name) => valueOf(name));
  return item.is_counted ? Boolean(of && met) : Boolean(valueOf(code));
}

function phraseFaults(item, valueOf) {
  const { code } = item;
  const names = elements(item);
  if (valueOf(code) === "left_out") {
    const both = names.some((name) => valueOf(name)) ? [fault(code, "contradiction")] : [];
    return [...both, ...leavingOutFaults(code, valueOf)];
  }
  return names.filter((name) => !valueOf(name)).map((name) => fault(name, "missing"));
}

function countFaults({ code }, valueOf) {
  const [of, met, partly] = ["of", "met", "partly"].map((part) => valueOf(`${code}.${part}`) ?? "");
  const wrong = Object.entries({ of, met, partly }).filter(([, value]) => value !== "" && !isCount(value));
  if (wrong.length) return wrong.map(([part]) => fault(`${code}.${part}`, "invalid"));
  if (of === "0" || valueOf(code) === "left_out") {
    const both = [of, met, partly].some((value) => Number(value)) ? [fault(code, "contradiction")] : [];
    return [...both, ...leavingOutFaults(code, valueOf)];
  }
  const missing = Object.entries({ of, met }).filter(([, value]) => value === "");
  if (missing.length) return missing.map(([part]) => fault(`${code}.${part}`, "missing"));
  return Number(met) + Number(partly) > Number(of) ? [fault(`${code}.met`, "contradiction")] : [];
}

function roleFaults({ code, roles, is_standing: isStanding }, valueOf) {
  if (isStanding || roles.length === 1 || valueOf(`${code}.role`)) return [];
  return [fault(`${code}.role`, "missing")];
}

function leavingOutFaults(code, valueOf) {
  return reasonFaults(`${code}.left`, `${code}.words`, valueOf);
}

function reasonFaults(name, words, valueOf) {
  if (!valueOf(name)) return [fault(name, "missing_reason")];
  return valueOf(name) === OTHER && !said(valueOf(words)) ? [fault(words, "missing_words")] : [];
}

function fault(name, code) {
  const question = name.split(".").slice(0, 2).join(".").replace(/_(reason|words)$/, "");
  return { name, question, section: name.split(".")[0], code };
}

function elements(item) {
  return Array.from({ length: item.elements }, (_, place) => `${item.code}.el${place}`);
}

function isTouched(item, valueOf) {
  const parts = ["of", "met", "words", "photos"].map((part) => `${item.code}.${part}`);
  return [item.code, ...elements(item), ...parts].some((name) => said(valueOf(name)));
}

function isCount(value) {
  return /^\d{1,2}$/.test(value) && Number(value) <= MOST_PEOPLE;
}

function said(value) {
  return Array.isArray(value) ? value.length > 0 : Boolean(value?.trim());
}
