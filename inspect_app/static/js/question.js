// One section of the form: a tap is stored, and only then does the control change.

import { back, bar, el, fill, segments, tick } from "./dom.js";
import { blame, counted, foldGate, openOnly, show, tapped, typed } from "./form.js";
import { shrink, UnreadableError } from "./photos.js";
import { isGap, segmentClasses } from "./progress.js";
import { lostBar, put, standing, syncBar, voice } from "./status.js";
import { say } from "./words.js";

const PAUSE = 400; // milliseconds after the last key

/** Show the section `code` of an opened visit, and store what is tapped in it. */
export async function showQuestion(visit, code) {
  const { bundle, record } = visit;
  const place = bundle.asks.sections.findIndex((section) => section.code === code);
  const section = bundle.asks.sections[place];
  const form = el("form", { id: "filling", autocomplete: "off", novalidate: true });
  form.innerHTML = visit.policy.createHTML(await visit.section(code));
  form.addEventListener("submit", (event) => event.preventDefault());
  const saved = await standing(bundle.visit);
  fill({
    head: head(visit),
    main: [leadBanner(visit), returnedNote(bundle), form, el("p", { class: "s13 ink3 foot" }, say("saved_at_once"))],
    dock: dock(visit, code, saved),
  });
  new Section(visit, form, section, saved).begin();
  performance.mark("shown");
}

class Section {
  constructor(visit, form, section, saved) {
    Object.assign(this, { visit, form, section, saved, pending: new Map() });
  }

  begin() {
    const { form } = this;
    this.paint();
    foldGate(form, this.progress() ?? { faults: [] });
    form.inert = !this.visit.canWrite;
    form.addEventListener("click", (event) => this.click(event));
    form.addEventListener("input", (event) => this.type(event));
    form.addEventListener("change", (event) => this.change(event));
    document.getElementById("undo")?.addEventListener("click", () => this.undo());
    this.visit.leave = () => this.flush();
    drawPhotos(this);
  }

  progress() {
    return this.visit.progress().sections.find(({ code }) => code === this.section?.code);
  }

  click(event) {
    const button = event.target.closest(".pm button");
    if (button) return this.keep(counted(this.form, button));
    const input = event.target;
    if (!input.matches("input[type=radio], input[type=checkbox]")) return undefined;
    const changes = tapped(this.form, input);
    event.preventDefault(); // it changes when it is stored, not before
    return this.keep(changes);
  }

  type({ target }) {
    if (!target.matches("textarea, input[type=number]")) return;
    clearTimeout(this.pending.get(target));
    this.pending.set(target, setTimeout(() => this.keepTyped(target), PAUSE));
  }

  change({ target }) {
    if (target.matches("input[type=file]")) return this.takePhotos(target);
    if (target.matches("textarea, input[type=number]")) return this.keepTyped(target);
    return undefined;
  }

  keepTyped(input) {
    clearTimeout(this.pending.get(input));
    this.pending.delete(input);
    if (input.value === (this.visit.record.value(input.name) ?? "")) return undefined;
    return this.keep(typed(this.form, input));
  }

  /** Keep what was typed and not stored yet: the page is about to be left. */
  flush() {
    return Promise.all([...this.pending.keys()].map((input) => this.keepTyped(input)));
  }

  async keep(changes) {
    const started = performance.now();
    try {
      await this.visit.record.change(changes);
    } catch (error) {
      return this.lose(error);
    }
    this.stored(started);
    return undefined;
  }

  stored(started) {
    this.paint();
    put(syncBar(Date.now(), this.saved));
    this.visit.changed();
    performance.measure("stored", { start: started });
    requestAnimationFrame(() => setTimeout(() => performance.measure("painted", { start: started })));
  }

  // Nothing has moved on the page: what is shown is what is stored.
  lose(error) {
    show(this.form, this.visit.record, this.progress());
    put(lostBar(error), true);
  }

  async undo() {
    try {
      if ((await this.visit.record.undo()) !== null) this.stored(performance.now());
    } catch (error) {
      this.lose(error);
    }
    drawPhotos(this);
  }

  paint() {
    const whole = this.visit.progress();
    const own = whole.sections.find(({ code }) => code === this.section?.code);
    show(this.form, this.visit.record, own);
    if (this.section && this.visit.bundle.returned) openOnly(this.form, this.section, own);
    blame(this.form, (own?.faults ?? []).filter((one) => !isGap(one)), (one) => say(`fault_${one.code}`));
    document.getElementById("todo").replaceWith(todo(whole));
    const classes = segmentClasses(whole);
    [...document.getElementById("segments").children].forEach((mark, place) => (mark.className = classes[place]));
    document.getElementById("undo").hidden = !this.visit.record.past.length;
  }

