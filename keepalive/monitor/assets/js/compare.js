// This director's configuration beside another's: what differs, and offering what one has to the other.
import {difference} from './difference.js';
import {differences, hunks, paired, taken} from './diff.js';
import {h} from './dom.js';
import {draftOf, edit, isDirty, load, textOf} from './draft.js';
import {button, choices, nothing, panel, refusal, waiting} from './parts.js';
import {to} from './route.js';
import {changed, state} from './store.js';
import {counted} from './text.js';

const CONTEXT = 1;  // few, so that changes which stand near can be chosen one by one

/// The changes of a file that would make the other's text like ours, and which of them are chosen.
function chosenOf(page, path, parts) {
  const key = `${page.other} ${path} ${parts.length}`;
  if (!page.chosen.has(key)) page.chosen.set(key, new Set());
  return page.chosen.get(key);
}

function offer(page, draft, other) {
  for (const {path, rows, parts, chosen} of page.files) {
    if (chosen.size) edit(other, path, taken(rows, parts, chosen));
  }
  other.note = `as on ${draft.director}`;
  location.hash = to.config(other.director);
}

/// path: of our file, there: of the other's.
function file(page, draft, other, [path, there]) {
  const theirs = textOf(other, there);
  const ours = textOf(draft, path);
  const rows = differences(theirs, ours);
  const parts = hunks(rows, CONTEXT);
  const chosen = chosenOf(page, there, parts);
  page.files.push({path: there, rows, parts, chosen});
  const toggle = (number) => {
    if (chosen.has(number)) chosen.delete(number);
    else chosen.add(number);
    changed();
  };
  const all = () => {
    parts.forEach((part, i) => chosen.add(i));
    changed();
  };
  return panel(null, {key: path}, h('h2.mono', null, path === there ? path : `${there} beside ${path}`),
    parts.length > 1 && button('Take all changes', all, {class: 'plain'}),
    difference(theirs, ours, [other.director, draft.director], {chosen, toggle, context: CONTEXT}));
}

/// page: {other, chosen: Map}
export function compare(page, draft) {
  const names = state.cluster.directors.map((one) => one.name).filter((name) => name !== draft.director);
  if (!names.length) return nothing('There is no other director.');
  page.other ??= names[0];
  const other = draftOf(page.other);
  if (page.asked !== page.other) {
    page.asked = page.other;
    load(other);
  }
  const head = names.length > 1 && choices('Beside', names.map((name) => [name]), page.other, (name) => {
    page.other = name;
    changed();
  });
  if (!other.told) return [head, refusal(other.fault, () => load(other)), !other.fault && waiting(`the configuration of ${page.other}`)];
  page.files = [];
  const {pairs, alone} = paired(draft.told.files, other.told.files);
  const shown = pairs.map((one) => file(page, draft, other, one));
  const number = page.files.reduce((sum, one) => sum + one.chosen.size, 0);
  const differ = page.files.some((one) => one.parts.length);
  return [head,
    h('p.hint', {key: 'told'}, differ ? `Red is what ${other.director} has, green what ${draft.director} has${isDirty(draft) || isDirty(other) ? ', with what is edited and not applied yet' : ''}. Choose what ${other.director} shall take over: it becomes an edit there, to be checked and applied. Lines that must differ, such as a name of its own, stay.` : alone.length ? 'What both have is the same.' : `${draft.director} and ${other.director} have the same configuration.`),
    alone.length > 0 && h('p.hint', {key: 'alone'}, `Only on ${draft.director}: ${alone.join(', ')}.`), shown,
    differ && h('div.draft-bar', {key: 'bar'}, h('span', {role: 'status'}, `${counted(number, 'change')} chosen`), button(`Offer to ${other.director}`, () => offer(page, draft, other), {class: 'main', disabled: number === 0}))];
}
