// What an act will do, in sentences for the person who is asked to confirm it. Pure: the cluster as it is known.
import {ACTIVE, INACTIVE, NAME, STATE, WEIGHT} from './reduce.js';
import {elsewhere, groupOf, servicesOf} from './relate.js';
import {count, counted, permille, span} from './text.js';

/// Servers that would take new connections without this one, and their weight.
function others(pool, name) {
  const left = pool.servers.filter((one) => one[NAME] !== name && one[STATE] !== 'down' && one[WEIGHT] > 0);
  return {number: left.length, weight: left.reduce((sum, one) => sum + one[WEIGHT], 0)};
}

function poolAfter(director, pool, name) {
  const left = others(pool, name);
  const used = servicesOf(director, pool.name).map((service) => service.name);
  const whom = used.length ? `${used.slice(0, 3).join(', ')}${used.length > 3 ? ` and ${used.length - 3} more` : ''}` : 'no service';
  if (left.number === 0) {
    return {grave: true, text: pool.sorry
      ? `No other server of pool ${pool.name} takes new connections: new clients of ${whom} get the sorry server ${pool.sorry[0]} at best.`
      : `No other server of pool ${pool.name} takes new connections: ${whom} serves no new client.`};
  }
  const text = `${counted(left.number, 'server')} of pool ${pool.name} go on taking new connections of ${whom}`;
  if (left.weight < pool.quorum) return {grave: true, text: `${text}, but their weight ${left.weight} is below the quorum ${pool.quorum}.`};
  return {grave: false, text: `${text}.`};
}

const acts = {
  drain: (server, {deadline}) => [
    `${server[NAME]} gets no new connections (weight 0).`,
    `Its ${count(server[ACTIVE])} active and ${count(server[INACTIVE])} inactive connections stay; it leaves the table when none is left` +
      (deadline ? `, at the latest in ${span(deadline)}: what is left then is cut off.` : '.'),
  ],
  disable: (server) => [
    `${server[NAME]} leaves the table at once.`,
    `Its ${count(server[ACTIVE])} active connections end as net.ipv4.vs.expire_nodest_conn has it. To spare them, drain instead.`,
  ],
  weight: (server, {weight}) => [
    `${server[NAME]} gets weight ${weight} (now ${server[WEIGHT] ?? 'not in the table'}), whatever the file says, until it is taken back.`,
  ],
};

/// {grave, lines} of drain, disable or weight at a server.
export function serverEffect(director, pool, server, act, terms = {}) {
  const lines = acts[act](server, terms);
  const leaves = act !== 'weight' || terms.weight === 0;
  if (!leaves) return {grave: false, lines};
  const after = poolAfter(director, pool, server[NAME]);
  return {grave: after.grave, lines: [...lines, after.text]};
}

function connectionsAfter(sync, taker) {
  if (!sync) return {grave: true, text: 'There is no connection sync: established connections break.'};
  const there = taker?.director.overview?.sync;
  if (sync.parity_permille === null) return {grave: true, text: 'Whether the other director has the connections is not known.'};
  const text = `${permille(sync.parity_permille)} of the connections are on both directors`;
  if (!sync.synced || there?.synced === false) return {grave: true, text: `${text}, which is not enough: some established connections break.`};
  return {grave: false, text: `${text}: established connections go on.`};
}

/// {grave, lines, to} of handing over, or taking over, a virtual router.
export function switchEffect(cluster, director, router) {
  const leaves = router.state === 'master';
  const [other] = elsewhere(cluster, director.name, router);
  const taker = leaves ? other?.director.name ?? 'another director' : director.name;
  const giver = leaves ? director.name : other?.director.name ?? 'the master';
  const lines = [`${giver} hands ${router.name} (${counted(router.address_count, 'address', 'addresses')}) over to ${taker}.`];
  const group = groupOf(director, router).map((one) => one.name);
  if (group.length) lines.push(`Group ${router.group} moves as one: ${group.join(', ')} too.`);
  const after = connectionsAfter(director.overview.sync, other);
  lines.push(after.text);
  const ready = leaves ? other?.router.state === 'backup' && other.director.reachable : router.state === 'backup';
  if (!ready) lines.push(`No backup is known that could take over now: ${other ? `${other.director.name} says ${other.director.reachable ? other.router.state : 'nothing'}` : 'no other director is seen'}.`);
  lines.push(leaves ? 'It takes over from nobody whom it hears until you switch back.' : 'It advertises priority 254 until it is master no more.');
  return {grave: after.grave || !ready, lines, to: leaves ? 'backup' : 'master'};
}
