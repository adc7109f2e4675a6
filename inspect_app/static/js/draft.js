// Keeps what a branch writes as a draft while it is being written, and sends photos as soon as they are chosen.
// Without this script the button "keep as a draft" does the same.
const PAUSE = 1200;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = form.querySelector("[data-saved]");
  let waiting = 0;
  let running = Promise.resolve();
  let isOver = false;

  const fields = () => {
    const data = new FormData(form);
    data.delete("photos");
    data.set("do", "draft");
    return data;
  };

  const keep = async () => {
    if (isOver) return;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields(),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const { version, words } = await answer.json();
      form.elements.draft.value = version;
      said.textContent = words;
    } catch {
      said.textContent = said.dataset.failed;
    }
  };

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      running = running.then(keep);
    }, PAUSE);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") later();
  });
  // What is under way first has its version written into the form, else the answer would look out of date.
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (isOver) return;
    event.preventDefault();
    const { submitter } = event;
    // Not at once: as long as this event is under way, a browser takes no second submit.
    running.then(() =>
      setTimeout(() => {
        isOver = true;
        form.requestSubmit(submitter);
      }),
    );
  });
  form.querySelector("[data-photos]")?.addEventListener("change", (event) => {
    if (event.target.files.length) form.requestSubmit(form.querySelector("[value=add]"));
  });
}
