// How far the pool's encryption has come: the steps of an upshift, the keys in use, and plaintext that is still let in.

import { h } from '../dom.js';
import { clock, date, instant, names, plural, span } from '../format.js';
import { sign } from '../states.js';

const STEPS = {
  keyed: { title: 'Everybody has the key', todo: 'Give each member the key, both verify flags off.' },
  outgoing: { title: 'Everybody seals', todo: 'Turn on encrypt_verify_outgoing everywhere.' },
  incoming: { title: 'Plaintext is refused', todo: 'Turn on encrypt_verify_incoming everywhere.' },
};
const ANSWERS = {
  done: { state: 'alive', word: 'done' },
  safe: { state: 'alive', word: 'safe to do' },
  likely: { state: 'leaving', word: 'likely safe' },
  unsafe: { state: 'suspect', word: 'too early' },
};
const OBSTACLES = 4;

export function encryption(store, ui) {
  return [
    h('div', { class: 'head' }, h('h2', { id: 'encryption-title' }, 'Encryption')),
    store.gossip ? body(store, ui) : h('p', { class: 'empty tall' }, store.denied.has('gossip') ? 'Shown to holders of a token with operator read.' : 'Asking the members…'),
  ];
}

function body(store, ui) {
  const steps = store.gossip.Steps ?? [];
  const keyless = store.phase() === 'open' && steps.every((s) => s.Answer !== 'done');
  return [
    keyless
      ? h('p', { class: 'callout failed' }, sign('failed'), h('span', {}, 'Gossip is in the clear: whoever is on the network can read it and join. Make a key: ', h('code', {}, 'sotto keygen')))
      : null,
    plaintext(store.gossip.Plaintext, ui),
    h('ol', { class: 'steps' }, steps.map((step) => stepLine(step))),
    keys(store),
  ];
}

function stepLine(step) {
  const answer = ANSWERS[step.Answer] ?? ANSWERS.unsafe;
  const about = STEPS[step.Step] ?? { title: `Key ${step.Key} is gone`, todo: `sotto keyring remove, of ${step.Key}` };
  const obstacles = step.Obstacles ?? [];
  return h(
    'li',
    { key: `${step.Step} ${step.Key}`, class: step.Answer === 'done' ? 'done' : '' },
    h('div', { class: 'step' }, sign(answer.state), h('span', { class: 'title' }, about.title), h('span', { class: `verdict ${answer.state}` }, answer.word)),
    step.Answer === 'safe' || step.Answer === 'likely' ? h('p', { class: 'todo' }, about.todo) : null,
    (step.OnHints ?? []).length > 0 && step.Answer === 'likely' ? h('p', { class: 'todo' }, `Only traffic speaks for ${names(step.OnHints)}.`) : null,
    obstacles.length > 0
      ? h(
          'ul',
          { class: 'obstacles' },
          obstacles.slice(0, OBSTACLES).map((o) => h('li', { key: o.Member }, h('b', {}, o.Member), ` ${o.Why}`)),
          obstacles.length > OBSTACLES ? h('li', { key: '' }, `and ${obstacles.length - OBSTACLES} more`) : null,
        )
      : null,
  );
}

function plaintext(phase, ui) {
  if (!phase) {
    return null;
  }
  const since = instant(phase.Since);
  const until = instant(phase.Until);
  const overdue = phase.OverdueSeconds > 0;
  const begun = `This agent lets plaintext in since ${clock(since)}, ${date(since)}`;
  const text = until === null ? `${begun}, without an end.` : overdue ? `${begun}: ${span(phase.OverdueSeconds * 1_000)} past its end.` : `${begun}, for ${span(until - ui.now)} more.`;
  return h('p', { class: `callout ${overdue ? 'failed' : 'suspect'}` }, sign(overdue ? 'failed' : 'suspect'), h('span', {}, text));
}

function keys(store) {
  const keys = [...store.keys()];
  if (keys.length === 0) {
    return null;
  }
  return h(
    'div',
    { class: 'keys' },
    h('h3', {}, 'Keys sealed with'),
    h(
      'ul',
      {},
      keys.map(([key, holders], i) =>
        h('li', { key }, h('code', { class: `key k${Math.min(2, i)}` }, key), h('span', {}, `${plural(holders.length, 'member')}`), h('span', { class: 'quiet' }, keys.length > 1 ? names(holders) : '')),
      ),
    ),
  );
}
