// Values over time as a drawing: one to three lines, times when it was down, and what stands under the pointer.
import {h} from './dom.js';
import {changed} from './store.js';
import {linePath, roundTop, stretches, thinned, timeSteps} from './scale.js';
import {clock, moment} from './text.js';

const SIZE = {height: 132, left: 74, right: 10, top: 8, bottom: 20};
const MOST = 700;
const day = 86400;

const look = new Map();  // of each plot by its name: width, and where the pointer is

function frame(name) {
  if (!look.has(name)) look.set(name, {width: 0, at: null});
  return look.get(name);
}

function measure(own) {
  return (element) => {
    const watcher = new ResizeObserver(([entry]) => {
      own.width = entry.contentRect.width;
      changed();
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  };
}

const dayOf = (at) => new Date(at * 1000).toLocaleDateString('en', {weekday: 'short', day: 'numeric', month: 'short'});

function axes(own, data, top, steps, format) {
  const w = own.width - SIZE.left - SIZE.right;
  const until = data.from + data.step_s * (data.length - 1);
  const offset = -new Date(data.from * 1000).getTimezoneOffset() * 60;
  const {stride, times} = timeSteps(data.from, until, Math.max(2, Math.floor(w / 90)), offset);
  const x = (at) => ((at - data.from) / (until - data.from)) * w;
  return [
    steps.map((step) => {
      const y = SIZE.height - (step / top) * SIZE.height;
      return h('g', {key: `y ${step}`}, h('path', {d: `M0 ${y}H${w}`, class: 'grid'}), h('text', {x: -8, y: y + 4, class: 'small end'}, format(step)));
    }),
    times.map((at) => h('g', {key: `x ${at}`}, h('path', {d: `M${x(at)} 0V${SIZE.height}`, class: 'grid faint'}),
      h('text', {x: x(at), y: SIZE.height + 15, class: 'small middle'}, stride >= day ? dayOf(at) : clock(at).slice(0, 5)))),
  ];
}

/// series: [{name, values, line}]; line: 'first', 'second', 'third'. data: {from, step_s, up}.
export function plot(name, series, data, format) {
  const own = frame(name);
  const length = Math.max(...series.map(({values}) => values.length), 2);
  const w = Math.max(own.width - SIZE.left - SIZE.right, 10);
  const most = Math.max(0, ...series.flatMap(({values}) => values.filter((value) => value !== null)));
  const {top, steps} = roundTop(most);
  const downs = stretches(data.up ?? [], (value) => value !== null && value < 1);
  const unit = w / (length - 1);
  const move = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.round((event.clientX - box.left - SIZE.left) / unit);
    own.at = at >= 0 && at < length ? at : null;
    changed();
  };
  const keys = (event) => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!step) return;
    event.preventDefault();
    own.at = Math.min(length - 1, Math.max(0, (own.at ?? length - 1) + step * Math.max(1, Math.round(length / 120))));
    changed();
  };
  const leave = () => {
    own.at = null;
    changed();
  };
  return h('figure.plot', {key: name},
    h('figcaption', null, h('span.strong', null, name), legend(series, own.at, format), h('span.faint', null, own.at === null ? '' : moment(data.from + own.at * data.step_s))),
    h('div.frame', {ref: measure(own)}, own.width > 0 && h('svg', {width: own.width, height: SIZE.height + SIZE.top + SIZE.bottom, tabindex: 0, role: 'img',
      'aria-label': described(name, series, format, downs.length), onpointermove: move, onpointerleave: leave, onkeydown: keys, onblur: leave},
    h('g', {transform: `translate(${SIZE.left} ${SIZE.top})`},
      downs.map(([first, last]) => h('rect', {key: `down ${first}`, x: first * unit, y: 0, width: Math.max(2, (last - first) * unit), height: SIZE.height, class: 'down'}, h('title', null, 'down'))),
      axes(own, {...data, length}, top, steps, format),
      series.map(({name: what, values, line}) => h('path', {key: what, d: linePath(thinned(values, MOST), w, SIZE.height, top), class: `line ${line}`})),
      own.at !== null && h('path', {key: 'pointer', d: `M${own.at * unit} 0V${SIZE.height}`, class: 'pointer'})))));
}

function legend(series, at, format) {
  return series.map(({name, values, line}) => {
    const place = at ?? values.findLastIndex((value) => value !== null);
    return h(`span.legend.${line}`, {key: name}, h('svg', {width: 18, height: 8, 'aria-hidden': 'true'}, h('path', {d: 'M0 4H18', class: `line ${line}`})), `${name} `, h('b', null, format(values[place] ?? null)));
  });
}

function described(name, series, format, downs) {
  const told = series.map(({name: what, values}) => {
    const there = values.filter((value) => value !== null);
    return there.length ? `${what}: now ${format(there.at(-1))}, at most ${format(Math.max(...there))}` : `${what}: no values`;
  });
  return `${name}. ${told.join('; ')}.${downs ? ` Down ${downs} times.` : ''}`;
}
