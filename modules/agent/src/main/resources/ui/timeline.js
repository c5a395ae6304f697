// A member's states over time: from the changes that were seen and from the ledger of suspicions. Pure.

import { WORDS } from './states.js';
import { plural, took } from './format.js';

/**
 * The stretches of one state in a window of time.
 *
 * @param changes `{at, state}`, the oldest first; the state holds from then on
 * @param suspicions `{start, end, outcome}` of that member; end is null while it runs
 * @returns `{from, to, state}`, in order, without gaps from the first known moment on
 */
export function stretches(changes, suspicions, from, to) {
  const known = [];
  for (let i = 0; i < changes.length; i++) {
    const begin = Math.max(from, changes[i].at);
    const end = Math.min(to, i + 1 < changes.length ? changes[i + 1].at : to);
    if (end > begin && changes[i].state !== 'gone') {
      known.push({ from: begin, to: end, state: changes[i].state });
    }
  }
  let out = known;
  for (const suspicion of suspicions) {
    const begin = Math.max(from, suspicion.start);
    const end = Math.min(to, suspicion.end ?? to);
    if (end > begin) {
      out = overlay(out, begin, end);
    }
  }
  return merged(out);
}

/** Only who was alive can be suspected: the other states say more. */
function overlay(known, begin, end) {
  const out = [];
  for (const stretch of known) {
    const from = Math.max(begin, stretch.from);
    const to = Math.min(end, stretch.to);
    if (to <= from || stretch.state !== 'alive') {
      out.push(stretch);
      continue;
    }
    if (stretch.from < from) {
      out.push({ ...stretch, to: from });
    }
    out.push({ from, to, state: 'suspect' });
    if (to < stretch.to) {
      out.push({ ...stretch, from: to });
    }
  }
  return out;
}

function merged(stretches) {
  const out = [];
  for (const stretch of stretches) {
    const last = out.at(-1);
    if (last && last.state === stretch.state && last.to === stretch.from) {
      last.to = stretch.to;
    } else {
      out.push({ ...stretch });
    }
  }
  return out;
}

/** A sentence for whoever cannot see the picture. */
export function told(list, windowMillis) {
  if (list.length === 0) {
    return 'nothing known of this time';
  }
  if (list.length === 1) {
    const whole = list[0].to - list[0].from >= windowMillis * 0.98;
    return `${WORDS[list[0].state]} ${whole ? 'all the time' : `for ${took(list[0].to - list[0].from)}`}`;
  }
  const counts = new Map();
  for (const stretch of list) {
    const so = counts.get(stretch.state) ?? { times: 0, millis: 0 };
    counts.set(stretch.state, { times: so.times + 1, millis: so.millis + stretch.to - stretch.from });
  }
  const parts = [...counts].map(([state, { times, millis }]) => `${WORDS[state]} ${plural(times, 'time')}, ${took(millis)} in all`);
  return `${parts.join('; ')}; now ${WORDS[list.at(-1).state]}`;
}

/** Round moments for the axis of a window, about `count` of them. */
export function ticks(from, to, count) {
  const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600].map((s) => s * 1000);
  const step = steps.find((s) => (to - from) / s <= count) ?? steps.at(-1);
  const zone = new Date(to).getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - zone) / step) * step + zone;
  const out = [];
  for (let at = first; at < to; at += step) {
    out.push(at);
  }
  return out;
}
