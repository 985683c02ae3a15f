// The shapes that stand beside the words of states, and the words with them.
import {h} from './dom.js';
import {serverWord, wordOf} from './words.js';

// In a square of 16; `line`: drawn with a stroke, not filled.
const shapes = {
  disc: {path: 'M8 3a5 5 0 1 1 0 10a5 5 0 0 1 0-10z'},
  dot: {path: 'M8 5.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5z'},
  ring: {path: 'M8 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8z', line: true},
  dots: {path: 'M8 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8z', line: true, dash: '2 2'},
  diamond: {path: 'M8 1.5L14.5 8L8 14.5L1.5 8z'},
  cross: {path: 'M2 2h12v12h-12zM4.3 5.7L6.6 8L4.3 10.3L5.7 11.7L8 9.4L10.3 11.7L11.7 10.3L9.4 8L11.7 5.7L10.3 4.3L8 6.6L5.7 4.3z'},
  triangle: {path: 'M8 2L15 14H1z'},
  alarm: {path: 'M8 1L15.5 14.5H.5zM7 6v4.5h2V6zM7 11.5v2h2v-2z'},
  arrow: {path: 'M6.5 2h3v6h3.5L8 14L3 8h3.5z'},
  slash: {path: 'M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6zM4.6 11.4L11.4 4.6', line: true},
  scale: {path: 'M2 10h3V14H2zM6.5 6h3v8h-3zM11 2h3v12h-3z'},
};

/// The shape alone, for pictures: its middle at x, y.
export function shape(name, tone, x, y, size = 16) {
  const {path, line, dash} = shapes[name] ?? shapes.dots;
  const scale = size / 16;
  return h('path', {
    d: path, class: `mark ${line ? 'stroked' : 'filled'} tone-${tone}`, 'fill-rule': 'evenodd', 'stroke-dasharray': dash,
    transform: `translate(${x - size / 2} ${y - size / 2}) scale(${scale})`, 'aria-hidden': 'true',
  });
}

/// Shape and word of what wordOf gives.
export function badge(word, more = '') {
  return h(`span.badge.tone-${word.tone}`, null,
    h('svg.shape', {viewBox: '0 0 16 16', 'aria-hidden': 'true'}, shape(word.shape, word.tone, 8, 8)),
    h('span', null, word.word, more && ` ${more}`));
}

export const stateBadge = (kind, state, more) => badge(wordOf(kind, state), more);

export const serverBadge = (state, overlay) => badge(serverWord(state, overlay));
