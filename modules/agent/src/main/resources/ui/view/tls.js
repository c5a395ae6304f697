// TLS as this agent has it in force.

import { h } from '../dom.js';
import { plural } from '../format.js';
import { sign } from '../states.js';

/** From here on the log warns too. */
const WARN_DAYS = 30;
/** What the bar shows as full. */
const FULL_DAYS = 365;

export function tlsPanel(store) {
  const tls = store.tls();
  return [
    h('div', { class: 'head' }, h('h2', { id: 'tls-title' }, 'TLS'), h('span', { class: 'quiet' }, 'of this agent')),
    tls && (store.figures.size > 0 || store.denied.has('metrics'))
      ? body(tls)
      : h('p', { class: 'empty tall' }, store.denied.has('self') ? 'Shown to holders of a token that may read this agent.' : 'Asking the agent…'),
  ];
}

function body(tls) {
  return [
    tls.certificateDays === null
      ? h('p', { class: 'callout' }, sign('left'), h('span', {}, 'No certificate: calls of this agent are not protected by TLS. Begin with ', h('code', {}, 'sotto tls ca create')))
      : [life('Certificate', tls.certificateDays), tls.authorityDays === null ? null : life('Authority', tls.authorityDays)],
    h(
      'ul',
      { class: 'switches' },
      toggle('verify_incoming', 'callers show a certificate', tls.incoming),
      toggle('verify_outgoing', 'calls go by TLS only', tls.outgoing),
      toggle('verify_server_hostname', 'only servers’ certificates serve', tls.hostname),
    ),
    tls.alarms > 0
      ? h('p', { class: 'callout failed' }, sign('failed'), h('span', {}, `A certificate acted as a server without being one, ${plural(tls.alarms, 'time')}. The log names it: revoke it.`))
      : null,
    tls.refused > 0
      ? h('p', { class: 'callout suspect' }, sign('suspect'), h('span', {}, `New files were refused ${plural(tls.refused, 'time')}; the old ones are in force. The log says why.`))
      : null,
    tls.swaps > 0 ? h('p', { class: 'quiet small' }, `Renewed ${plural(tls.swaps, 'time')} since the start, without a restart.`) : null,
  ];
}

function life(name, days) {
  const state = days < 0 ? 'failed' : days < WARN_DAYS ? 'suspect' : 'alive';
  const whole = Math.floor(days);
  return h(
    'div',
    { key: name, class: `life ${state}` },
    h('div', { class: 'line' }, sign(state), h('span', { class: 'what' }, name), h('span', { class: 'left-days' }, days < 0 ? `ended ${plural(-whole, 'day')} ago` : `${plural(whole, 'day')} left`)),
    h('div', { class: 'bar', 'aria-hidden': 'true' }, h('i', { vars: { '--w': `${Math.min(100, Math.max(0, (days / FULL_DAYS) * 100)).toFixed(2)}%` } })),
  );
}

function toggle(name, what, on) {
  return h('li', { key: name, class: on ? 'on' : 'off' }, h('code', {}, name), h('span', { class: 'what' }, what), h('span', { class: 'onoff' }, on ? 'on' : 'off'));
}
