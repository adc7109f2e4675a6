// Says things in the language of the page. The words come from the server and lie sealed on the phone.

let words = {};
let language = "zh-Hans";
let zone;

/** Take the words of a language; times are told in the branches' time zone. */
export function speak({ words: given, language: code, zone: named }) {
  words = given;
  language = code;
  zone = named;
  document.documentElement.lang = code;
  document.title = say("title");
  const skip = document.querySelector(".skip");
  if (skip) skip.textContent = say("skip");
}

/** Say something: `%(name)s` in it stands for a value; of two forms the one for `num` is taken. */
export function say(key, values = {}) {
  const known = words[key] ?? "";
  const text = Array.isArray(known) ? known[language === "en" && values.num !== 1 ? 1 : 0] : known;
  return text.replace(/%\((\w+)\)[sd]/g, (_whole, name) => values[name] ?? "");
}

/** Return a time of day such as 14:03, from milliseconds. */
export function clock(at) {
  return formatted(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Return a time of day to the second. */
export function exactClock(at) {
  return formatted(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

/** Return a day such as 9 月 8 日. */
export function day(at) {
  return formatted(at, { month: "long", day: "numeric" });
}

/** Return a day and a time of day. */
export function moment(at) {
  return `${day(at)} ${clock(at)}`;
}

/** Return the day it is, such as 2026-09-08, where the branches are. */
export function today(at = Date.now()) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
}

/** Return how long ago something was, in words. */
export function ago(milliseconds) {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  if (minutes < 90) return say("minutes", { num: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? say("hours", { num: hours }) : say("days", { num: Math.round(hours / 24) });
}

function formatted(at, how) {
  return new Intl.DateTimeFormat(language, { timeZone: zone, ...how }).format(at);
}
