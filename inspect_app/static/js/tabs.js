// One page leads a visit's draft; the others say so. A mark in the store stops a page that slept and woke up.

const PATIENCE = 1500; // milliseconds until a page that does not answer counts as asleep

/** The right of this page to change one visit's draft. Ports: `store`, `locks`, `channel`. */
export class Lead {
  constructor(store, visit, { locks = navigator.locks, channel = new BroadcastChannel("m") } = {}) {
    Object.assign(this, { store, visit, locks, channel, leads: false, epoch: null });
    /** Called with true when this page begins to lead, with false when it no longer does. */
    this.turned = () => {};
    channel.onmessage = (event) => this.hear(event.data);
  }

  /** Lead if no other page does; return whether this page leads. It takes over when the other one ends. */
  async start() {
    if (!this.locks) return this.begin();
    const leads = await new Promise((resolve, reject) => {
      this.hold({ ifAvailable: true }, resolve).catch(reject);
    });
    if (!leads) this.hold({});
    return leads;
  }

  /** Ask the page that leads to let go; one that does not answer is put aside. */
  async takeOver() {
    this.channel.postMessage({ take: this.visit });
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    if (!this.leads) this.hold({ steal: true });
  }

  /** Let go, because this page turns to something else. */
  end() {
    this.leads = false;
    this.isOver = true;
    this.waiting?.abort();
    this.release?.();
    this.channel.close();
  }

  async hold(options, answered = () => {}) {
    const waits = !options.ifAvailable && !options.steal;
    if (waits) this.waiting = new AbortController();
    const request = waits ? { signal: this.waiting.signal } : options;
    try {
      await this.locks.request(`lead:${this.visit}`, request, async (lock) => {
        if (!lock || this.isOver) return answered(false);
        await this.begin();
        answered(true);
        return new Promise((resolve) => (this.release = resolve));
      });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      this.follow(); // another page stole the lead
      answered(false);
    }
  }

  async begin() {
    const key = `lead/${this.visit}`;
    const before = (await this.store.get("meta", key))?.epoch ?? 0;
    await this.store.write([["put", "meta", { k: key, epoch: before + 1 }]], {
      guard: { store: "meta", key, test: (row) => (row?.epoch ?? 0) === before },
    });
    this.epoch = before + 1;
    this.leads = true;
    this.turned(true);
    return true;
  }

  follow() {
    if (!this.leads) return;
    this.leads = false;
    this.turned(false);
  }

  hear(message) {
    if (message.take !== this.visit || !this.leads) return;
    this.follow();
    this.release();
    this.hold({});
  }
}
