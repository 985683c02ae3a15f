// What somebody edits of a director's configuration: kept while one looks at other pages, and checked by the director.
import {get, of, post} from './api.js';
import {differences, extent} from './diff.js';
import {atLeave, changed} from './store.js';

const PAUSE = 600;  // after the last key, in ms, until the director is asked what it thinks

const drafts = new Map();

const unixLines = (text) => text.replaceAll('\r\n', '\n');

/// {director, told, texts, schema, checked, checking, fault, note}; `told`: what the director has.
export function draftOf(director) {
  if (!drafts.has(director)) drafts.set(director, {director, told: null, texts: new Map(), schema: null, checked: null, checking: false, fault: null, note: '', timer: null, turn: 0});
  return drafts.get(director);
}

/// Nothing of what one user edits is there for the next one.
atLeave(() => {
  for (const draft of drafts.values()) clearTimeout(draft.timer);
  drafts.clear();
});

/// Asks what the director has; what was edited stays.
export async function load(draft) {
  try {
    const [told, schema] = await Promise.all([get(of(draft.director, 'config')), draft.schema ?? get(of(draft.director, 'schema'))]);
    const kept = isDirty(draft);
    Object.assign(draft, {schema, fault: null, newer: kept && told.generation !== draft.base});
    if (!kept) take(draft, told);
    else draft.latest = told;
    if (draft.told) Object.assign(draft.told, {versions: told.versions, pending: told.pending});
  } catch (fault) {
    draft.fault = fault;
  }
  changed();
}

function take(draft, told) {
  const files = told.files.map((file) => ({...file, windows: file.text.includes('\r\n'), text: unixLines(file.text)}));
  Object.assign(draft, {told: {...told, files}, base: told.generation, texts: new Map(files.map((file) => [file.path, file.text])), checked: null, newer: false, note: '', latest: null});
}

export const textOf = (draft, path) => draft.texts.get(path) ?? '';
export const originalOf = (draft, path) => draft.told?.files.find((file) => file.path === path)?.text ?? '';

/// The paths of files that were edited.
export function edited(draft) {
  return (draft.told?.files ?? []).map((file) => file.path).filter((path) => textOf(draft, path) !== originalOf(draft, path));
}

export const isDirty = (draft) => edited(draft).length > 0;
export const anyDirty = () => [...drafts.values()].some(isDirty);

export function edit(draft, path, text) {
  if (text === textOf(draft, path)) return;
  draft.texts.set(path, text);
  draft.outdated = true;
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => check(draft), PAUSE);
  changed();
}

export function discard(draft) {
  clearTimeout(draft.timer);
  if (draft.told) take(draft, draft.latest ?? draft.told);
  changed();
}

/// All files as the director wants them: texts with the line ends that they had.
function filesOf(draft) {
  return draft.told.files.filter((file) => file.writable || textOf(draft, file.path) !== file.text)
    .map((file) => ({path: file.path, text: file.windows ? textOf(draft, file.path).replaceAll('\n', '\r\n') : textOf(draft, file.path)}));
}

/// Has the director check the texts: faults at their lines, and the plan if there is no error.
export async function check(draft) {
  if (!draft.told) return;
  clearTimeout(draft.timer);
  const turn = ++draft.turn;
  draft.checking = true;
  draft.outdated = false;
  changed();
  try {
    const checked = await post(of(draft.director, 'config', 'check'), {files: filesOf(draft)}, 60000);
    if (turn === draft.turn) Object.assign(draft, {checked, checkFault: null});
  } catch (fault) {
    if (turn === draft.turn) Object.assign(draft, {checked: null, checkFault: fault});
  }
  if (turn === draft.turn) draft.checking = false;
  changed();
}

export const faultsIn = (draft, path) => (draft.checked?.diagnostics ?? []).filter((one) => one.path === path);
export const hasErrors = (draft) => (draft.checked?.diagnostics ?? []).some((one) => one.level === 'error');

/// {added, removed} lines over all files.
export function extentOf(draft) {
  const all = edited(draft).map((path) => extent(differences(originalOf(draft, path), textOf(draft, path))));
  return all.reduce((sum, one) => ({added: sum.added + one.added, removed: sum.removed + one.removed}), {added: 0, removed: 0});
}

/// Puts the texts into force. `confirm`: seconds until they are taken back unless confirmed, or null.
export async function apply(draft, comment, confirm) {
  const answer = await post(of(draft.director, 'config', 'apply'), {files: filesOf(draft), base: draft.base, comment, confirm_s: confirm}, 60000);
  draft.told = {...draft.told, files: draft.told.files.map((file) => ({...file, text: textOf(draft, file.path)})), generation: answer.generation, pending: answer.pending};
  Object.assign(draft, {base: answer.generation, checked: null, note: '', newer: false});
  await load(draft);
  return answer;
}

export const versionOf = (director, number) => get(of(director, 'config', 'versions', String(number)));

export const confirm = (director) => post(of(director, 'config', 'confirm'), {}, 60000);

export async function rollBack(director, version, confirmSeconds = null) {
  const answer = await post(of(director, 'config', 'rollback'), {version, confirm_s: confirmSeconds}, 60000);
  const draft = draftOf(director);
  if (!isDirty(draft)) await load(draft);
  return answer;
}

/// The version that was in force before the one that waits to be confirmed.
export async function versionBefore(director, pending) {
  if (pending.before) return pending.before;
  const {versions} = await get(of(director, 'config'));
  return versions.find((one) => one.number < pending.version)?.number;
}
