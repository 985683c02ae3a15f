// Small pieces that many views show.
import {h} from './dom.js';

export const panel = (title, props, ...children) =>
  h('section.panel', props, title && h('h2', null, title), ...children);

/// Names and values: facts([["Since", "…"], …]); values may be elements; empty ones are left out.
export const facts = (rows) =>
  h('dl.facts', null, rows.filter(([, value]) => value || value === 0)
    .map(([name, value]) => h('div', {key: name}, h('dt', null, name), h('dd', null, value))));

export const link = (href, ...children) => (href ? h('a', {href}, ...children) : h('span', null, ...children));

export const button = (name, onclick, props = {}) => h('button', {type: 'button', onclick, ...props}, name);

/// What could not be had, with a way to try again.
export const refusal = (fault, again) =>
  fault && h('div.refusal', {role: 'alert'}, h('p', null, fault.message),
    fault.diagnostics && h('pre', null, fault.diagnostics), again && button('Try again', again));

export const waiting = (what) => h('p.waiting', {role: 'status'}, `Asking for ${what} …`);

export const nothing = (text) => h('p.nothing', null, text);

/// A table: columns [{name, numeric, cell: (row) => child}], rows with `key`.
export function table(caption, columns, rows, key) {
  return h('div.scroll', {tabindex: 0, role: 'region', 'aria-label': caption},
    h('table', null, h('caption.unseen', null, caption),
      h('thead', null, h('tr', null, columns.map((column) => h('th', {scope: 'col', class: column.numeric && 'numeric'}, column.name)))),
      h('tbody', null, rows.map((row) => h('tr', {key: key?.(row), class: row.rowClass}, columns.map((column) =>
        h('td', {class: column.numeric ? 'numeric' : column.class, 'data-name': column.name}, column.cell(row))))))));
}

/// A labelled input, which has an id.
export function field(label, control, hint = '') {
  const {id} = control.props;
  if (hint) control.props['aria-describedby'] = `${id}-hint`;
  return h('div.field', null, h('label', {for: id}, label), control, hint && h('p.hint', {id: `${id}-hint`}, hint));
}

export const select = (options, value, onchange, props = {}) =>
  h('select', {...props, value, onchange: (event) => onchange(event.target.value)},
    options.map(([word, name = word]) => h('option', {value: word}, name)));

/// Of several exclusive choices one is in effect: [[value, name], …].
export const choices = (label, all, value, onchoose) =>
  h('div.choices', {role: 'group', 'aria-label': label},
    all.map(([word, name = word]) => button(name, () => onchoose(word), {'aria-pressed': String(word === value), key: word})));
