// The members, each with its states over time, how its gossip comes, with which key, and how far away it is.

import { h } from '../dom.js';
import { ago, clock, clockShort, plural, roundTrip, took } from '../format.js';
import { badge, ORDER, sign, WORDS } from '../states.js';
import { stretches, ticks, told } from '../timeline.js';

const PAGE = 100;
export const RANGES = [
  { minutes: 15, word: '15 min' },
  { minutes: 60, word: '1 h' },
  { minutes: 360, word: '6 h' },
  { minutes: 1440, word: '24 h' },
];
const SORTS = { name: 'Member', state: 'State', rtt: 'Round trip' };

export function members(store, ui) {
  const all = [...store.members.values()];
  const shown = sorted(all.filter((m) => matches(store, ui, m)), store, ui);
  const page = shown.slice(0, ui.limit);
  const from = ui.now - ui.range * 60_000;
  return [
    h(
      'div',
      { class: 'head' },
      h('h2', { id: 'members-title' }, 'Members'),
      h('div', { class: 'controls' }, filterBox(ui), rangeChoice(ui)),
    ),
    h('div', { class: 'chips', role: 'group', 'aria-label': 'Show members that are' }, chips(store, ui)),
    store.members.size === 0
      ? h('p', { class: 'empty tall' }, emptyText(store))
      : table(store, ui, page, from),
    shown.length === 0 && all.length > 0 ? h('p', { class: 'empty' }, 'No member fits the filter.') : null,
    shown.length > page.length
      ? h(
          'p',
          { class: 'more' },
          h('button', { type: 'button', on: { click: () => ui.set({ limit: ui.limit + PAGE }) } }, `Show ${Math.min(PAGE, shown.length - page.length)} more`),
          ` of ${shown.length - page.length}`,
        )
      : null,
    store.members.size === 1 && all[0].name === store.selfName
      ? h('p', { class: 'empty' }, 'This agent is alone. To join others: ', h('code', {}, 'sotto join ADDRESS'))
      : null,
  ];
}

function emptyText(store) {
  if (store.denied.has('members')) {
    return 'The members are shown to holders of a token.';
  }
  return store.taken.has('members') ? 'No member is visible. With access control on, a token that may read nodes shows them.' : 'Asking for the members…';
}

function filterBox(ui) {
  return h(
    'label',
    { class: 'filter' },
    h('span', { class: 'heard' }, 'Filter by name, address, tag or key'),
    h('input', {
      type: 'search',
      id: 'filter',
      placeholder: 'Filter',
      spellcheck: 'false',
      autocomplete: 'off',
      on: { input: (event) => ui.set({ filter: event.target.value, limit: PAGE }) },
    }),
  );
}

function rangeChoice(ui) {
  return h(
    'fieldset',
    { class: 'ranges' },
    h('legend', { class: 'heard' }, 'Time shown'),
    RANGES.map(({ minutes, word }) =>
      h(
        'label',
        { key: minutes },
        h('input', { type: 'radio', name: 'range', value: minutes, props: { checked: ui.range === minutes }, on: { change: () => ui.set({ range: minutes }) } }),
        h('span', {}, word),
      ),
    ),
  );
}

function chips(store, ui) {
  const counts = store.counts();
  const offered = ['all', ...ORDER.filter((state) => counts[state] > 0 || ui.state === state)];
  return offered.map((state) =>
    h(
      'button',
      {
        key: state,
        type: 'button',
        class: `chip ${state}`,
        'aria-pressed': String(ui.state === state),
        on: { click: () => ui.set({ state: ui.state === state ? 'all' : state, limit: PAGE }) },
      },
      state === 'all' ? null : sign(state),
      state === 'all' ? 'all' : WORDS[state],
      ' ',
      h('b', {}, state === 'all' ? store.members.size : counts[state]),
    ),
  );
}

function matches(store, ui, member) {
  if (ui.state !== 'all' && store.stateOf(member.name) !== ui.state) {
    return false;
  }
  const wanted = ui.filter.trim().toLowerCase();
  if (!wanted) {
    return true;
  }
  const words = [member.name, member.address, ...Object.values(member.tags), store.trafficOf(member.name)?.key ?? ''];
  return words.some((word) => word.toLowerCase().includes(wanted));
}

