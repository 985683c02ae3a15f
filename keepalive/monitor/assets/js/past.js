// What a thing's page shows of the past: plots over an hour or a week, and its lines of the journal.
import {history, journals} from './api.js';
import {h} from './dom.js';
import {hasEntry, isAbout} from './filter.js';
import {choices, nothing, panel, refusal, waiting} from './parts.js';
import {plot} from './plot.js';
import {to} from './route.js';
import {source} from './source.js';
import {addJournal, changed, now, state} from './store.js';
import {entryRow} from './entry.js';
import {known} from './scale.js';
import {bits, latency, short} from './text.js';

const plots = [
  ['Connections', [['active', 'active'], ['inactive', 'inactive']], short],
  ['New connections a second', [['new', 'cps']], short],
  ['Traffic', [['in', 'inbps'], ['out', 'outbps']], bits],
  ['Latency of checks', [['longest', 'latency_us']], latency],
];
const lines = ['first', 'second', 'third'];

/// The plots of an object: {view, close}.
export function past(director, object, own = {span: 'hour'}) {
  let asked = source(() => history(director, object, own.span), 15000);
  const turn = (span) => {
    own.span = span;
    asked.stop();
    asked = source(() => history(director, object, span), 15000);
    changed();
  };
  const drawn = (told) => plots.map(([name, all, format]) => {
    const {from, series} = known(told);
    const there = all.filter(([, member]) => series[member]?.some((value) => value !== null));
    const list = there.map(([what, member], i) => ({name: what, values: series[member], line: lines[i]}));
    return list.length > 0 && plot(name, list, {from, step_s: told.step_s, up: series.up ?? []}, format);
  });
  const view = () => panel('Over time', {key: 'past', class: 'past'},
    choices('How far back', [['hour', 'An hour'], ['week', 'A week']], own.span, turn),
    refusal(asked.fault, asked.refresh),
    asked.value ? h('div.plots', null, drawn(asked.value)) : !asked.fault && waiting('its past'));
  return {view, close: () => asked.stop()};
}

/// The newest lines of the journal that are about an object, or what belongs to it.
export function recent(director, object) {
  const asked = source(async () => {
    const told = await journals([director]);
    addJournal(told.entries);
    return true;
  });
  const view = () => {
    const wanted = {director};
    const found = state.cluster.journal.filter((entry) => isAbout(entry, object) && hasEntry(entry, wanted)).slice(-12).reverse();
    return panel('Journal', {key: 'journal', class: 'recent'}, found.length
      ? [h('ol.entries', null, found.map((entry) => entryRow(entry, now(), {object: false}))), h('p', null, h('a', {href: to.journal({object})}, 'All of it in the journal'))]
      : nothing('The journal says nothing of it.'));
  };
  return {view, close: () => asked.stop()};
}
