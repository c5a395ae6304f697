// Words and figures as people read them. Pure.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span in one unit, rounded down: `now`, `12 s`, `4 min`, `3 h`, `12 days`. */
export function span(millis) {
  const left = Math.max(0, millis);
  if (left < SECOND) {
    return 'now';
  }
  if (left < MINUTE) {
    return `${Math.floor(left / SECOND)} s`;
  }
  if (left < HOUR) {
    return `${Math.floor(left / MINUTE)} min`;
  }
  if (left < 2 * DAY) {
    return `${Math.floor(left / HOUR)} h`;
  }
  return `${Math.floor(left / DAY)} days`;
}

export function ago(millis) {
  return millis < SECOND ? 'now' : `${span(millis)} ago`;
}

/** How long something took, to a tenth below a minute. */
export function took(millis) {
  return millis < MINUTE ? `${(Math.max(0, millis) / SECOND).toFixed(1)} s` : span(millis);
}

/** A round trip given in seconds. */
export function roundTrip(seconds) {
  const millis = seconds * 1_000;
  if (millis < 0.095) {
    return `${Math.max(1, Math.round(millis * 1_000))} µs`;
  }
  return `${millis < 9.95 ? millis.toFixed(millis < 0.995 ? 2 : 1) : Math.round(millis)} ms`;
}

/** The time of day in the reader's time zone, by 24 hours as logs have it. */
export function clock(millis) {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(millis);
}

export function clockShort(millis) {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(millis);
}

export function date(millis) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(millis);
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function names(list, most = 3) {
  if (list.length === 0) {
    return 'nobody';
  }
  const shown = list.slice(0, list.length > most ? most : most + 1);
  const rest = list.length - shown.length;
  if (rest > 0) {
    return `${shown.join(', ')} and ${rest} more`;
  }
  return shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** An instant of the API as milliseconds; null for none. */
export function instant(text) {
  const millis = text ? Date.parse(text) : NaN;
  return Number.isNaN(millis) ? null : millis;
}
