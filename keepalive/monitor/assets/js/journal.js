// The journal of all directors, newest first, with causes; what one looks for stands in the address.
import {journals} from './api.js';
import {h, say} from './dom.js';
import {entryRow} from './entry.js';
import {hasEntry, readTime} from './filter.js';
import {keeper} from './keep.js';
import {button, choices, nothing, waiting} from './parts.js';
import {together} from './relate.js';
import {route} from './route.js';
import {source} from './source.js';
import {addJournal, changed, isLive, now, state, watchJournal} from './store.js';
import {count, counted, when} from './text.js';
import {windowed} from './windowed.js';

const SAME = 3;  // seconds within which two directors tell of the same thing
const ROW = {wide: 46, narrow: 92};

/// Says new entries at most every two seconds: one that listens is not to be flooded.
function herald() {
  let held = [];
  let timer = null;
  return (entry) => {
    held.push(entry);
    timer ??= setTimeout(() => {
      say(held.length === 1 ? held[0].text : `${counted(held.length, 'new entry', 'new entries')}, the last: ${held.at(-1).text}`);
      [held, timer] = [[], null];
    }, 2000);
  };
}

function input(page, name, label, placeholder, extra = {}) {
  return h('div.field', {key: name}, h('label', {for: extra.id ?? name}, label),
    h('input', {id: name, type: 'search', value: page.query[name] ?? '', placeholder, spellcheck: 'false', autocomplete: 'off', oninput: (event) => page.set(name, event.target.value), ...extra}));
}

function filters(page, time) {
  const from = page.query.from ?? '';
  const to = page.query.to ?? '';
  const bad = (text) => text !== '' && readTime(text, time) === null;
  return h('form.filters', {key: 'filters', onsubmit: (event) => event.preventDefault()},
    input(page, 'q', 'Words', 'in text or cause', {id: 'filter', class: 'filter'}),
    input(page, 'object', 'Object', 'web or web/10.0.0.11:80'),
    input(page, 'from', 'From', '10m or 14:30', {size: 12, 'aria-invalid': bad(from) ? 'true' : null}),
    input(page, 'to', 'To', 'now', {size: 12, 'aria-invalid': bad(to) ? 'true' : null}),
    choices('Least level', [['', 'All'], ['warning', 'Warnings'], ['alert', 'Alerts']], page.query.level ?? '', (level) => page.set('level', level)),
    state.cluster.directors.length > 1 && choices('Director', [['', 'All'], ...state.cluster.directors.map((one) => [one.name])], page.query.director ?? '', (name) => page.set('director', name)));
}

function wanted(page, time) {
  return {...page.query, from: readTime(page.query.from ?? '', time), to: readTime(page.query.to ?? '', time)};
}

/// Whether all of them are of today: their times are short.
const today = (entries, now) => !entries.length || when(entries.at(-1).time, now).length < 9;

function view(page) {
  const time = now();
  const told = wanted(page, time);
  const all = page.follow ? state.cluster.journal : state.cluster.journal.filter((entry) => entry.time <= page.held);
  const chosen = page.keep([all.length, all.at(-1), JSON.stringify(told), state.cluster.journal.length], () => all.filter((entry) => hasEntry(entry, told)).reverse());
  const found = page.join([chosen], () => together(chosen, SAME));
  const newer = page.follow ? 0 : state.cluster.journal.filter((entry) => entry.time > page.held && hasEntry(entry, told)).length;
  const narrow = innerWidth < 720;
  return [h('h1', {key: 'title'}, 'Journal'), filters(page, time),
    h('div.tools', {key: 'tools'},
      button(page.follow ? 'Following' : newer ? `Follow (${newer} newer)` : 'Follow', page.turnFollow, {'aria-pressed': String(page.follow), class: 'toggle'}),
      h('span.hint', null, !isLive() ? 'not live: nothing new comes in' : page.follow ? 'new entries appear at the top' : 'stands still'),
      h('span.hint', null, `${count(chosen.length)} of ${counted(all.length, 'entry', 'entries')}`),
      page.asked.value?.faults.map((fault) => h('span.complaint', {key: fault}, `not complete: ${fault}`))),
    found.length ? page.list.view(found, () => (narrow ? ROW.narrow : ROW.wide), (entry) => entryRow(entry, time, {director: true}), {key: 'list', class: `entries ${today(found, time) ? '' : 'dated'}`, role: 'list'})
      : h('div', {key: 'none'}, page.asked.value || page.asked.fault ? nothing('No entry is like that.') : waiting('the journals'))];
}

export function open(parts, query) {
  const page = {query, list: windowed(), keep: keeper(), join: keeper(), follow: true, held: '', title: () => 'Journal', nav: 'journal'};
  page.asked = source(async () => {
    const told = await journals(state.cluster.directors.filter((one) => one.reachable).map((one) => one.name));
    addJournal(told.entries);
    return told;
  });
  const herald_ = herald();
  const ends = watchJournal((entry) => {
    if (page.follow && hasEntry(entry, wanted(page, now()))) herald_(entry);
  });
  page.turn = (told) => (page.query = told);
  page.set = (name, value) => {
    page.query = {...page.query, [name]: value};
    history.replaceState(null, '', route(['journal'], page.query));
    changed();
  };
  page.turnFollow = () => {
    page.follow = !page.follow;
    page.held = state.cluster.journal.at(-1)?.time ?? '';
    changed();
  };
  page.view = () => view(page);
  page.close = () => {
    ends();
    page.asked.stop();
  };
  return page;
}
