// Keeps the store up to date: follows the agent's events, and asks for each part again in its time. Without a stream of
// events it asks more often.

import { Refused } from './api.js';

const STEP_MILLIS = 200;
const RETRY_FIRST_MILLIS = 1_000;
const RETRY_LAST_MILLIS = 15_000;
/** An agent without the stream may have been replaced by one with it. */
const NO_STREAM_MILLIS = 60_000;
const ABSENT_MILLIS = 60_000;
/** Several events within this time cause one question, */
const SETTLE_MILLIS = 150;
/** and those about the pool's encryption one within this, since it asks all members. */
const ASK_ALL_MILLIS = 3_000;
/** A stream begins with how everything is, of which nothing needs to be asked again. */
const BEGINNING_MILLIS = 1_500;

/**
 * `every` while there is no stream, `live` while there is one, in milliseconds. The first is asked alone: where it is refused, so
 * are those that need as much, and each refusal counts against this address.
 */
const PARTS = [
  { name: 'self', path: '/v1/agent/self', every: 60_000, live: 60_000, take: (store, answer) => store.takeSelf(answer) },
  { name: 'members', path: '/v1/agent/members?segment=_all', every: 2_000, live: 60_000, take: (store, answer, at) => store.takeMembers(answer, at) },
  { name: 'suspicions', path: '/v1/agent/suspicions', agent: true, every: 2_000, live: 60_000, take: (store, answer, at) => store.takeSuspicions(answer, at) },
  { name: 'history', path: '/v1/agent/members/history', every: 30_000, live: 120_000, take: (store, answer) => store.takeHistory(answer) },
  { name: 'coordinates', path: '/v1/coordinate/nodes', every: 10_000, live: 10_000, take: (store, answer) => store.takeCoordinates(answer) },
  { name: 'gossip', path: '/v1/agent/gossip/status', agent: true, every: 20_000, live: 20_000, take: (store, answer) => store.takeGossip(answer) },
  { name: 'upshift-tls', path: '/v1/operator/upshift/tls', agent: true, every: 10_000, live: 300_000, take: (store, answer) => store.takeUpshift(answer) },
  { name: 'upshift-gossip', path: '/v1/operator/upshift/gossip', agent: true, every: 10_000, live: 300_000, take: (store, answer) => store.takeUpshift(answer) },
  { name: 'metrics', path: '/v1/agent/metrics', agent: true, every: 20_000, live: 20_000, take: (store, answer) => store.takeMetrics(answer) },
];

export class Feed {
  #parts = PARTS.map((part) => ({ ...part, due: 0, asking: false, tried: false }));
  #stream = new AbortController();
  #followsSince = 0;
  /** Whether the agent has answered the first question, be it by a refusal. */
  #isKnown = false;
  #isLive = false;
  #isLost = false;
  #isFollowing = false;

  /**
   * @param changed called after anything was taken up
   * @param linked called with `live`, `polling`, `lost` or `denied`, also when that is as before
   */
  constructor(api, store, { changed, linked }) {
    this.api = api;
    this.store = store;
    this.changed = changed;
    this.linked = linked;
  }

  /** Whether every part has been answered, refused or tried. */
  get isComplete() {
    return this.#parts.every((part) => part.tried);
  }

  start() {
    this.#step();
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        this.again();
      }
    });
  }

  /** Asks for everything again, with the token that is now in use. */
  restart() {
    this.#isKnown = false;
    this.store.denied.clear();
    this.#stream.abort();
    this.again();
  }

  /** Makes parts due in so many milliseconds; all of them unless some are named. */
  again(after = 0, ...names) {
    const at = Date.now() + after;
    for (const part of this.#parts) {
      if (names.length === 0 || names.includes(part.name)) {
        part.due = Math.min(part.due, at);
      }
    }
  }

  #step() {
    if (!document.hidden) {
      const now = Date.now();
      for (const part of this.#isKnown ? this.#parts : this.#parts.slice(0, 1)) {
        if (!part.asking && part.due <= now) {
          this.#ask(part);
        }
      }
    }
    setTimeout(() => this.#step(), STEP_MILLIS);
  }

  async #ask(part) {
    if (part.agent && this.store.denied.has('self')) {
      this.store.denied.add(part.name);
      part.due = Date.now() + ABSENT_MILLIS;
      part.tried = true;
      return;
    }
    part.asking = true;
    part.due = Infinity;
    let wait = this.#isLive ? part.live : part.every;
    try {
      const answer = await this.api.get(part.path);
      part.take(this.store, answer, this.api.now());
      this.store.denied.delete(part.name);
      this.store.taken.add(part.name);
      this.#heard();
    } catch (failure) {
      if (failure instanceof Refused) {
        this.#heard();
        if (failure.denied) {
          this.store.denied.add(part.name);
        }
        wait = failure.denied || failure.status === 404 ? ABSENT_MILLIS : wait;
      } else {
        this.#isLost = true;
      }
    }
    part.asking = false;
    part.tried = true;
    part.due = Math.min(part.due, Date.now() + wait);
    this.#tell();
  }

  /** Follows the events for as long as the page is open. */
  async #follow() {
    let pause = RETRY_FIRST_MILLIS;
    for (;;) {
      this.#stream = new AbortController();
      const { signal } = this.#stream;
      try {
        await this.api.follow('/v1/events', {
          signal,
          opened: () => {
            this.#isLive = true;
            this.#followsSince = Date.now();
            pause = RETRY_FIRST_MILLIS;
            this.#heard();
            this.#tell();
          },
          heard: (event) => this.#event(event),
        });
      } catch (failure) {
        pause = failure instanceof Refused ? NO_STREAM_MILLIS : pause;
      }
      if (this.#isLive) {
        this.#isLive = false;
        // What was missed in between is asked for at once, which also tells whether the agent is still there.
        this.again(0, 'members', 'suspicions', 'history');
        this.#tell();
      }
      await rest(signal.aborted ? RETRY_FIRST_MILLIS : pause, signal);
      pause = Math.min(RETRY_LAST_MILLIS, pause * 2);
    }
  }

  /** Source: docs/reference/http.md, what those who watch are told. */
  #event({ type, data }) {
    this.#heard();
    const told = parsed(data);
    if (!told) {
      return;
    }
    const isNews = Date.now() - this.#followsSince > BEGINNING_MILLIS;
    if (type === 'member') {
      this.store.takeMember(told, this.api.now());
    } else if (type === 'suspicion') {
      this.store.takeSuspicion(told, this.api.now());
    } else if (type === 'upshift') {
      this.store.takeUpshift(told);
    } else if (type === 'tls' && isNews) {
      this.again(SETTLE_MILLIS, 'metrics', 'self');
    } else if ((type === 'gossip' || type === 'traffic') && isNews) {
      this.again(ASK_ALL_MILLIS, 'gossip');
    }
    this.changed();
  }

  #heard() {
    this.#isLost = false;
    this.lastAnswer = this.api.now();
    if (!this.#isKnown) {
      this.#isKnown = true;
      if (!this.#isFollowing) {
        this.#isFollowing = true;
        this.#follow();
      }
    }
  }

  #tell() {
    const denied = this.store.denied.has('self');
    this.linked(this.#isLost ? 'lost' : this.#isLive ? 'live' : denied ? 'denied' : 'polling');
    this.changed();
  }
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Waits, but no longer than until the signal. */
function rest(millis, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      setTimeout(done, SETTLE_MILLIS);
    });
  });
}
