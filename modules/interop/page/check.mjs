// Drives the page. Each check opens what it needs and throws what is wrong; `check` beside this file prepares and calls it.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Agent, killAll } from './agents.mjs';
import { alone, busy, calm, HOSTILE, large } from './pools.mjs';
import { Stage } from './stage.mjs';

const require = createRequire(`${process.env.PAGE_TOOLS}/package.json`);
const { chromium } = require('playwright-core');
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const OUT = process.env.PAGE_OUT;
const SIZES = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } };
const SCHEMES = ['light', 'dark'];
/** What counts as a shift that people notice is 0.1. */
const SHIFT_MAX = 0.02;
const PATIENCE = { timeout: 15_000 };

const claims = [];
const claim = (text, run) => claims.push({ text, run });
const slowClaim = (text, run) => claims.push({ text, run, isSlow: true });

function expect(holds, text) {
  if (!holds) {
    throw new Error(text);
  }
}

let browser;
let agent;

/** Opens a page of its own, which remembers what went wrong in it. */
async function open(url, { size = 'wide', scheme = 'light', ...more } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: scheme, reducedMotion: 'reduce', isMobile: false, ...more });
  const page = await context.newPage();
  page.faults = [];
  page.hosts = new Set();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/Failed to load resource/.test(message.text())) {
      page.faults.push(message.text());
    }
  });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('dialog', (dialog) => {
    page.faults.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => page.hosts.add(new URL(request.url()).host));
  await page.addInitScript(() => {
    window.shift = 0;
    window.said = [];
    window.moved = [];
    const place = (e) => `${e?.localName ?? 'text'}${e?.id ? `#${e.id}` : ''}${e?.classList?.length ? `.${[...e.classList].join('.')}` : ''}`;
    new PerformanceObserver((list) =>
      list.getEntries().filter((e) => !e.hadRecentInput).forEach((e) => {
        window.shift += e.value;
        window.moved.push(...e.sources.map((s) => place(s.node)));
      }),
    ).observe({ type: 'layout-shift', buffered: true });
    document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
    document.addEventListener('DOMContentLoaded', () =>
      new MutationObserver(() => window.said.push(document.getElementById('announcer').textContent)).observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true }),
    );
  });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
}

async function on(answers, run, options) {
  const stage = await new Stage(agent.url).open();
  stage.answers = answers;
  Object.assign(stage, options?.stage ?? {});
  const page = await open(`${stage.url}/ui`, options);
  try {
    await run(page, stage);
    expect(page.faults.length === 0, `the page complained: ${page.faults.join('; ')}`);
  } catch (failure) {
    await page.screenshot({ path: path.join(OUT, 'failed.png'), fullPage: true }).catch(() => {});
    throw failure;
  } finally {
    await page.context().close();
    await stage.close();
  }
}

const rows = (page) => page.locator('tr.row');
const row = (page, name) => page.locator('tr.row', { has: page.locator('button.name', { hasText: new RegExp(`^${name.replace(/[^a-z0-9-]/gi, '.')}$`) }) });
const settled = async (page) => {
  await rows(page).first().waitFor(PATIENCE);
  await page.locator('#tls .switches').waitFor(PATIENCE);
  await page.locator('#encryption .steps').waitFor(PATIENCE);
  await page.waitForFunction(() => document.querySelectorAll('#upshift .rungs, #upshift code').length >= 2, null, PATIENCE);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
};
const said = (page, text) => page.waitForFunction((wanted) => window.said.some((s) => s.includes(wanted)), text, PATIENCE);