function sorted(list, store, ui) {
  const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });
  const by = {
    name: byName,
    state: (a, b) => ORDER.indexOf(store.stateOf(a.name)) - ORDER.indexOf(store.stateOf(b.name)) || byName(a, b),
    rtt: (a, b) => (store.roundTripTo(a.name) ?? -1) - (store.roundTripTo(b.name) ?? -1) || byName(a, b),
  }[ui.sort];
  return list.sort(ui.descending ? (a, b) => by(b, a) : by);
}

function table(store, ui, page, from) {
  return h(
    'table',
    { class: 'members', role: 'table', 'aria-labelledby': 'members-title' },
    h('thead', { role: 'rowgroup' }, header(ui, from)),
    h(
      'tbody',
      { role: 'rowgroup' },
      page.flatMap((member) => [
        row(store, ui, member, from),
        ui.open === member.name ? detail(store, ui, member) : null,
      ]),
    ),
  );
}

function header(ui, from) {
  return h(
    'tr',
    { role: 'row' },
    sortable(ui, 'state', 'c-state'),
    sortable(ui, 'name', 'c-name'),
    h(
      'th',
      { scope: 'col', role: 'columnheader', class: 'c-lane' },
      h('span', { class: 'heard' }, 'States over time'),
      h(
        'div',
        { class: 'axis', 'aria-hidden': 'true' },
        ticks(from, ui.now, ui.narrow ? 3 : 6).map((at) =>
          h('span', { key: at, vars: { '--x': `${percent(at, from, ui.now)}%` }, class: edge(percent(at, from, ui.now)) }, clockShort(at)),
        ),
        h('span', { key: 'now', class: 'now' }, 'now'),
      ),
    ),
    h('th', { scope: 'col', role: 'columnheader', class: 'c-gossip' }, 'Gossip'),
    h('th', { scope: 'col', role: 'columnheader', class: 'c-key' }, 'Key'),
    sortable(ui, 'rtt', 'c-rtt'),
  );
}

/** A mark so close to an end that its label would run over it has none. */
function edge(x) {
  return x < 5 || x > 86 ? 'bare' : '';
}

function sortable(ui, column, place) {
  const sorts = ui.sort === column;
  return h(
    'th',
    { scope: 'col', role: 'columnheader', class: place, 'aria-sort': sorts ? (ui.descending ? 'descending' : 'ascending') : 'none' },
    h(
      'button',
      { type: 'button', class: 'sort', on: { click: () => ui.set({ sort: column, descending: sorts && !ui.descending }) } },
      SORTS[column],
      h('span', { class: 'arrow', 'aria-hidden': 'true' }, sorts ? (ui.descending ? '↓' : '↑') : ''),
    ),
  );
}

function row(store, ui, member, from) {
  const state = store.stateOf(member.name);
  const isOpen = ui.open === member.name;
  const trip = store.roundTripTo(member.name);
  const isSelf = member.name === store.selfName;
  return h(
    'tr',
    { key: `row ${member.name}`, role: 'row', class: `row ${state}${isOpen ? ' open' : ''}` },
    h('td', { role: 'cell', class: 'c-state' }, badge(state)),
    h(
      'th',
      { role: 'rowheader', scope: 'row', class: 'c-name' },
      h(
        'button',
        { type: 'button', class: 'name', 'aria-expanded': String(isOpen), on: { click: () => ui.set({ open: isOpen ? '' : member.name }) } },
        member.name,
      ),
      h('span', { class: 'sub' }, isSelf ? 'this agent · ' : null, role(member), member.address),
    ),
    h('td', { role: 'cell', class: 'c-lane' }, lane(store, ui, member, from)),
    h('td', { role: 'cell', class: 'c-gossip' }, traffic(store, ui, member.name)),
    h('td', { role: 'cell', class: 'c-key' }, keyOf(store, member.name)),
    h('td', { role: 'cell', class: 'c-rtt' }, trip === null ? h('span', { class: 'quiet' }, isSelf ? 'here' : '–') : roundTrip(trip)),
  );
}

function role(member) {
  return member.tags.role === 'consul' ? 'server · ' : null;
}

