// Counting people with one thumb: − and + beside a number, and a mark for each person.

const MOST_MARKS = 12;
const MOST_PEOPLE = 99;

/** Return what a tap on − or + makes of a count: each field's name with its new value. */
export function stepped(count, button) {
  const input = button.parentElement.querySelector("input");
  const [of, met, partly] = inputs(count);
  const values = new Map([of, met, partly].map((one) => [one, one.value]));
  const change = button.classList.contains("less") ? -1 : 1;
  values.set(input, Math.min(MOST_PEOPLE, Math.max(0, number(input) + change)));
  const now = (one) => Number.parseInt(values.get(one), 10) || 0;
  if (input !== of && now(met) + now(partly) > now(of)) values.set(of, now(met) + now(partly));
  if (input === of) {
    if (met.value) values.set(met, Math.min(now(met), now(of)));
    if (partly.value) values.set(partly, Math.min(now(partly), now(of) - now(met)));
  }
  return [...values].map(([one, value]) => [one.name, String(value)]);
}

/** Say a count in words, and draw its marks. */
export function draw(count) {
  const [of, met, partly] = inputs(count);
  const proof = count.closest(".item").querySelector(".proof");
  const isKnown = of.value !== "" && met.value !== "";
  proof.classList.toggle("falls", isKnown && number(of) > 0 && number(met) < number(of));
  proof.classList.toggle("nobody", of.value !== "" && number(of) === 0);
  const said = count.querySelector(".said");
  if (isKnown) said.textContent = count.dataset.said.replace("{of}", number(of)).replace("{met}", number(met));
  const marks = Array.from({ length: isKnown ? Math.min(number(of), MOST_MARKS) : 0 }, (_, place) => {
    const mark = document.createElement("i");
    mark.className = place < number(met) ? "full" : place < number(met) + number(partly) ? "" : "none";
    return mark;
  });
  count.querySelector(".pips").replaceChildren(...marks);
}

function inputs(count) {
  return count.querySelectorAll("input[type=number]");
}

function number(input) {
  return Number.parseInt(input.value, 10) || 0;
}