  async takePhotos(input) {
    const question = input.dataset.photos;
    let said = "";
    for (const file of [...input.files]) {
      try {
        await this.visit.record.photo(question, await shrink(file));
        this.stored(performance.now());
      } catch (error) {
        if (error instanceof UnreadableError) said = say("photo_unreadable");
        else this.lose(error);
      }
    }
    input.value = "";
    await drawPhotos(this);
    if (said) tell(this.form, question, said);
  }
}

/** Return the words for what is still to be done. */
export function todo(progress) {
  return el("b", { id: "todo" }, todoWords(progress));
}

/** Say what is still to be done. */
export function todoWords({ open, faults }) {
  const wrong = new Set(faults.filter((one) => !isGap(one)).map(({ name }) => name)).size;
  if (open) return say("todo", { num: open });
  return wrong ? say("wrong_places", { num: wrong }) : say("all_answered");
}

/** Return what says that another page of this phone leads, and the way to go on here. */
export function leadBanner(visit) {
  if (visit.canWrite) return null;
  if (visit.record.state === "frozen") return el("p", { class: "note back" }, say("is_frozen"));
  const take = el("button", { class: "btn wide", type: "button", click: () => visit.takeOver() }, say("go_on_here"));
  return el("div", { class: "alert stack", role: "status" }, el("p", {}, el("b", {}, say("other_page"))), take);
}

function returnedNote({ returned }) {
  if (!returned) return null;
  return el("p", { class: "note back" }, returned);
}

function head(visit) {
  const address = `/m/v/${visit.bundle.visit}`;
  const whole = visit.progress();
  const links = [
    el("a", { href: `${address}/check` }, say("check_all")),
    el("a", { href: `${address}/card` }, say("see_card")),
    visit.bundle.is_practice ? null : el("a", { href: `${address}/times` }, say("times")),
    visit.bundle.is_practice || visit.bundle.returned ? null : el("a", { href: `${address}/stop` }, say("break_off")),
    el("a", { href: "/m/" }, say("to_list")),
  ];
  const more = el("details", { class: "more" }, el("summary", {}, say("more")), el("div", { class: "menu" }, ...links));
  const described = say("described", {
    all: whole.sections.length,
    done: whole.sections.filter((one) => one.is_complete).length,
  });
  const marks = segments(segmentClasses(whole), described);
  marks.id = "segments";
  return [bar(back(`${address}/list`, say("contents")), el("p", { class: "todo" }, todo(whole)), more), marks];
}

function dock(visit, code, saved) {
  const { before, after } = neighbours(visit, code);
  const address = `/m/v/${visit.bundle.visit}`;
  const next = after
    ? el("a", { class: "btn pri", href: `${address}/${after.code}` }, after.name ? say("next_section", { name: after.name }) : say("last_question"))
    : el("a", { class: "btn pri", href: `${address}/check` }, say("check_all"));
  const previous = before && el("a", { class: "btn", href: `${address}/${before.code}`, "aria-label": say("section_before") }, "‹");
  const undo = el("button", { class: "link", type: "button", id: "undo", hidden: true }, say("undo"));
  const at = visit.record.state === "none" ? null : visit.lastChange();
  return [
    el("div", { class: "state" }, syncBar(at, saved), undo),
    voice(),
    el("div", { class: "row" }, ...[previous, next].filter(Boolean)),
  ];
}

function neighbours(visit, code) {
  const screens = visit.screens();
  const place = screens.findIndex((screen) => screen.code === code);
  return { before: screens[place - 1], after: screens[place + 1] };
}

// Photos stand in a row beside the button that takes one; a tap on one offers to take it away.
async function drawPhotos({ form, visit }) {
  for (const place of form.querySelectorAll("[data-shots]")) {
    const question = place.dataset.shots;
    const digests = visit.record.value(`${question}.photos`) || [];
    const shots = await Promise.all(digests.map((digest) => shot({ form, visit }, question, digest)));
    place.replaceChildren(...shots);
    const told = form.querySelector(`[data-told="${question}"]`);
    if (told) told.textContent = digests.length ? say("photos_kept", { num: digests.length }) : "";
  }
}

async function shot(section, question, digest) {
  const bytes = await section.visit.photoBytes(digest);
  const remove = async () => {
    await section.visit.record.removePhoto(question, digest);
    section.visit.changed();
    drawPhotos(section);
  };
  const button = el("button", { type: "button", class: "take-away", "aria-label": say("remove_photo"), click: remove }, tick("M6 6l12 12M18 6 6 18"));
  if (!bytes) return el("span", { class: "shot" }, el("span", { class: "s12 ink2" }, say("on_server_only")), button);
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  const image = el("img", { src: address, alt: say("photo"), width: 64, height: 64, load: () => URL.revokeObjectURL(address) });
  return el("span", { class: "shot" }, image, button);
}

// Beside what is said of the photos that are kept.
function tell(form, question, sentence) {
  const told = form.querySelector(`[data-told="${question}"]`);
  if (told) told.textContent = [told.textContent, sentence].filter(Boolean).join(" · ");
}
