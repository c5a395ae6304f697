// Who suspects whom, and what came of it.

import { h } from '../dom.js';
import { ago, clock, names, plural, took } from '../format.js';
import { sign } from '../states.js';

const SHOWN = 8;
const OUTCOMES = {
  open: { state: 'suspect', word: 'open' },
  refuted: { state: 'alive', word: 'refuted' },
  failed: { state: 'failed', word: 'failed' },
  withdrawn: { state: 'left', word: 'withdrawn' },
};

export function suspicions(store, ui) {
  const list = store.suspicions;
  const shown = list.slice(0, ui.allSuspicions ? list.length : SHOWN);
  return [
    h('div', { class: 'head' }, h('h2', { id: 'suspicions-title' }, 'Who suspects whom'), list.length > 0 ? h('span', { class: 'quiet' }, tally(list)) : null),
    list.length === 0
      ? h('p', { class: 'empty tall' }, emptyText(store))
      : h('ol', { class: 'ledger' }, shown.map((s) => entry(s, ui))),
    list.length > SHOWN
      ? h('p', { class: 'more' }, h('button', { type: 'button', 'aria-expanded': String(ui.allSuspicions), on: { click: () => ui.set({ allSuspicions: !ui.allSuspicions }) } }, ui.allSuspicions ? 'Show fewer' : `Show all ${list.length}`))
      : null,
  ];
}

function emptyText(store) {
  if (store.denied.has('suspicions')) {
    return 'Shown to holders of a token that may read this agent.';
  }
  return store.taken.has('suspicions') ? 'Nobody has been suspected lately.' : 'Asking for the ledger…';
}

function entry(s, ui) {
  const outcome = OUTCOMES[s.outcome] ?? OUTCOMES.open;
  const length = (s.end ?? ui.now) - s.start;
  return h(
    'li',
    { key: s.id, class: s.outcome },
    h('div', { class: 'who' }, h('b', {}, s.accuser), h('span', { class: 'to' }, ' suspects '), h('b', {}, s.member)),
    h('div', { class: `verdict ${outcome.state}` }, sign(outcome.state), s.outcome === 'open' ? `open for ${took(length)}` : `${outcome.word} after ${took(length)}`),
    h(
      'div',
      { class: 'quiet small why' },
      s.confirmers.length > 0 ? `confirmed by ${names(s.confirmers)}` : 'nobody confirmed',
      s.ownHealth > 0 ? `; this agent was itself slow (${s.ownHealth})` : null,
    ),
    h('time', { class: 'quiet small when', datetime: new Date(s.start).toISOString(), title: clock(s.start) }, s.outcome === 'open' ? `since ${clock(s.start)}` : ago(ui.now - s.start)),
  );
}

/** One who accuses many is the one to look at. */
function tally(list) {
  const accusers = new Map();
  for (const s of list) {
    accusers.set(s.accuser, (accusers.get(s.accuser) ?? new Set()).add(s.member));
  }
  const [name, accused] = [...accusers].sort((a, b) => b[1].size - a[1].size)[0];
  return accused.size >= 3 ? `${name} accused ${accused.size} members: look at ${name} first` : plural(list.length, 'entry', 'entries');
}
