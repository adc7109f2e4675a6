// Opens the phone's pages without a network. It keeps what is public, and never an answer about a visit.
const KEPT = "m-{{ version }}";
const FILES = {{ files|tojson }};
const STATIC = { condition: { urlPattern: "/static/*" }, source: { cacheName: KEPT } };
const SHELL = "{{ url_for('inspector.shell') }}";
const CLOCK = "{{ url_for('inspector.clock_page') }}";

addEventListener("install", (event) => {
  event.waitUntil(keep());
  // Where the browser can, it takes files out of the store by itself, without asking here for each of them.
  if (event.addRoutes) event.waitUntil(event.addRoutes(STATIC).catch(() => null));
});
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("message", ({ data }) => data === "activate" && skipWaiting());
addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (FILES.includes(address.pathname)) event.respondWith(kept(address.pathname, request));
  } else if (address.pathname.startsWith("/m/")) {
    event.respondWith(kept(address.pathname === CLOCK ? CLOCK : SHELL, request));
  }
});

async function keep() {
  const place = await caches.open(KEPT);
  const request = (file) => new Request(file, { credentials: "omit", cache: file.startsWith("/static/") ? "default" : "reload" });
  await place.addAll(FILES.map(request));
}

async function takeOver() {
  const older = (await caches.keys()).filter((name) => name.startsWith("m-") && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
  await clients.claim();
}

// A browser that died too soon may have lost what was kept: then it is fetched, and kept again.
async function kept(address, request) {
  const found = await caches.match(address, { cacheName: KEPT });
  if (!found && request.mode === "navigate") keep().catch(() => null);
  return found ?? fetch(request);
}
