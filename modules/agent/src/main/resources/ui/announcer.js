// Says to screen readers what changed, gathered, so that a storm of changes stays one sentence.

const GATHER_MILLIS = 1_500;
const SAID_MAX = 4;

export class Announcer {
  #waiting = [];
  #timer = null;

  constructor(element) {
    this.element = element;
  }

  say(text) {
    this.#waiting.push(text);
    this.#timer ??= setTimeout(() => this.#speak(), GATHER_MILLIS);
  }

  #speak() {
    const said = this.#waiting.slice(0, SAID_MAX).join('. ');
    const rest = this.#waiting.length - SAID_MAX;
    this.element.textContent = rest > 0 ? `${said}, and ${rest} more changes.` : `${said}.`;
    this.#waiting = [];
    this.#timer = null;
  }
}
