// Follows work in the background: asks how far it is, and shows the page anew when it is over.

const PAUSE = 1500;
const LIVE = new Set(["queued", "running"]);

/** Ask once how far everything on this page is; say whether all of it still goes on. */
export async function follow(places, ask = fetch) {
  const answers = await Promise.all(
    places.map(async (place) => {
      const response = await ask(place.dataset.progress, { headers: { Accept: "application/json" } });
      return response.ok && !response.redirected ? response.json() : { state: "unknown" };
    }),
  );
  answers.forEach((answer, at) => draw(places[at].querySelector("progress"), answer));
  return answers.every((answer) => LIVE.has(answer.state)) && !began(places, answers);
}

function draw(bar, answer) {
  if (!answer.of) return;
  bar.max = answer.of;
  bar.value = answer.done;
}

/** Say whether something that waited is under way now, which the page says in words. */
function began(places, answers) {
  return answers.some((answer, at) => answer.state === "running" && places[at].dataset.state === "queued");
}

async function watch() {
  const places = [...document.querySelectorAll("[data-progress]")];
  try {
    if (!(await follow(places))) {
      location.reload();
      return;
    }
  } catch {
    // The network is away for a moment; it is asked again.
  }
  setTimeout(watch, PAUSE);
}

if (typeof document !== "undefined" && document.querySelector("[data-progress]")) setTimeout(watch, PAUSE);