claim('/ui and its files are answered at once, with a strict policy and a tag', async () => {
  for (const place of ['/ui', '/ui/']) {
    const answer = await fetch(agent.url + place, { redirect: 'manual' });
    expect(answer.status === 200, `${place} answered ${answer.status}`);
    expect(answer.headers.get('content-type')?.toLowerCase() === 'text/html; charset=utf-8', `${place} is ${answer.headers.get('content-type')}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy.includes("default-src 'none'") && !policy.includes('unsafe'), `the policy is ${policy}`);
    expect(!/<script[^>]*>[^<]|<style|\son[a-z]+=|\sstyle=/i.test(await answer.text()), 'the page has inline script or style');
    const again = await fetch(agent.url + place, { headers: { 'If-None-Match': answer.headers.get('etag') } });
    expect(again.status === 304 && (await again.text()) === '', `asked again, ${place} answered ${again.status}`);
  }
  for (const place of ['/ui/none.js', '/ui/..%2f..%2freference.conf', '/ui/view', '/ui/reference.conf']) {
    expect((await fetch(agent.url + place)).status === 404, `${place} is there`);
  }
});

for (const size of Object.keys(SIZES)) {
  for (const scheme of SCHEMES) {
    for (const [name, pool] of Object.entries((size === 'wide') === (scheme === 'light') ? { busy, calm } : { busy })) {
      claim(`a ${name} pool, ${size} and ${scheme}: accessible, steady, within its width`, () =>
        on(
          pool(),
          async (page) => {
            await settled(page);
            expect((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'it scrolls sideways');
            await page.screenshot({ path: path.join(OUT, `${name}-${size}-${scheme}.png`), fullPage: true });
            const shift = await page.evaluate(() => window.shift);
            expect(shift <= SHIFT_MAX, `the layout shifted by ${shift.toFixed(4)}: ${await page.evaluate(() => window.moved.join(', '))}`);
            await accessible(page);
            const others = [...page.hosts].filter((host) => host !== new URL(page.url()).host);
            expect(others.length === 0, `it asked ${others}`);
          },
          { size, scheme },
        ),
      );
    }
  }
}

async function accessible(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const bad = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  const minor = found.violations.filter((v) => !bad.includes(v));
  minor.forEach((v) => console.log(`      note  axe: ${v.id} (${v.impact}): ${v.nodes[0].target}`));
  expect(bad.length === 0, `axe: ${bad.map((v) => `${v.id} at ${v.nodes.map((n) => n.target.join(' ')).slice(0, 4).join(' | ')}: ${v.nodes[0].failureSummary}`).join('\n')}`);
}

claim('what a stranger calls itself is shown as text', () =>
  on(busy(), async (page) => {
    await settled(page);
    expect((await page.locator('button.name', { hasText: HOSTILE }).count()) === 1, 'its name is not in the table');
    expect((await page.locator('img').count()) === 0, 'there is an image');
    expect((await page.evaluate(() => window.pwned)) === undefined, 'its script ran');
  }),
);

claim('each state has a word and a shape of its own', () =>
  on(busy(), async (page) => {
    await settled(page);
    const seen = await page.$$eval('tr.row', (all) => all.map((r) => [r.querySelector('.state span').textContent, r.querySelector('.state svg').innerHTML]));
    const shapes = new Map(seen);
    expect(shapes.size === 6, `the words are ${[...shapes.keys()]}`);
    expect(new Set(shapes.values()).size === 6, 'two states look the same without colour');
    expect((await row(page, 'db-2').getAttribute('class')).includes('suspect'), 'db-2 is not suspected');
    expect((await row(page, 'db-2').locator('.c-gossip').textContent()).includes('plain'), 'db-2 does not send in the clear');
    expect((await row(page, 'db-1').locator('.c-key code').textContent()) === '7d3a0b52', 'db-1 has another key');
    const lane = await row(page, 'web-2').locator('.lane').getAttribute('aria-label');
    expect(/failed 1 time, 3 min in all/.test(lane) && /now alive/.test(lane), `its time is told as: ${lane}`);
    expect((await page.locator('#glance .tile', { hasText: 'TLS' }).textContent()).includes('12 days'), 'the certificate ends in 12 days');
    expect((await page.locator('#map svg .node').count()) === 9, 'the map has not all members');
    expect((await page.locator('#map .accusations line').count()) === 1, 'the open suspicion is not on the map');
  }),
);

claim('the keyboard reaches everything', () =>
  on(busy(), async (page) => {
    await settled(page);
    await page.keyboard.press('Tab');
    expect((await page.evaluate(() => document.activeElement.className)) === 'skip', 'the first stop is not the skip link');
    await page.keyboard.press('/');
    await page.keyboard.type('db-');
    await page.waitForFunction(() => document.querySelectorAll('tr.row').length === 2, null, PATIENCE);
    const stops = new Set();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const e = document.activeElement;
        return { what: e.textContent.trim() || e.value || e.id, tag: e.localName, ring: getComputedStyle(e).outlineStyle, radio: e.type === 'radio' };
      });
      stops.add(`${at.tag} ${at.what}`);
      expect(at.tag === 'body' || at.radio || at.ring !== 'none', `no ring around ${at.tag} ${at.what}`);
    }
    expect([...stops].some((s) => s === 'button db-1') && [...stops].some((s) => s.startsWith('select')), `the stops are ${[...stops].join(', ')}`);
    const name = row(page, 'db-1').locator('button.name');
    await name.focus();
    await page.keyboard.press('Enter');
    await page.locator('tr.detail').waitFor(PATIENCE);
    expect((await name.getAttribute('aria-expanded')) === 'true', 'it does not say that it is open');
    expect((await page.locator('tr.detail').textContent()).includes('blue'), 'the label is not in its details');
    expect(await name.evaluate((e) => e === document.activeElement), 'the focus went away');
    await accessible(page);
  }),
);

claim('an event is seen and said without a question in between', () =>
  on(calm(), async (page, stage) => {
    await settled(page);
    await page.locator('.link-state.live').waitFor(PATIENCE);
    const asked = stage.asked.length;
    const begun = Date.now();
    const start = new Date(begun - 6_000).toISOString();
    const Member = { ...stage.answers['/v1/agent/members'].find((m) => m.Name === 'db-1'), Status: 4 };
    stage.tell('suspicion', { Member: 'db-1', Accuser: 'web-2', Confirmers: [], OwnHealth: 0, Outcome: 'failed', Start: start, End: new Date(begun).toISOString() });
    stage.tell('member', { Kind: 'failed', Since: new Date(begun).toISOString(), Incarnation: 3, Member });
    await row(page, 'db-1').locator('.state.failed').waitFor(PATIENCE);
    await said(page, 'db-1 failed');
    expect((await page.locator('.feed li').first().textContent()).includes('db-1 failed'), 'it is not the newest change');
    expect((await page.title()).startsWith('1 failed'), 'the title does not say so');
    expect((await page.locator('#suspicions .ledger li', { hasText: 'web-2 suspects db-1' }).count()) === 1, 'the suspicion is not in the ledger');
    const since = stage.asked.slice(asked).filter((a) => /members|suspicions/.test(a.url));
    expect(since.length === 0, `it asked ${since.map((a) => a.url)}`);
  }),
);

claim('an upshift shows its ladder, whom it waits for and what to do there, and is said as it goes on', () =>
  on(busy(), async (page, stage) => {
    await settled(page);
    await page.locator('.link-state.live').waitFor(PATIENCE);
    const gossip = page.locator('#upshift .gossip');
    const bar = gossip.getByRole('progressbar', { name: 'Encrypted gossip' });
    expect((await bar.getAttribute('aria-valuetext')) === 'sending: 5 of 7 members', `the bar says ${await bar.getAttribute('aria-valuetext')}`);
    expect((await gossip.locator('[aria-current=step]').textContent()).includes('Everybody seals'), 'the stage that is taken is not marked');
    expect((await gossip.locator('.waits').textContent()).includes('web-3 is away'), 'it does not say that web-3 is waited for');
    const mend = gossip.locator('pre');
    expect((await mend.textContent()).endsWith('then: systemctl restart consul'), 'what to do on consul-3 is not shown');
    await mend.focus();
    expect(await mend.evaluate((e) => e === document.activeElement && getComputedStyle(e).outlineStyle !== 'none'), 'the keyboard does not reach it');
    expect((await page.locator('#upshift .tls .callout').textContent()).includes('Without batch-8'), 'who was left out is not shown');
    const told = stage.answers['/v1/operator/upshift/gossip'];
    stage.tell('upshift', { ...told, Goal: 'enforced', Confirmed: 'sending', Done: 0, WaitingFor: {} });
    await said(page, 'Upshift of gossip: now enforced');
    expect((await gossip.locator('.rungs .done').count()) === 2, 'two stages are not confirmed');
    stage.tell('upshift', { ...told, Goal: 'enforced', Confirmed: 'enforced', UnderWay: false, Outcome: 'finished', WaitingFor: {} });
    await said(page, 'Upshift of gossip: finished');
    expect((await gossip.getByRole('progressbar').count()) === 0, 'there is a bar still');
    await accessible(page);
  }),
);

claim('without a stream it asks, and says so', () =>
  on(
    calm(),
    async (page, stage) => {
      await settled(page);
      await page.locator('.link-state.polling').waitFor(PATIENCE);
      stage.answers['/v1/agent/members'].find((m) => m.Name === 'web-2').Status = 4;
      await row(page, 'web-2').locator('.state.failed').waitFor(PATIENCE);
      await said(page, 'web-2 failed');
    },
    { stage: { streams: false } },
  ),
);

claim('an agent that goes and comes back is told, and what was known stays', () =>
  on(calm(), async (page, stage) => {
    await settled(page);
    await page.locator('.link-state.live').waitFor(PATIENCE);
    await stage.close();
    await page.locator('.link-state.lost').waitFor(PATIENCE);
    await said(page, 'does not answer');
    expect((await rows(page).count()) === 6, 'the members are gone');
    await stage.reopen();
    await page.locator('.link-state.live').waitFor({ timeout: 20_000 });
    await said(page, 'answers again');
    page.faults = page.faults.filter((f) => !/ERR_CONNECTION|net::|network error/i.test(f));
  }),
);

claim('a token is asked for, kept in the tab, and sent in a header only', () =>
  on(
    calm(),
    async (page, stage) => {
      await page.locator('#token-value').waitFor(PATIENCE);
      await page.screenshot({ path: path.join(OUT, 'token-wide-light.png'), fullPage: true });
      await accessible(page);
      const refused = stage.asked.filter((a) => a.url.startsWith('/v1/')).length;
      expect(refused <= 5, `it was refused ${refused} times before it asked`);
      await page.fill('#token-value', 'wrong');
      await page.keyboard.press('Enter');
      await page.locator('#token', { hasText: 'does not take this token' }).waitFor(PATIENCE);
      await page.fill('#token-value', 's3cret');
      await page.keyboard.press('Enter');
      await settled(page);
      await page.locator('.link-state.live').waitFor(PATIENCE);
      expect(await page.locator('#token').isHidden(), 'it still asks');
      expect(stage.asked.every((a) => !a.url.includes('s3cret')), 'the token went into an address');
      expect(stage.asked.filter((a) => a.token === 's3cret').every((a) => a.url.startsWith('/v1/')), 'the token went elsewhere');
      expect((await page.evaluate(() => [localStorage.length, document.cookie].join())) === '0,', 'it is kept beyond the tab');
      await page.reload();
      await settled(page);
      await page.click('#token-open');
      await page.getByRole('button', { name: 'Forget' }).click();
      expect((await page.evaluate(() => sessionStorage.length)) === 0, 'it is not forgotten');
    },
    { stage: { token: 's3cret' } },
  ),
);

claim('a newcomer alone is told what to do next', () =>
  on(
    alone(),
    async (page) => {
      await settled(page);
      await page.screenshot({ path: path.join(OUT, 'alone-narrow-light.png'), fullPage: true });
      const text = await page.locator('main').textContent();
      for (const hint of ['sotto join', 'sotto keygen', 'sotto tls ca create']) {
        expect(text.includes(hint), `no word of ${hint}`);
      }
      await accessible(page);
    },
    { size: 'narrow' },
  ),
);

claim('four hundred members are shown in part and found by filter', () =>
  on(large(), async (page) => {
    await settled(page);
    expect((await rows(page).count()) === 100, 'not the first hundred');
    await page.getByRole('button', { name: 'Show 100 more' }).click();
    await page.waitForFunction(() => document.querySelectorAll('tr.row').length === 200, null, PATIENCE);
    await page.fill('#filter', 'node-399');
    await page.waitForFunction(() => document.querySelectorAll('tr.row').length === 1, null, PATIENCE);
    await page.fill('#filter', '');
    await page.screenshot({ path: path.join(OUT, 'large-wide-dark.png') });
  }, { scheme: 'dark' }),
);

slowClaim('three real agents: one is killed, and the page of another shows it suspected or failed, live', async () => {
  const others = [new Agent('two', 2), new Agent('three', 3)];
  await Promise.all(others.map((other) => other.start('-join', agent.address)));
  const page = await open(`${agent.url}/ui`, { scheme: 'dark' });
  try {
    await page.waitForFunction(() => document.querySelectorAll('tr.row .state.alive').length === 3, null, PATIENCE);
    await page.locator('.link-state.live').waitFor(PATIENCE);
    await row(page, 'two').locator('.way.sealed').waitFor({ timeout: 30_000 });
    others[1].kill();
    await row(page, 'three').locator('.state.failed').waitFor({ timeout: 30_000 });
    await said(page, 'three failed');
    const lane = await row(page, 'three').locator('.lane').getAttribute('aria-label');
    expect(/alive 1 time/.test(lane) && /now failed/.test(lane), `its time is told as: ${lane}`);
    expect((await page.locator('#suspicions .ledger li', { hasText: 'three' }).count()) > 0, 'the suspicion is not in the ledger');
    await page.screenshot({ path: path.join(OUT, 'live-wide-dark.png'), fullPage: true });
    expect(page.faults.length === 0, `the page complained: ${page.faults.join('; ')}`);
  } catch (failure) {
    await page.screenshot({ path: path.join(OUT, 'failed.png'), fullPage: true }).catch(() => {});
    throw failure;
  } finally {
    await page.context().close();
  }
});

const wanted = process.argv.slice(2);
const chosen = claims.filter(({ text }) => wanted.length === 0 || wanted.some((w) => text.includes(w)));
const begun = Date.now();
let failed = 0;
try {
  const profile = path.join(process.env.PAGE_WORK, 'profile');
  fs.mkdirSync(profile);
  [browser, agent] = await Promise.all([
    chromium.launch({
      executablePath: process.env.PAGE_CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--font-render-hinting=none'],
    }),
    new Agent('one', 1).start(),
  ]);
  const inTurn = async (some) => {
    for (const { text, run } of some) {
      const from = Date.now();
      try {
        await run();
        console.log(`ok    ${text} (${((Date.now() - from) / 1_000).toFixed(1)} s)`);
      } catch (failure) {
        failed++;
        console.log(`FAIL  ${text}\n      | ${String(failure.message ?? failure).split('\n').slice(0, 12).join('\n      | ')}`);
      }
    }
  };
  // Real agents take their time to find out: meanwhile the made-up ones are looked at.
  await Promise.all([inTurn(chosen.filter((c) => c.isSlow)), inTurn(chosen.filter((c) => !c.isSlow))]);
} finally {
  killAll();
  await browser?.close();
}
const version = browser?.version() ?? '';
console.log(`page: ${chosen.length - failed} of ${chosen.length} claims hold, Chromium ${version}, ${((Date.now() - begun) / 1_000).toFixed(0)} s; pictures in modules/interop/target/page`);
process.exit(failed > 0 ? 1 : 0);
