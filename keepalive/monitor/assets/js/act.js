// What a person may do to servers, virtual routers and alerts: buttons as the role permits, questions, requests.
import {of, post} from './api.js';
import {ask} from './dialog.js';
import {h, say} from './dom.js';
import {serverEffect, switchEffect} from './effect.js';
import {button, field} from './parts.js';
import {NAME, OVERLAY, directorOf} from './reduce.js';
import {seconds} from './text.js';
import {changed, state} from './store.js';
import {whyNot} from './words.js';

/// '' or why this person may not, now.
export function hindered(deed) {
  if (state.over) return 'Your session is over: sign in again.';
  if (state.link !== 'live') return 'The page is not live: what you see may not be so.';
  return whyNot(state.session?.role, state.cluster?.allow, deed);
}

/// What a request said beside its answer, until the next one.
export const notes = {text: '', warning: false};

function note(text, warning = false) {
  Object.assign(notes, {text, warning});
  say(text);
  changed();
}

export const clearNote = () => note('');

async function request(director, parts, body, done) {
  const answer = await post(of(director, ...parts), body);
  note(answer?.warning ? `${done} Warning: ${answer.warning}` : done, Boolean(answer?.warning));
}

/// The pool and server as they are now, while a question is open.
function current(at) {
  const director = directorOf(state.cluster, at.director);
  const pool = director?.pools.get(at.pool);
  return {director, pool, server: pool?.servers.find((one) => one[NAME] === at.server)};
}

function question(at, act, title, verb, terms, body, able) {
  const effect = () => {
    const {director, pool, server} = current(at);
    return server ? serverEffect(director, pool, server, act, terms()) : {grave: true, lines: ['This server is gone from the configuration.']};
  };
  const object = `${at.pool}/${at.server}`;
  const payload = {drain: () => (terms().deadline ? {deadline_ms: terms().deadline * 1000} : {}), disable: () => ({}), weight: () => ({weight: terms().weight})};
  ask({
    title, verb, body, able, grave: () => effect().grave, lines: () => effect().lines,
    act: () => request(at.director, ['servers', object, act], payload[act](), `${object}: ${act} is done.`),
  });
}

function drain(at) {
  const given = {text: '5m'};
  const read = () => (given.text.trim() === '' ? 0 : seconds(given.text));
  const input = () => h('input', {id: 'deadline', value: given.text, autocomplete: 'off', 'data-first': true, oninput: (event) => {
    given.text = event.target.value;
    changed();
  }});
  question(at, 'drain', `Drain ${at.server}?`, 'Drain', () => ({deadline: read() ?? 0}),
    () => field('Deadline', input(), 'Such as 90s, 5m or 1h. Empty: waits for the last connection.'),
    () => (read() === null ? 'The deadline is no time.' : ''));
}

function weigh(at, now) {
  const given = {text: String(now ?? 1)};
  const good = () => /^\d{1,10}$/.test(given.text) && Number(given.text) <= 2147483647;
  const input = () => h('input', {id: 'weight', value: given.text, inputmode: 'numeric', autocomplete: 'off', 'data-first': true, oninput: (event) => {
    given.text = event.target.value.trim();
    changed();
  }});
  question(at, 'weight', `Weight of ${at.server}`, 'Set weight', () => ({weight: Number(given.text) || 0}),
    () => field('Weight', input(), '0 to 2147483647; 0: no new connections.'), () => (good() ? '' : 'The weight is no such number.'));
}

async function back(at, act) {
  try {
    await request(at.director, ['servers', `${at.pool}/${at.server}`, act], {}, `${at.pool}/${at.server} is back to what the file says.`);
  } catch (fault) {
    note(fault.message, true);
  }
}

/// Why there are no buttons here.
const refused = (why) => h('p.hint.refused', null, why);

/// The acts of a server. at: {director, pool, server}.
export function serverActs(at, server) {
  const why = hindered('operate');
  if (why) return refused(why);
  const overlay = server[OVERLAY];
  return h('div.deeds', null,
    overlay === 'disable' && button('Enable', () => back(at, 'enable'), {class: 'main'}),
    (overlay === 'drain' || overlay === 'weight') && button('Undrain', () => back(at, 'undrain'), {class: 'main'}),
    overlay !== 'drain' && overlay !== 'disable' && button('Drain …', () => drain(at)),
    button('Weight …', () => weigh(at, server[3])),
    overlay !== 'disable' && button('Disable …', () => question(at, 'disable', `Disable ${at.server}?`, 'Disable', () => ({})), {class: 'danger'}));
}

export function routerActs(director, router) {
  const why = hindered('operate');
  if (why) return refused(why);
  if (router.state !== 'master' && router.state !== 'backup') return refused(`It is ${router.state}: nothing can be handed over.`);
  const seen = () => {
    const one = directorOf(state.cluster, director.name);
    return {one, router: one?.overview?.vrrp.find((other) => other.name === router.name) ?? router};
  };
  const aim = switchEffect(state.cluster, director, router).to;
  const effect = () => switchEffect(state.cluster, seen().one ?? director, seen().router);
  return h('div.deeds', null, button(aim === 'backup' ? 'Hand over …' : 'Take over …', () => ask({
    title: aim === 'backup' ? `Hand ${router.name} over?` : `Take ${router.name} over?`,
    verb: aim === 'backup' ? 'Hand over' : 'Take over', grave: () => effect().grave, lines: () => effect().lines,
    act: () => request(director.name, ['vrrp', router.name, 'switchover'], {to: aim}, `${router.name} is ${aim} on ${director.name}.`),
  })));
}

export async function acknowledge(alert) {
  try {
    await request(alert.director, ['alerts', String(alert.sequence), 'acknowledge'], {}, `Alert ${alert.sequence} is acknowledged.`);
  } catch (fault) {
    note(fault.message, true);
  }
}
