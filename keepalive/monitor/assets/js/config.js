// The configuration of a director: as text, as forms, its versions, and beside the other's.
import {compare} from './compare.js';
import {h} from './dom.js';
import {draftOf, edit, edited, faultsIn, load, textOf} from './draft.js';
import {editor, faultList, hint, jump, textEditor} from './editor.js';
import {forms} from './forms.js';
import {withEntry} from './ini.js';
import {choices, nothing, panel, refusal, select, waiting} from './parts.js';
import {draftBar, planPanel} from './plan.js';
import {leader} from './relate.js';
import {to} from './route.js';
import {changed, state} from './store.js';
import {counted} from './text.js';
import {versions} from './versions.js';
import {named, whyNot} from './words.js';

const tabs = [['', 'Text'], ['forms', 'Forms'], ['versions', 'Versions'], ['compare', 'Other director']];

function outcome(page) {
  const told = page.applied;
  if (!told) return null;
  const refused = told.refusals ?? [];
  return h('div.note', {key: 'applied', role: 'status', class: refused.length ? 'warning' : null},
    h('p', null, `Version ${told.version} is in force: ${counted(told.changes, 'edit')} of the kernel's table.`),
    refused.length > 0 && [h('p', null, 'The kernel refuses a part; it is tried again:'), h('ul', null, refused.map((text) => h('li', {key: text}, h('code', null, text))))]);
}

function head(page, draft) {
  const {directors} = state.cluster;
  return [h('h1', {key: 'title'}, 'Configuration'),
    h('div.tools', {key: 'tools'},
      directors.length > 1 && choices('Director', directors.map((one) => [one.name, `on ${one.name}`]), page.director, (name) => (location.hash = to.config(name, ...(page.tab ? [page.tab] : [])))),
      h('nav.tabs', {'aria-label': 'Configuration'}, tabs.map(([tab, name]) => h('a', {key: tab, href: to.config(page.director, ...(tab ? [tab] : [])), 'aria-current': tab === page.tab ? 'page' : null}, name)))),
    outcome(page),
    draft.newer && h('p.note.warning', {key: 'newer'}, `The configuration on ${page.director} was changed meanwhile (generation ${draft.latest?.generation}). Your edits are of generation ${draft.base} and cannot be applied: compare, or discard them.`)];
}

function fileChoice(page, draft) {
  const changedFiles = new Set(edited(draft));
  const named = draft.told.files.map((file) => [file.path, `${file.path}${file.writable ? '' : ' (read only)'}${changedFiles.has(file.path) ? ' · edited' : ''}`]);
  return h('div.tools.file', {key: 'file'}, h('label', {for: 'file'}, 'File'), select(named, page.path, (path) => {
    page.path = path;
    Object.assign(page.editor, {top: 0, left: 0, cursor: 0});
    changed();
  }, {id: 'file'}));
}

/// Why the text may not be edited. A page that is not live goes on taking what is typed: only applying waits.
function readonlyWhy(draft, path) {
  const why = whyNot(state.session.role, state.cluster.allow, 'configure');
  if (why) return why;
  return draft.told.files.find((file) => file.path === path)?.writable ? '' : 'The director does not write this file.';
}

function work(page, draft) {
  const why = readonlyWhy(draft, page.path);
  const text = textOf(draft, page.path);
  const faults = faultsIn(draft, page.path);
  const all = draft.checked?.diagnostics ?? [];
  const write = (next) => edit(draft, page.path, next);
  const open = (one) => {
    page.path = one.path;
    changed();
    setTimeout(() => jump(page.editor, one.line, one.column), 60);
  };
  const insert = (place, key) => {
    if (why) return;
    write(withEntry(text, place.section, place.name, key.name, key.values?.[0] ?? key.default ?? ''));
    page.editor.area?.focus();
  };
  const body = page.tab === 'forms' && !why ? forms(draft, page.path, faults)
    : h('div.edit', {key: 'edit'}, textEditor(page.editor, text, faults, why, write, `Text of ${page.path}`), hint(page.editor, text, draft.schema, insert));
  return [fileChoice(page, draft), why && h('p.hint.refused', {key: 'why'}, why), body, faultList(page.editor, all, page.tab === 'forms' ? '' : page.path, open),
    !why && draftBar(draft, (answer) => {
      page.applied = answer;
      changed();
    }),
    panel('Plan', {key: 'plan'}, planPanel(draft))];
}

function view(page) {
  const draft = draftOf(page.director);
  const why = whyNot(state.session.role, 'configure', 'configure');
  if (why) return [head(page, draft), h('p.hint.refused', {key: 'why'}, why)];
  const done = (answer) => {
    page.applied = answer;
    load(draft);
  };
  if (!draft.told) return [head(page, draft), refusal(draft.fault, () => load(draft)), !draft.fault && waiting('the configuration')];
  page.path ??= draft.told.files.find((file) => file.writable)?.path ?? draft.told.files[0]?.path;
  if (!page.path) return [head(page, draft), nothing('It has no file.')];
  const bodies = {'': work, forms: work, versions: (one, two) => versions(one, two, done), compare};
  return [head(page, draft), h('div', {key: `${page.director} ${page.tab}`, class: 'config'}, refusal(draft.fault, () => load(draft)), (named(bodies, page.tab) ?? work)(page, draft))];
}

/// #/config[/DIRECTOR[/forms | /versions[/N] | /compare]]
export function open([, director, tab = '', number = null]) {
  const name = director ?? leader(state.cluster)?.name;
  const page = {director: name, tab, number, editor: editor(), chosen: new Map(), applied: null, title: () => `Configuration of ${name}`, nav: 'config'};
  const may = whyNot(state.session.role, 'configure', 'configure') === '';
  if (may) load(draftOf(name));
  let generation = null;
  page.view = () => {
    const now = state.cluster.directors.find((one) => one.name === name)?.overview?.generation ?? null;
    if (may && generation !== null && now !== null && now !== generation) load(draftOf(name));
    generation = now;
    return view(page);
  };
  page.close = () => page.pair?.stop();
  return page;
}

