// The page of each thing: its state and since when, why, what it is made of, what touches it, what may be done.
import {get, of} from './api.js';
import {clearNote, notes} from './act.js';
import {h} from './dom.js';
import {isAbout} from './filter.js';
import {badge} from './marks.js';
import {facts, link, nothing, panel, refusal, waiting} from './parts.js';
import {past, recent} from './past.js';
import {directorOf, freshness} from './reduce.js';
import {route} from './route.js';
import {source} from './source.js';
import {isLive, now, state, watchJournal} from './store.js';
import {age, local, when} from './text.js';
import {poolPage, serverPage, servicePage} from './balanced.js';
import {heartbeatPage, routerPage, syncPage} from './routers.js';
import {directorPage} from './director.js';
import {named} from './words.js';

// `every`: how often details are asked for, in ms. kind: {find(director, parts) -> the thing or null, object: its name for explain and the journal, view}
const pages = {
  service: servicePage, pool: poolPage, server: serverPage, vrrp: routerPage, heartbeat: heartbeatPage, sync: syncPage, '': directorPage,
};

/// The same thing as each director has it.
function elsewhere(at) {
  if (state.cluster.directors.length < 2) return null;
  return h('nav.sides', {'aria-label': 'The same on each director'}, state.cluster.directors.map((one) => {
    const there = one.overview && at.page.find(one, at.names);
    const href = route(['d', one.name, ...at.rest]);
    const here = one.name === at.director;
    return h('a', {key: one.name, href, 'aria-current': here ? 'page' : null, class: there ? null : 'faint'}, at.rest.length ? `on ${one.name}` : one.name,
      there && at.page.word && badge(at.page.word(there, one)));
  }));
}

function why(asked) {
  if (!asked) return null;
  return panel('Why', {key: 'why', class: 'why'}, refusal(asked.fault, asked.refresh),
    asked.value ? h('ul.lines', null, asked.value.lines.map((line, i) => h('li', {key: i}, local(line)))) : !asked.fault && waiting('the reasons'));
}

function said() {
  if (!notes.text) return null;
  return h('p.note', {key: 'note', class: notes.warning ? 'warning' : null}, notes.text, h('button.plain', {type: 'button', onclick: clearNote, 'aria-label': 'Dismiss'}, '×'));
}

function head(at, thing, director) {
  const word = at.page.word?.(thing, director);
  const told = at.explained?.value;
  const since = at.page.since?.(thing) ?? told?.since;
  const time = now();
  return h('header.thing', {key: 'head'},
    h('p.kind', null, at.page.kind, at.rest.length > 0 && [' on ', link(route(['d', director.name]), director.name)]),
    h('div.title', null, h('h1.mono', null, at.title), word && h('span.big', null, badge(word)),
      since && h('span.hint', null, `for ${age(since, time)}, since ${when(since, time)}`)),
    h('div.bar', null, elsewhere(at), at.page.acts?.(thing, director, at)));
}

/// Asks the director about it, once it is known that the director has it.
function begin(at) {
  const {page, director, object, names} = at;
  const able = () => isLive() && directorOf(state.cluster, director)?.reachable === true;
  at.begun = true;
  if (object && page.explains !== false) at.explained = source(() => get(of(director, 'explain', object)), 5000, able);
  if (page.details) at.details = source(() => page.details(director, names), page.every, able);
  if (page.plots) at.past = past(director, object);
  if (object) at.recent = recent(director, object);
}

function view(at) {
  const director = directorOf(state.cluster, at.director);
  if (!director) return [h('h1', null, at.title), nothing(`There is no director ${at.director}.`)];
  const thing = director.overview && at.page.find(director, at.names);
  if (!thing) {
    return [h('h1', null, at.title), elsewhere(at),
      nothing(director.overview ? `${director.name} has no ${at.page.kind} of this name (any more).` : `Nothing is known of ${director.name}: ${director.error || 'not heard yet'}.`)];
  }
  if (!at.begun) begin(at);
  const aged = freshness(director, now()) !== 'live';
  return [said(), h('div', {key: 'thing', class: aged ? 'aged' : null}, head(at, thing, director),
    h('div.columns', null,
      h('div.column', null, why(at.explained), panel('What it is', {key: 'facts'}, facts(at.page.facts(thing, director, at)))),
      h('div.column.wide', null, at.page.body?.(thing, director, at), at.past?.view(), at.recent?.view())))];
}

/// #/d/DIRECTOR[/KIND/NAME…]
export function open([, director, kind = '', ...names]) {
  const page = named(pages, kind);
  if (!page) return null;
  const object = page.object?.(names) ?? null;
  const at = {page, director, names, rest: kind ? [kind, ...names] : [], title: page.title?.(names, director) ?? object ?? names.at(-1) ?? director, object};
  const ends = watchJournal((entry) => {
    if (entry.director !== director || (object && !isAbout(entry, object))) return;
    at.explained?.refresh();
    if (page.every < 10000) at.details?.refresh();
  });
  clearNote();
  return {
    title: () => (kind ? `${at.title} on ${director}` : director), nav: 'cluster', view: () => view(at),
    close: () => {
      ends();
      for (const one of [at.explained, at.details]) one?.stop();
      for (const one of [at.past, at.recent]) one?.close();
    },
  };
}
