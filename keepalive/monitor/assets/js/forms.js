// The same text as forms: a field for each key that the schema knows. Edits go into the text; comments stay.
import {edit, textOf} from './draft.js';
import {h} from './dom.js';
import {findSection, parse, renamed, withEntry, withSection, withValue, withoutLine, withoutSection} from './ini.js';
import {ask} from './dialog.js';
import {keeper} from './keep.js';
import {button, field, nothing, select} from './parts.js';
import {facts, faultOf, fittingKeys, inputOf, keyOf, sectionOf} from './schema.js';
import {changed} from './store.js';

const MOST_LISTED = 200;

const look = {kind: '', name: '', filter: ''};
const keep = keeper();

function show(kind, name) {
  Object.assign(look, {kind, name});
}

const titleOf = (section) => (section.name ? `${section.kind} ${section.name}` : section.kind);

function choose(section) {
  show(section.kind, section.name);
  changed();
}

function sectionList(parsed, schema, write) {
  const words = look.filter.toLowerCase();
  const found = parsed.sections.filter((section) => titleOf(section).toLowerCase().includes(words));
  return h('nav.section-list', {'aria-label': 'Sections'},
    h('label.unseen', {for: 'filter'}, 'Filter sections'),
    h('input.filter', {id: 'filter', type: 'search', placeholder: 'Filter sections', value: look.filter, oninput: (event) => {
      look.filter = event.target.value;
      changed();
    }}),
    h('ul.bare', null, found.slice(0, MOST_LISTED).map((section) => h('li', {key: `${titleOf(section)} ${section.line}`},
      button([h('span.faint', null, section.kind), ' ', h('span.mono', null, section.name)], () => choose(section), {class: 'plain', 'aria-current': section.kind === look.kind && section.name === look.name ? 'true' : null})))),
    found.length > MOST_LISTED && h('p.hint', null, `and ${found.length - MOST_LISTED} more: filter to see them`),
    button('Add a section …', () => addSection(schema, parsed, write)));
}

/// Asks for kind and name of a new section.
function addSection(schema, parsed, write) {
  const given = {kind: 'pool', name: ''};
  const chosen = () => sectionOf(schema, given.kind);
  const why = () => {
    if (!chosen().takes_name) return findSection(parsed, given.kind, '') ? `There is a section [${given.kind}] already.` : '';
    if (!/^[\w.-]+$/.test(given.name)) return 'The name wants letters, digits, _ . or -.';
    return findSection(parsed, given.kind, given.name) ? 'There is one of this name already.' : '';
  };
  ask({
    title: 'Add a section', verb: 'Add', able: why,
    body: () => [field('Kind', select(schema.sections.map((one) => [one.name]), given.kind, (kind) => {
      given.kind = kind;
      changed();
    }, {id: 'new-kind'}), chosen().help),
    chosen().takes_name && field('Name', h('input', {id: 'new-name', value: given.name, autocomplete: 'off', 'data-first': true, oninput: (event) => {
      given.name = event.target.value.trim();
      changed();
    }}))],
    act: async () => {
      const name = chosen().takes_name ? given.name : '';
      write((text) => withSection(text, given.kind, name));
      show(given.kind, name);
    },
  });
}

function control(key, entry, write, props) {
  const set = (value) => write((text) => withValue(text, entry.line, value));
  const known = !entry.value.includes('${');
  if (inputOf(key) === 'choice' && known) {
    const list = key.values.includes(entry.value) ? key.values : [entry.value, ...key.values];
    return select(list.map((word) => [word]), entry.value, set, props);
  }
  return h('input', {...props, value: entry.value, spellcheck: 'false', autocomplete: 'off', inputmode: inputOf(key) === 'number' && known ? 'numeric' : null,
    placeholder: key.default ?? '', onchange: (event) => set(event.target.value.trim())});
}