function lane(store, ui, member, from) {
  const list = stretches(store.history.get(member.name) ?? [], store.suspicionsOf(member.name), from, ui.now);
  return h(
    'div',
    { class: 'lane', role: 'img', 'aria-label': `${member.name}: ${told(list, ui.now - from)}` },
    list.map((s) =>
      h('i', {
        key: `${s.state} ${s.from <= from ? 'first' : s.from}`,
        class: s.state,
        title: `${WORDS[s.state]} ${clock(s.from)} – ${s.to >= ui.now ? 'now' : clock(s.to)}, ${took(s.to - s.from)}`,
        vars: { '--x': `${percent(s.from, from, ui.now)}%`, '--w': `${percent(s.to, from, ui.now) - percent(s.from, from, ui.now)}%` },
      }),
    ),
  );
}

function percent(at, from, to) {
  return Number((((at - from) / (to - from)) * 100).toFixed(3));
}

const LOCKS = {
  sealed: 'M4.5 7V5a3.5 3.5 0 0 1 7 0v2m-8 0h9v6.5h-9Z',
  plain: 'M4.5 7V5a3.5 3.5 0 0 1 6.8-1.2M3.5 7h9v6.5h-9Z',
  unheard: 'M3 8h1m3.5 0h1M12 8h1',
};
const WAYS = { sealed: 'sealed', plain: 'plain', unheard: 'not heard' };

function traffic(store, ui, name) {
  const traffic = store.trafficOf(name);
  if (!traffic) {
    return h('span', { class: 'quiet' }, '–');
  }
  return h(
    'span',
    { class: `way ${traffic.way}`, title: traffic.at === null ? null : `last ${clock(traffic.at)}, as this agent saw it` },
    h('svg', { class: 'lock', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, h('path', { d: LOCKS[traffic.way] })),
    h('span', {}, WAYS[traffic.way]),
    traffic.at === null || ui.now - traffic.at < 60_000 ? null : h('span', { class: 'quiet age' }, ago(ui.now - traffic.at)),
  );
}

function keyOf(store, name) {
  const traffic = store.trafficOf(name);
  if (!traffic?.key) {
    return h('span', { class: 'quiet' }, '–');
  }
  return h(
    'span',
    { class: 'keyed', title: traffic.seen ? 'the key that its last packet opened with' : 'its primary key, by its own sealed report' },
    h('code', { class: `key k${keyShade(store, traffic.key)}` }, traffic.key),
    traffic.keys.length > 1 ? h('span', { class: 'quiet' }, ` +${traffic.keys.length - 1}`) : null,
    traffic.seen ? h('span', { class: 'quiet' }, ' seen') : null,
  );
}

/** The key that most seal with is plain; each other is marked, so that who differs is found at once. */
function keyShade(store, key) {
  return Math.min(2, [...store.keys().keys()].indexOf(key));
}

function detail(store, ui, member) {
  const gossip = store.gossip?.byName.get(member.name);
  const report = gossip?.Report;
  const rejected = Object.entries(gossip?.Rejected ?? {});
  const facts = [
    ['Address', member.address],
    ['Tags', h('span', { class: 'tags' }, Object.entries(member.tags).filter(([, v]) => v !== '').map(([k, v]) => h('span', { key: k }, h('b', {}, k), ` ${v}`)))],
    ['Suspicions', suspicionCount(store, member.name)],
    gossip ? ['Seals / refuses plaintext', report ? `${yesNo(report.VerifyOutgoing)} / ${yesNo(report.VerifyIncoming)}` : gossip.Sotto ? 'gave no report' : 'its kind gives no report'] : null,
    report ? ['Label', report.Label === '' ? 'none' : report.Label + (report.LabelEnforced ? '' : ', others taken too')] : null,
    report && report.Keys.length > 0 ? ['Keys held', h('span', {}, report.Keys.map((key) => h('code', { key, class: 'key k0' }, key)))] : null,
    report ? ['Version', report.Version] : null,
    rejected.length > 0 ? ['Refused of it', rejected.map(([reason, count]) => `${reason} ${count}`).join(', ')] : null,
  ].filter(Boolean);
  return h(
    'tr',
    { key: `detail ${member.name}`, role: 'row', class: 'detail' },
    h('td', { role: 'cell', colspan: 6 }, h('dl', {}, facts.map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))))),
  );
}

function suspicionCount(store, name) {
  const of = store.suspicionsOf(name);
  const by = store.suspicions.filter((s) => s.accuser === name);
  return `suspected ${plural(of.length, 'time')}, accused others ${plural(by.length, 'time')}`;
}

function yesNo(flag) {
  return flag ? 'yes' : 'no';
}
