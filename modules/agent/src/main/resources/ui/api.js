// Asks the agent that served this page. The token goes in a header only, never into an address.

const PATIENCE_MILLIS = 15_000;
const TOKEN = 'sotto.token';

/** An answer that is none of what was hoped for. */
export class Refused extends Error {
  constructor(path, status, text) {
    super(text || `the agent answered ${status}`);
    this.path = path;
    this.status = status;
  }

  get denied() {
    return this.status === 401 || this.status === 403;
  }
}

export class Api {
  #token = sessionStorage.getItem(TOKEN) ?? '';

  /** The agent's clock less ours, in milliseconds; whole seconds, so that small differences count as none. */
  skew = 0;

  get hasToken() {
    return this.#token !== '';
  }

  /** Keeps a token for as long as this tab is open; an empty one forgets it. */
  use(token) {
    this.#token = token;
    if (token) {
      sessionStorage.setItem(TOKEN, token);
    } else {
      sessionStorage.removeItem(TOKEN);
    }
  }

  now() {
    return Date.now() + this.skew;
  }

  async get(path) {
    const answer = await this.#ask(path, { signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    return answer.json();
  }

  /**
   * Follows a stream of server-sent events.
   *
   * @param heard called with `{type, data}` of each
   * @param opened called once the agent has agreed
   * @returns when the agent ends the stream
   */
  async follow(path, { heard, opened, signal }) {
    const answer = await this.#ask(path, { signal, headers: { Accept: 'text/event-stream' } });
    if (!(answer.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) {
      throw new Refused(path, 404, 'no stream of events');
    }
    opened();
    const parser = new EventParser(heard);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parser.take(part.value);
    }
  }

  async #ask(path, { signal, headers = {} }) {
    const given = this.#token ? { ...headers, 'X-Consul-Token': this.#token } : headers;
    const answer = await fetch(path, { signal, headers: given, cache: 'no-store', credentials: 'same-origin', redirect: 'error' });
    const date = Date.parse(answer.headers.get('Date') ?? '');
    if (!Number.isNaN(date)) {
      const apart = date - Date.now();
      this.skew = Math.abs(apart) > 2_500 ? apart : 0;
    }
    if (!answer.ok) {
      throw new Refused(path, answer.status, (await answer.text()).slice(0, 300));
    }
    return answer;
  }
}

/** Server-sent events out of pieces of text. Source: HTML, section 9.2.6. */
export class EventParser {
  #rest = '';
  #event = { type: 'message', data: [] };

  constructor(heard) {
    this.heard = heard;
  }

  take(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      this.#line(line);
    }
  }

  #line(line) {
    if (line === '') {
      if (this.#event.data.length > 0) {
        this.heard({ ...this.#event, data: this.#event.data.join('\n') });
      }
      this.#event = { type: 'message', data: [] };
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      this.#event.type = value;
    } else if (field === 'data') {
      this.#event.data.push(value);
    }
  }
}
