// The text of a file: line numbers, colours, faults at their lines, and what the schema says of the key at the cursor.
import {h} from './dom.js';
import {placeOf, readLine} from './ini.js';
import {keeper} from './keep.js';
import {badge} from './marks.js';
import {button} from './parts.js';
import {facts, keyOf, sectionOf} from './schema.js';
import {changed} from './store.js';
import {wordOf} from './words.js';

const LINE = 20;  // pixels; style.css has the same
const SPARE = 12;
const keep = keeper();
const keepPlace = keeper();

/// An editor's memory: the element, where it is scrolled, where the cursor is.
export const editor = () => ({area: null, top: 0, left: 0, cursor: 0});

function jump(own, line, column = 1) {
  const {area} = own;
  if (!area) return;
  const lines = area.value.split('\n');
  const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, column - 1);
  area.focus();
  area.setSelectionRange(at, at);
  area.scrollTop = Math.max(0, (line - 1) * LINE - area.clientHeight / 2);
  own.cursor = at;
  changed();
}

function coloured(raw) {
  const read = readLine(raw);
  if (read.kind === 'comment') return h('span.comment', null, raw);
  if (read.kind === 'section') {
    const end = raw.indexOf(']') + 1;
    return [h('span.section', null, raw.slice(0, end)), h('span.comment', null, raw.slice(end))];
  }
  if (read.kind !== 'entry') return raw;
  return [h('span.key', null, raw.slice(0, read.equals)), raw.slice(read.equals, read.start), h('span.value', null, raw.slice(read.start, read.end)), h('span.comment', null, raw.slice(read.end))];
}

/// The lines that can be seen, with their numbers: behind the text area, whose own letters are not painted.
function painted(own, lines, faults, current) {
  const height = own.area?.clientHeight ?? 600;
  const first = Math.max(0, Math.floor(own.top / LINE) - SPARE);
  const last = Math.min(lines.length, Math.ceil((own.top + height) / LINE) + SPARE);
  const worst = new Map();
  for (const one of faults) if (worst.get(one.line) !== 'error') worst.set(one.line, one.level);
  const shift = `translateY(${first * LINE - own.top}px)`;
  const shown = lines.slice(first, last).map((raw, i) => ({raw, number: first + i + 1}));
  return [
    h('div.gutter', {'aria-hidden': 'true', key: 'gutter'}, h('div', {style: {transform: shift}}, shown.map(({number}) => {
      const level = worst.get(number);
      return h('div', {key: number, class: [level, number === current && 'current'].filter(Boolean).join(' ') || null}, level === 'error' ? `✕ ${number}` : level ? `▲ ${number}` : String(number));
    }))),
    h('div.paint', {'aria-hidden': 'true', key: 'paint'}, h('div', {style: {transform: `${shift} translateX(${-own.left}px)`}}, shown.map(({raw, number}) =>
      h('div', {key: number, class: [worst.get(number), number === current && 'current'].filter(Boolean).join(' ') || null}, raw === '' ? '\u200b' : coloured(raw))))),
  ];
}

/// onedit(text); faults: [{line, column, level, text}]; readonly: why, or ''.
export function textEditor(own, text, faults, readonly, onedit, label) {
  const lines = keep([text], () => text.split('\n'));
  const seen = (event) => {
    own.cursor = event.target.selectionStart;
    changed();
  };
  return h('div.editor', {key: 'editor'}, painted(own, lines, faults, keepPlace([text, own.cursor], () => placeOf(text, own.cursor)).line + 1),
    h('textarea', {key: 'area', id: 'text', wrap: 'off', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'none', 'aria-label': label, 'aria-describedby': 'hint faults', readonly: readonly !== '', value: text,
      ref: (element) => {
        own.area = element;
        element.setSelectionRange(own.cursor, own.cursor);
        element.scrollTop = own.top;
      },
      oninput: (event) => {
        own.cursor = event.target.selectionStart;
        onedit(event.target.value);
      },
      onscroll: (event) => {
        Object.assign(own, {top: event.target.scrollTop, left: event.target.scrollLeft});
        changed();
      },
      onkeyup: seen, onclick: seen, onfocus: seen}));
}

/// All faults of all files as a list; each leads to its place.
export function faultList(own, faults, path, open) {
  return h('ul.faults', {id: 'faults', key: 'faults', role: 'status'}, faults.map((one, i) => h('li', {key: i},
    button([badge(wordOf('level', one.level)), h('span.mono', null, one.path === path ? `line ${one.line}:${one.column}` : `${one.path}:${one.line}:${one.column}`), h('span', null, one.text)],
      () => (one.path === path ? jump(own, one.line, one.column) : open(one)), {class: 'plain fault-line'}))));
}

function keyHint(section, key) {
  return [h('h2.mono', null, `[${section.name}] ${key.name}`), h('p', null, key.help), h('p.hint', null, facts(key)),
    key.applies?.length > 0 && h('p.hint', null, `of checks of type ${key.applies.join(', ')}`)];
}

/// What stands at the cursor: the key's help, or the section's keys; a click on one puts it in.
export function hint(own, text, schema, insert) {
  const place = keepPlace([text, own.cursor], () => placeOf(text, own.cursor));
  const section = place.section && sectionOf(schema, place.section);
  if (!place.section) return h('aside.hint-box', {id: 'hint', key: 'hint'}, h('h2', null, 'Sections'), h('ul.bare', null, schema.sections.map((one) => h('li', {key: one.name}, h('span.mono', null, `[${one.name}${one.takes_name ? ' NAME' : ''}]`), ` ${one.help}`))));
  if (!section) return h('aside.hint-box', {id: 'hint', key: 'hint'}, h('p', null, `No section is called ${place.section}.`));
  const key = place.key && keyOf(schema, place.section, place.key);
  const like = place.key && !key ? section.keys.filter((one) => one.name.startsWith(place.key.slice(0, 2))) : section.keys;
  return h('aside.hint-box', {id: 'hint', key: 'hint'},
    key ? keyHint(section, key) : [h('h2.mono', null, `[${section.name}]`), h('p', null, place.key ? `It has no key ${place.key}.` : section.help)],
    h('details', {open: !key}, h('summary', null, key ? `Other keys of [${section.name}]` : 'Its keys'),
      h('ul.keys', null, like.map((one) => h('li', {key: one.name}, button(one.name, () => insert(place, one), {class: 'plain mono', title: `${one.help} (${facts(one)})`}))))));
}

export {jump};
