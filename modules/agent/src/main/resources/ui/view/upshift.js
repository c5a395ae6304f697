// Upshifts of the pool: how far up the ladder it is, who is waited for and why, and what has to be done there by hand.

import { h } from '../dom.js';
import { date, instant, names, plural } from '../format.js';
import { sign } from '../states.js';

const STAGES = ['ready', 'sending', 'enforced'];
const KINDS = {
  tls: { title: 'Calls by TLS', rungs: { ready: 'Everybody has a certificate', sending: 'Everybody calls by TLS', enforced: 'Plain calls are refused' } },
  gossip: { title: 'Encrypted gossip', rungs: { ready: 'Everybody has the key', sending: 'Everybody seals', enforced: 'Plaintext is refused' } },
};
const OUTCOMES = {
  finished: { state: 'alive', word: 'done' },
  undone: { state: 'left', word: 'called off' },
  refused: { state: 'failed', word: 'refused' },
  'taken-over': { state: 'leaving', word: 'taken over' },
};
const WAITS = 6;

export function upshift(store) {
  return [
    h('div', { class: 'head' }, h('h2', { id: 'upshift-title' }, 'Upshift'), h('span', { class: 'quiet' }, 'of the whole pool')),
    h('div', { class: 'upshifts' }, ['tls', 'gossip'].map((kind) => one(kind, store))),
  ];
}

function one(kind, store) {
  const told = store.upshifts.get(kind);
  const about = KINDS[kind];
  return h(
    'div',
    { key: kind, class: `upshift ${kind}` },
    h('div', { class: 'line' }, h('h3', { id: `upshift-${kind}` }, about.title), told ? verdict(told) : null),
    !told
      ? h('p', { class: 'empty' }, store.denied.has(`upshift-${kind}`) ? 'Shown to holders of a token with operator read.' : 'Asking the members…')
      : told.Id
        ? body(kind, told)
        : h('p', { class: 'empty' }, 'None was begun. What it would do: ', h('code', {}, `sotto upshift ${kind} plan`)),
  );
}

function verdict(told) {
  const ended = OUTCOMES[told.Outcome];
  if (ended) {
    return h('span', { class: `verdict ${ended.state}` }, sign(ended.state), ended.word);
  }
  if (!told.Id) {
    return null;
  }
  return told.UnderWay
    ? h('span', { class: 'verdict leaving' }, sign('leaving'), told.WaitingForNext ? 'waits to be told' : told.Course === 'back' ? 'going back' : 'under way')
    : h('span', { class: 'verdict suspect' }, sign('suspect'), 'nobody drives it');
}

function body(kind, told) {
  const without = Object.keys(told.Without ?? {});
  const isOpen = !told.Outcome;
  return [
    h('ol', { class: 'rungs', 'aria-labelledby': `upshift-${kind}` }, STAGES.map((stage) => rung(stage, KINDS[kind].rungs[stage], told))),
    isOpen ? bar(kind, told) : null,
    isOpen ? waits(told) : null,
    leftToDo(told),
    isOpen && !told.UnderWay ? h('p', { class: 'todo-by' }, 'Any agent can go on with it: ', h('code', {}, `sotto upshift ${kind} run`)) : null,
    without.length > 0 ? h('p', { class: 'callout suspect' }, sign('suspect'), h('span', {}, `Without ${names(without)}.`)) : null,
    h('p', { class: 'quiet small' }, [`Driven by ${told.Driver}`, told.Epoch > 1 ? `, number ${told.Epoch} to do so` : '', instant(told.Began) ? `, begun ${date(instant(told.Began))}` : '', told.Text ? `. ${told.Text}` : ''].join('')),
  ];
}

function rung(stage, title, told) {
  const height = STAGES.indexOf(stage);
  const isConfirmed = STAGES.indexOf(told.Confirmed) >= height;
  const isCurrent = !told.Outcome && told.Course !== 'back' && told.Goal === stage && !isConfirmed;
  const state = isConfirmed ? 'alive' : isCurrent ? 'leaving' : 'unknown';
  return h(
    'li',
    { key: stage, class: isConfirmed ? 'done' : isCurrent ? 'current' : '', 'aria-current': isCurrent ? 'step' : false },
    sign(state),
    h('span', { class: 'title' }, title),
    h('span', { class: `verdict ${state}` }, isConfirmed ? 'confirmed' : isCurrent ? `${told.Done} of ${told.Of}` : 'to come'),
  );
}

function bar(kind, told) {
  const part = told.Of > 0 ? Math.min(100, (told.Done / told.Of) * 100) : 0;
  const text = told.Course === 'back' ? `back at ${told.Goal}: ${told.Done} of ${plural(told.Of, 'member')}` : `${told.Goal}: ${told.Done} of ${plural(told.Of, 'member')}`;
  return h(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-labelledby': `upshift-${kind}`, 'aria-valuemin': 0, 'aria-valuemax': told.Of, 'aria-valuenow': Math.min(told.Done, told.Of), 'aria-valuetext': text },
    h('i', { vars: { '--w': `${part.toFixed(2)}%` } }),
  );
}

function waits(told) {
  const waiting = Object.entries(told.WaitingFor ?? {});
  if (waiting.length === 0) {
    return null;
  }
  return h(
    'ul',
    { class: 'waits' },
    waiting.slice(0, WAITS).map(([name, why]) => {
      const mend = told.Members?.[name]?.Mend;
      return h('li', { key: name }, h('b', {}, name || 'the pool'), ` ${why}`, mend ? h('pre', { tabindex: 0, 'aria-label': `What to do on ${name}` }, mend) : null);
    }),
    waiting.length > WAITS ? h('li', { key: '' }, `and ${waiting.length - WAITS} more`) : null,
  );
}

/** What is to be done by hand on members that nothing waits for, such as to write down what was changed there. */
function leftToDo(told) {
  const members = new Map();
  for (const [name, member] of Object.entries(told.Members ?? {})) {
    if (member.Mend && !told.WaitingFor?.[name]) {
      members.set(member.Mend, [...(members.get(member.Mend) ?? []), name]);
    }
  }
  return members.size === 0 ? null : h('ul', { class: 'waits' }, [...members].map(([mend, who]) => h('li', { key: mend }, h('b', {}, names(who)), ` ${mend}`)));
}