function keyField(key, entry, number, faults, write) {
  const id = `key-${key.name}-${number}`;
  const told = faults.filter((one) => one.line === entry.line + 1).map((one) => one.text);
  const own = faultOf(key, entry.value);
  const wrong = told.length ? told : own ? [own] : [];
  const props = {id, class: 'mono', 'aria-invalid': wrong.length ? 'true' : null, 'aria-describedby': `${id}-hint`};
  return h('div.field.key', {key: `${key.name} ${number}`},
    h('label', {for: id}, key.name, number > 0 && h('span.unseen', null, ` ${number + 1}`)),
    h('div.with-unit', null, control(key, entry, write, props), key.unit && h('span.unit', null, key.unit),
      button('×', () => write((text) => withoutLine(text, entry.line)), {class: 'plain', 'aria-label': `Remove ${key.name} ${entry.value}`, title: 'Remove this line'})),
    h('p.hint', {id: `${id}-hint`}, wrong.map((text) => h('span.complaint', {key: text}, `${text}. `)), number === 0 && [key.help, ' ', h('span.faint', null, facts(key))]));
}

function addKey(section, told, write) {
  const set = new Set(section.entries.map((entry) => entry.key));
  const free = fittingKeys(told, section.entries).filter((key) => key.repeats || !set.has(key.name));
  const pick = (name) => {
    document.getElementById('add-key').value = '';
    if (!name) return;
    const key = told.keys.find((one) => one.name === name);
    const first = key.values?.[0] ?? (key.default && !/ /.test(key.default) ? key.default : '');
    write((text) => withEntry(text, section.kind, section.name, name, first));
  };
  return h('div.field', {key: 'add'}, h('label', {for: 'add-key'}, 'Add a key'),
    select([['', 'choose …'], ...free.map((key) => [key.name, `${key.name}: ${key.help}`])], '', pick, {id: 'add-key'}));
}

function rename(section, write) {
  const given = {name: section.name};
  ask({
    title: `Rename ${titleOf(section)}`, verb: 'Rename',
    lines: () => ['Whatever names it elsewhere is not changed: the check will tell.'],
    able: () => (/^[\w.-]+$/.test(given.name) ? '' : 'The name wants letters, digits, _ . or -.'),
    body: () => field('Name', h('input', {id: 'other-name', value: given.name, 'data-first': true, oninput: (event) => {
      given.name = event.target.value.trim();
      changed();
    }})),
    act: async () => {
      write((text) => renamed(text, section.kind, section.name, given.name));
      show(section.kind, given.name);
    },
  });
}

function form(section, schema, faults, write) {
  const told = sectionOf(schema, section.kind);
  if (!told) return nothing(`No section is called ${section.kind}: edit it as text.`);
  const number = {};
  const fields = section.entries.map((entry) => {
    number[entry.key] = (number[entry.key] ?? -1) + 1;
    const key = keyOf(schema, section.kind, entry.key);
    return key ? keyField(key, entry, number[entry.key], faults, write) : h('p.complaint', {key: `unknown ${entry.line}`}, `line ${entry.line + 1}: no key is called ${entry.key}`);
  });
  return h('form.section-form', {key: `${section.kind} ${section.name}`, onsubmit: (event) => event.preventDefault()},
    h('h2', null, section.kind, ' ', h('span.mono', null, section.name)), h('p.hint', null, told.help), fields, addKey(section, told, write),
    h('div.deeds', null, told.takes_name && button('Rename …', () => rename(section, write)),
      button('Remove this section', () => write((text) => withoutSection(text, section.kind, section.name)), {class: 'danger'})));
}

/// The forms of one file of a draft.
export function forms(draft, path, faults) {
  const text = textOf(draft, path);
  const parsed = keep([text], () => parse(text));
  const write = (change) => edit(draft, path, change(textOf(draft, path)));
  const section = findSection(parsed, look.kind, look.name) ?? parsed.sections[0];
  if (section) Object.assign(look, {kind: section.kind, name: section.name});
  return h('div.forms', {key: 'forms'}, sectionList(parsed, draft.schema, write),
    section ? form(section, draft.schema, faults, write) : nothing('There is no section yet.'));
}
