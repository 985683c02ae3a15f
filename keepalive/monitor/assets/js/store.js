// What the page knows, where it comes from and how old it is. Views read `state` and are drawn again when it changes.
import {Fault, get, setToken, watchSession} from './api.js';
import {recall, remember} from './memory.js';
import {cutOff, mergedJournal, model, reduced} from './reduce.js';
import {epoch} from './text.js';

const QUIET = 6000;  // of a stream that says nothing, in ms: it is taken for broken
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10000;

/// link: 'closed', 'connecting', 'live' or 'broken'. over: the session ended while the page was open.
export const state = {
  session: null, over: false, cluster: null, fault: null,
  link: 'closed', heard: null, retry: null, skew: 0,
};

const MOST_POOLS = 64;  // whose servers' connections are told
const watchers = new Set();
const journalWatchers = new Set();
let drawn = false;

/// Draws again within a frame.
export function changed() {
  if (drawn) return;
  drawn = true;
  const draw = () => {
    drawn = false;
    looking = new Set();
    for (const watcher of watchers) watcher();
    follow();
  };
  if (document.hidden) setTimeout(draw, 250);
  else requestAnimationFrame(draw);
}

export const watch = (watcher) => watchers.add(watcher);

/// Each entry of the journal as it comes; ends with the function that is given back.
export function watchJournal(watcher) {
  journalWatchers.add(watcher);
  return () => journalWatchers.delete(watcher);
}

/// The director's time in epoch seconds: a browser's clock may be wrong.
export const now = () => Date.now() / 1000 + state.skew;

/// Whether what is shown is what is.
export const isLive = () => state.link === 'live' && !state.over;

let stream = null;
let alarm = null;
let wait = FIRST_WAIT;

const kinds = ['journal', 'figures', 'state', 'resync', 'beat'];

let looking = new Set();  // pools whose servers the views show
let followed = new Set();  // those that the stream tells of
let seen = 0;  // number of the last event that the cluster holds

/// A view shows connections of this pool's servers.
export function lookAt(pool) {
  if (looking.size < MOST_POOLS) looking.add(pool);
}

/// The stream begins anew where it is when other pools are looked at; it goes on telling of those before.
function follow() {
  if (stream && [...looking].some((pool) => !followed.has(pool))) openStream();
}

function take(kind, data) {
  state.heard = now();
  if (state.link !== 'live') Object.assign(state, {link: 'live', retry: null});
  if (kind === 'beat') return;
  const {cluster, reload} = reduced(state.cluster, kind, data, now());
  state.cluster = cluster;
  if (kind === 'journal') for (const watcher of journalWatchers) watcher(data);
  if (reload) load().catch(failed);
}

function hear(kind, event) {
  clearTimeout(alarm);
  alarm = setTimeout(broken, QUIET);
  wait = FIRST_WAIT;
  seen = Number(event.lastEventId) || seen;
  take(kind, event.data ? JSON.parse(event.data) : {});
  changed();
}

function closeStream() {
  clearTimeout(alarm);
  stream?.close();
  stream = null;
}

function openStream() {
  closeStream();
  followed = new Set([...looking, ...followed].slice(0, MOST_POOLS));
  const pools = [...followed].map(encodeURIComponent).join(',');
  stream = new EventSource(`/api/stream?since=${seen}${pools && `&pools=${pools}`}`);
  alarm = setTimeout(broken, QUIET);
  stream.onerror = broken;
  for (const kind of kinds) stream.addEventListener(kind, (event) => hear(kind, event));
}

/// The stream has ended or is silent: says so at once, and tries again, ever more seldom.
function broken() {
  closeStream();
  if (state.cluster) state.cluster = cutOff(state.cluster);
  if (state.over || !state.session) return;
  state.link = 'broken';
  state.retry = Date.now() + wait;
  setTimeout(() => again(), wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
  changed();
}

async function again(sure = false) {
  if (stream || state.over || !state.session) return;
  state.retry = null;
  changed();
  try {
    const session = sure ? state.session : await get('/api/session');
    if (!session) return end();
    setToken(session.csrf);
    await load();
  } catch (fault) {
    closeStream();
    failed(fault);
    if (fault.status !== 401) broken();
  }
}

function failed(fault) {
  if (!(fault instanceof Fault)) console.error(fault);
  state.fault = fault;
  changed();
}

let loading = false;

/// The cluster, and from there on the stream.
async function load() {
  if (loading) return;
  loading = true;
  try {
    const asked = Date.now() / 1000;
    const answer = await get('/api/cluster');
    const told = answer.directors.find((one) => one.local && one.overview)?.overview.time;
    if (told) state.skew = epoch(told) - (asked + Date.now() / 1000) / 2;
    const journal = state.cluster?.journal ?? [];
    state.cluster = {...model(answer, now()), journal};
    Object.assign(state, {fault: null, heard: now()});
    seen = answer.event;
    openStream();
  } finally {
    loading = false;
  }
  changed();
}

/// Entries that were asked for, beside those of the stream.
export function addJournal(entries) {
  state.cluster = {...state.cluster, journal: mergedJournal(state.cluster.journal, entries)};
  changed();
}

const MARK = 'signed-in';  // the cookie itself is hidden from the page

/// Takes a session up: {user, role, csrf, expires}. Where another user's is over, nothing of it goes on.
export async function enter(session) {
  if (state.session && state.session.user !== session.user) leave();
  remember(MARK, 'yes');
  Object.assign(state, {session, over: false, link: 'connecting'});
  setToken(session.csrf);
  changed();
  await again(true);
}

/// The session that the browser still has, if any. A browser that never had one does not ask.
export async function resume() {
  if (recall(MARK, 'yes') === null) return;
  try {
    const session = await get('/api/session');
    if (session) await enter(session);
  } catch (fault) {
    if (fault.status === 401) remember(MARK, null);
    else state.fault = fault;
    changed();
  }
}

const leavers = [];

/// What is to be forgotten with a session that is left.
export const atLeave = (forget) => leavers.push(forget);

export function leave() {
  closeStream();
  remember(MARK, null);
  Object.assign(state, {session: null, cluster: null, link: 'closed', over: false});
  setToken('');
  for (const forget of leavers) forget();
  changed();
}

/// The session is over: what is shown stays, and is not live.
function end() {
  if (!state.session || state.over) return;
  closeStream();
  Object.assign(state, {over: true, link: 'broken', retry: null, cluster: state.cluster && cutOff(state.cluster)});
  changed();
}

watchSession(end);

// A tab that slept has an old picture: it is asked for again before it is looked at.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && state.link === 'broken') again();
});
