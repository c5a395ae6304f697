// What stands around the parts: who speaks, whether the page is live, the token, and the foot.

import { h } from '../dom.js';
import { clock, span } from '../format.js';

const LINKS = {
  live: { word: 'live', title: 'changes come as they happen' },
  polling: { word: 'polling', title: 'the agent is asked every few seconds' },
  lost: { word: 'no answer', title: 'the agent cannot be reached' },
  starting: { word: 'connecting', title: '' },
  denied: { word: 'token needed', title: 'the agent refuses to say more without a token' },
};

export function where(store) {
  const config = store.self?.Config;
  if (!config) {
    return h('span', { class: 'quiet' }, store.denied.has('self') ? 'an agent that wants a token' : 'asking the agent…');
  }
  return [
    h('span', { key: 'node', class: 'node-name' }, config.NodeName),
    h('span', { key: 'dc', class: 'quiet' }, config.Datacenter),
    config.Server ? h('span', { key: 'server', class: 'quiet' }, 'server') : null,
  ];
}

export function link(ui) {
  const { word, title } = LINKS[ui.link];
  return h(
    'span',
    { class: `link-state ${ui.link}`, title },
    h('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, LINK_SIGNS[ui.link]()),
    h('span', {}, ui.link === 'lost' && ui.lastAnswer ? `no answer for ${span(ui.now - ui.lastAnswer)}` : word),
  );
}

const LINK_SIGNS = {
  live: () => [h('circle', { cx: 8, cy: 8, r: 3.4, class: 'fill' }), h('circle', { cx: 8, cy: 8, r: 6.4, class: 'ring' })],
  polling: () => [h('path', { d: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.4v2.8h-2.8', class: 'ring' })],
  lost: () => [h('path', { d: 'm4 4 8 8m0-8-8 8', class: 'ring' })],
  starting: () => [h('circle', { cx: 8, cy: 8, r: 5, class: 'ring dashed' })],
  denied: () => [h('path', { d: 'M4.5 7V5a3.5 3.5 0 0 1 7 0v2m-8 0h9v6.5h-9Z', class: 'ring' })],
};

/** The form for a token; `act` has `use(token)` and `close()`. */
export function token(store, ui, act) {
  return [
    h(
      'div',
      { class: 'ask' },
      h('label', { for: 'token-value' }, ui.tokenWrong ? 'The agent does not take this token' : store.denied.size > 0 ? 'This agent wants a token' : 'Token for this agent'),
      h('input', { id: 'token-value', type: 'password', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'token-note' }),
      h('button', { type: 'submit' }, 'Use'),
      ui.hasToken ? h('button', { type: 'button', class: 'plain', on: { click: () => act.use('') } }, 'Forget') : null,
      h('button', { type: 'button', class: 'plain', on: { click: act.close } }, 'Close'),
    ),
    h('p', { class: 'quiet small', id: 'token-note' }, 'Kept in this tab until it is closed, and sent to this agent only. It needs agent, node and operator read.'),
  ];
}

export function foot(store, ui) {
  const config = store.self?.Config;
  return [
    h('span', { key: 'version' }, config ? `sotto ${config.Version}` : 'sotto'),
    config ? h('span', { key: 'id', class: 'id' }, config.NodeID) : null,
    store.since ? h('span', { key: 'since' }, `states since ${clock(store.since)}`) : null,
    h('span', { key: 'zone' }, `times of ${Intl.DateTimeFormat().resolvedOptions().timeZone}`),
    ui.lastAnswer ? h('span', { key: 'at' }, `last answer ${clock(ui.lastAnswer)}`) : null,
  ];
}
