// Counting people with one thumb: − and + beside a number, and a mark for each person.

const MOST_MARKS = 12;

export function steppers(form, touch, save) {
  for (const count of form.querySelectorAll(".count")) {
    for (const button of count.querySelectorAll(".pm button")) {
      button.addEventListener("click", () => {
        step(count, button);
        touch(count.querySelector("input"));
        save();
      });
    }
    count.addEventListener("input", () => draw(count));
    draw(count);
  }
}

function step(count, button) {
  const input = button.parentElement.querySelector("input");
  const change = button.classList.contains("less") ? -1 : 1;
  input.value = Math.min(99, Math.max(0, number(input) + change));
  const [of, met, partly] = inputs(count);
  if (input !== of && number(met) + number(partly) > number(of)) of.value = number(met) + number(partly);
  if (input === of) {
    met.value = met.value && Math.min(number(met), number(of));
    partly.value = partly.value && Math.min(number(partly), number(of) - number(met));
  }
  const out = count.closest(".item").querySelector(".opt.o input");
  if (out) out.checked = false;
  draw(count);
}

function draw(count) {
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
