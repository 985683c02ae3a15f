// Open alerts of all directors: what, since when, who has seen it.
import {acknowledge, clearNote, hindered, notes} from './act.js';
import {h} from './dom.js';
import {whoOf} from './entry.js';
import {stateBadge} from './marks.js';
import {button, choices, nothing} from './parts.js';
import {directorOf} from './reduce.js';
import {alertsOf, together} from './relate.js';
import {objectRoute, to} from './route.js';
import {changed, now, state} from './store.js';
import {age, counted, when} from './text.js';

const SAME = 60;  // seconds within which two directors raise the same alert

const look = {which: 'open'};

const kinds = {
  open: (alert) => !alert.acknowledged,
  seen: (alert) => Boolean(alert.acknowledged),
};

function row(alert, why) {
  const href = objectRoute(alert.director, directorOf(state.cluster, alert.director)?.overview, alert.object);
  const seen = alert.acknowledged;
  return h('li.alert', {key: `${alert.director} ${alert.sequence}`, class: seen ? 'seen' : null, 'data-row': true},
    h('div.what', null, stateBadge('level', 'alert'),
      h('span.text', null, alert.text), alert.object && (href ? h('a.mono', {href}, alert.object) : h('span.mono', null, alert.object))),
    h('div.hint', null, `on ${whoOf(alert)}, ${when(alert.time, now())}, ${age(alert.time, now())} ago · `, h('span.mono', null, alert.kind),
      seen && ` · acknowledged by ${seen.by} at ${when(seen.at, now())}`),
    !seen && !why && button('Acknowledge', () => alert.tellers.forEach(acknowledge), {'aria-label': `Acknowledge: ${alert.text} on ${whoOf(alert)}`}));
}

export function open() {
  clearNote();
  const view = () => {
    const all = together(alertsOf(state.cluster), SAME);
    const counts = {open: all.filter(kinds.open).length, seen: all.filter(kinds.seen).length};
    const found = all.filter(kinds[look.which]);
    const why = hindered('operate');
    const away = state.cluster.directors.filter((one) => !one.overview).map((one) => one.name);
    return [h('h1', {key: 'title'}, 'Alerts'),
      notes.text && h('p.note', {key: 'note', class: notes.warning ? 'warning' : null}, notes.text),
      h('div.tools', {key: 'tools'}, choices('Which alerts', [['open', `Not acknowledged (${counts.open})`], ['seen', `Acknowledged (${counts.seen})`]], look.which, (which) => {
        look.which = which;
        changed();
      }), h('a', {href: to.journal({level: 'alert'})}, 'Alerts of the past, in the journal')),
      why && h('p.hint', {key: 'why'}, why),
      away.length > 0 && h('p.hint', {key: 'away'}, `Nothing is known of alerts on ${away.join(', ')}.`),
      found.length ? h('ol.alerts', {key: 'list', 'aria-label': counted(found.length, 'alert')}, found.map((alert) => row(alert, why)))
        : h('div', {key: 'none'}, nothing(look.which === 'open' ? 'No alert waits for anybody.' : 'None is acknowledged and still open.'))];
  };
  return {title: () => 'Alerts', nav: 'alerts', view, close: () => {}};
}
