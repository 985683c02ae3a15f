// What stands around every view: places to go to, whether the page is live, and what is true of all of it.
import {hindered} from './act.js';
import {post} from './api.js';
import {dialog, ask} from './dialog.js';
import {h, say} from './dom.js';
import {confirm, rollBack, versionBefore} from './draft.js';
import {showKeys} from './keyboard.js';
import {badge} from './marks.js';
import {button} from './parts.js';
import {alertsOf, together} from './relate.js';
import {to} from './route.js';
import {leave, now, state} from './store.js';
import {age, clock, countdown, epoch, span} from './text.js';
import {theme, turnTheme} from './theme.js';
import {sessionOver} from './login.js';
import {wordOf} from './words.js';

const places = [['cluster', '#/', 'Cluster'], ['alerts', '#/alerts', 'Alerts'], ['journal', '#/journal', 'Journal'], ['connections', '#/connections', 'Connections'], ['config', '#/config', 'Configuration']];
const NARROW = 900;  // of style.css, too: the places stand at the bottom

function nav(current) {
  const waiting = state.cluster ? together(alertsOf(state.cluster), 60).filter((alert) => !alert.acknowledged).length : 0;
  const narrow = innerWidth < NARROW;
  return h('nav.places', {'aria-label': 'Views'}, places.map(([name, href, label]) =>
    h('a', {key: name, href, 'aria-current': name === current ? 'page' : null, 'aria-label': narrow && name === 'config' ? label : null}, narrow && name === 'config' ? 'Config' : label, name === 'alerts' && waiting > 0 && h('span.count', null, h('span.unseen', null, 'waiting: '), waiting))));
}

/// Live, or how old what is shown is.
function liveness() {
  if (state.link === 'live') return h('span.live', null, badge(wordOf('director', 'live')));
  const old = state.heard === null ? 'no data yet' : `${span(now() - state.heard)} old`;
  return h('span.live', null, badge({...wordOf('director', 'stale'), word: state.link === 'connecting' ? 'connecting' : old}));
}

async function signOut() {
  try {
    await post('/api/logout');
  } catch { /* it is over then, too */ }
  leave();
}

function you() {
  const {user, role} = state.session;
  const names = {auto: 'auto', dark: 'dark', light: 'light'};
  return h('details.you', {key: 'you'}, h('summary', null, h('span', null, user), h('span.faint.role', null, role)),
    h('div.menu', null, h('p.hint', null, `Signed in as ${user}, ${role}.`),
      button(`Colours: ${names[theme()]}`, turnTheme), button('Keys', showKeys), button('Sign out', signOut)));
}

function brokenBanner() {
  if (state.link !== 'broken' || state.over) return null;
  const left = state.retry ? Math.max(0, Math.ceil((state.retry - Date.now()) / 1000)) : 0;
  return h('div.banner.bad', {key: 'broken', role: 'alert'}, badge({...wordOf('director', 'stale'), word: 'Not live'}),
    h('span', null, state.heard === null ? 'No data has come yet.' : `What you see is of ${clock(state.heard)}, ${span(now() - state.heard)} old.`, state.fault && ` ${state.fault.message}`),
    h('span.faint', null, left ? `Next try in ${left} s` : 'Trying …'));
}

function awayBanner(one) {
  if (one.reachable) return null;
  const heard = one.fresh ?? epoch(one.heard);
  return h('div.banner.warn', {key: `away ${one.name}`, role: 'alert'}, badge({...wordOf('director', 'gone'), word: `${one.name} is unreachable`}),
    h('span', null, one.error), h('span.faint', null, heard === null ? 'It was never heard.' : `What is shown of it is of ${clock(heard)}, ${age(heard, now())} old.`));
}

function keepDialog(one, pending) {
  ask({
    title: `Keep version ${pending.version} on ${one.name}?`, verb: 'Keep it',
    lines: () => ['It stays in force; it is not rolled back any more.'],
    act: async () => {
      await confirm(one.name);
      say(`Version ${pending.version} stays.`);
    },
  });
}

function backDialog(one, pending) {
  ask({
    title: `Roll ${one.name} back now?`, verb: 'Roll back', grave: () => true,
    lines: () => [`Version ${pending.version} is taken back at once; the version before is in force again.`],
    act: async () => {
      await rollBack(one.name, await versionBefore(one.name, pending));
    },
  });
}

/// Counts down to the roll-back that happens unless somebody confirms.
function pendingBanner(one) {
  const pending = one.overview?.config.pending;
  if (!pending) return null;
  const left = epoch(pending.until) - now();
  const why = hindered('configure');
  return h('div.banner.wait', {key: `pending ${one.name}`, role: 'status'},
    h('span.clock', {'aria-hidden': 'true'}, countdown(left)),
    h('span', null, h('b', null, `Version ${pending.version} on ${one.name} waits to be confirmed. `), `It is rolled back at ${clock(pending.until)}.`),
    why ? h('span.faint', null, why) : h('span.deeds', null, button('Keep it', () => keepDialog(one, pending), {class: 'main'}), button('Roll back now', () => backDialog(one, pending))));
}

/// The whole page around what a view draws.
export function shell(page, content) {
  const directors = state.cluster?.directors ?? [];
  return [
    h('header.top', {key: 'top'}, h('a.brand', {href: to.cluster()}, h('img', {src: '/icon.svg', alt: '', width: 20, height: 20}), h('span', null, 'keepalive')), nav(page?.nav), liveness(), you()),
    h('div.banners', {key: 'banners'}, brokenBanner(), directors.map(pendingBanner), directors.map(awayBanner)),
    h('main', {key: 'main', id: 'main', tabindex: -1, class: state.link === 'live' ? null : 'old'}, content),
    state.over ? sessionOver() : dialog(),
  ];
}
