// The receipt beside a page: Escape closes it, and it is where reading goes on when it has just been opened.
const drawer = document.querySelector(".drawer");

if (drawer) {
  drawer.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    const close = drawer.querySelector("[data-close]");
    if (event.key === "Escape" && close) {
      event.preventDefault();
      close.click();
    }
  });
}
