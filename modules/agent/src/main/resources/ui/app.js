// The page: puts what the store knows into the parts, and what the operator chooses into the address of nothing but this tab.

import { Announcer } from './announcer.js';
import { Api } from './api.js';
import { render } from './dom.js';
import { Feed } from './feed.js';
import { Store } from './store.js';
import { changes } from './view/changes.js';
import { encryption } from './view/encryption.js';
import { foot, link, token, where } from './view/frame.js';
import { glance } from './view/glance.js';
import { map } from './view/map.js';
import { members } from './view/members.js';
import { suspicions } from './view/suspicions.js';
import { tlsPanel } from './view/tls.js';
import { upshift } from './view/upshift.js';

const TICK_MILLIS = 1_000;
/** The parts below the members appear together, once each has been answered, or after this. */
const TOGETHER_MILLIS = 5_000;

const byId = (id) => document.getElementById(id);
const store = new Store();
const api = new Api();
const announcer = new Announcer(byId('announcer'));
const narrow = matchMedia('(max-width: 640px)');

const ui = {
  now: api.now(),
  range: 15,
  filter: '',
  state: 'all',
  sort: 'name',
  descending: false,
  limit: 100,
  open: '',
  from: '',
  allSuspicions: false,
  link: 'starting',
  tokenOpen: false,
  tokenWrong: false,
  hasToken: api.hasToken,
  lastAnswer: null,
  narrow: narrow.matches,
  set(choice) {
    Object.assign(ui, choice);
    show();
  },
};

const PARTS = { where, glance, members, upshift, encryption, tls: tlsPanel, map, suspicions, changes, foot };
const begun = api.now();
let isDue = false;

/** Draws on the next frame, once for however many reasons. */
function show() {
  if (!isDue) {
    isDue = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  isDue = false;
  ui.now = api.now();
  ui.lastAnswer = feed.lastAnswer ?? null;
  ui.hasToken = api.hasToken;
  for (const [id, part] of Object.entries(PARTS)) {
    render(byId(id), part(store, ui));
  }
  render(byId('link'), link(ui));
  if (document.body.classList.contains('starting') && (feed.isComplete || ui.now - begun > TOGETHER_MILLIS)) {
    document.body.classList.remove('starting');
  }
  showToken();
  const failed = store.counts().failed;
  const name = store.selfName || 'sotto';
  document.title = ui.link === 'lost' ? `no answer · ${name}` : failed > 0 ? `${failed} failed · ${name}` : store.selfName ? `${name} · sotto` : 'sotto';
}

function showToken() {
  const form = byId('token');
  const asks = ui.tokenOpen || (store.denied.size > 0 && !ui.tokenDismissed);
  byId('token-open').setAttribute('aria-expanded', String(asks));
  ui.tokenWrong = api.hasToken && store.denied.has('self');
  if (asks) {
    render(form, token(store, ui, { use: useToken, close: closeToken }));
  }
  if (form.hidden === asks) {
    form.hidden = !asks;
    if (asks && ui.tokenOpen) {
      byId('token-value').focus();
    }
  }
}

function useToken(value) {
  api.use(value);
  byId('token-value').value = '';
  ui.tokenDismissed = false;
  ui.tokenOpen = false;
  feed.restart();
  show();
}

function closeToken() {
  ui.set({ tokenOpen: false, tokenDismissed: true });
  byId('token-open').focus();
}

const feed = new Feed(api, store, {
  changed: show,
  linked: (to) => {
    if (to !== ui.link) {
      if (to === 'lost') {
        announcer.say('The agent does not answer');
      } else if (ui.link === 'lost') {
        announcer.say('The agent answers again');
      }
      ui.link = to;
    }
  },
});

store.onUpshift((text) => announcer.say(text));
store.onNews((item) => announcer.say(`${item.member} ${item.text}`));
byId('token').addEventListener('submit', (event) => {
  event.preventDefault();
  useToken(byId('token-value').value.trim());
});
byId('token-open').addEventListener('click', () => {
  const asks = byId('token').hidden;
  ui.set({ tokenOpen: asks, tokenDismissed: !asks });
});
narrow.addEventListener('change', () => ui.set({ narrow: narrow.matches }));
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId('filter')?.focus();
  }
});
setInterval(() => {
  if (!document.hidden) {
    show();
  }
}, TICK_MILLIS);
document.addEventListener('visibilitychange', show);
feed.start();
show();
