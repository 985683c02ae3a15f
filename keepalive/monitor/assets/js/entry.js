// One line of the journal.
import {h} from './dom.js';
import {stateBadge} from './marks.js';
import {directorOf} from './reduce.js';
import {objectRoute} from './route.js';
import {state} from './store.js';
import {when} from './text.js';

/// The names of all directors that tell of it.
export const whoOf = (entry) => (entry.tellers ?? [entry]).map((one) => one.director).sort().join(', ');

/// shown: {director, object}: whether those are told.
export function entryRow(entry, now, {director = false, object = true} = {}) {
  const overview = directorOf(state.cluster, entry.director)?.overview;
  const href = objectRoute(entry.director, overview, entry.object);
  return h('li.entry', {key: `${entry.director} ${entry.sequence} ${entry.time}`, 'data-row': true},
    h('time', {datetime: entry.time, title: entry.time}, when(entry.time, now)),
    stateBadge('level', entry.level),
    director && h('span.who', null, whoOf(entry)),
    h('span.what', null, h('span.text', null, entry.text), entry.cause && h('span.cause', null, entry.cause)),
    h('span.kind.mono', null, entry.kind),
    object && entry.object && (href ? h('a.mono.object', {href}, entry.object) : h('span.mono.object', null, entry.object)));
}
