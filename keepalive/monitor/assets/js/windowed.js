// A list of any length of which only the rows on the screen are elements. The page scrolls, not the list.
import {h} from './dom.js';
import {changed} from './store.js';

const MARGIN = 600;  // pixels above and below that are drawn, too
const STEP = 4;      // rows that come and go at once

/// Places of rows: the sum of heights before each, and of all at the end.
function places(items, height) {
  const tops = new Float64Array(items.length + 1);
  items.forEach((item, i) => (tops[i + 1] = tops[i] + height(item)));
  return tops;
}

/// The first row whose end is below `y`.
function rowAt(tops, y) {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle + 1] > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/// A list with a memory of where it stands: {view(items, height, row)}.
export function windowed() {
  let element = null;
  let tops = new Float64Array(1);
  let drawn = '';
  const range = () => {
    const top = element ? element.getBoundingClientRect().top : innerHeight / 2;
    const first = rowAt(tops, -top - MARGIN);
    const last = rowAt(tops, innerHeight - top + MARGIN) + 1;
    return [first - (first % STEP), Math.min(tops.length - 1, last + STEP - (last % STEP))];
  };
  const scrolled = () => {
    if (range().join() !== drawn) changed();
  };
  const attach = (made) => {
    element = made;
    addEventListener('scroll', scrolled, {passive: true});
    addEventListener('resize', changed);
    changed();
    return () => {
      removeEventListener('scroll', scrolled);
      removeEventListener('resize', changed);
    };
  };
  /// row(item, index): an element whose height is what `height` says.
  function view(items, height, row, props = {}) {
    tops = places(items, height);
    const [first, last] = range();
    drawn = range().join();
    const placed = items.slice(first, last).map((item, i) => {
      const made = row(item, first + i);  // where a row stands does not change with the others: what is painted stays so
      return h('div.place', {key: made.key, role: 'presentation', style: {top: `${tops[first + i]}px`}}, made);
    });
    return h('div.windowed', {...props, ref: attach, style: {height: `${tops.at(-1)}px`}}, placed);
  }
  return {view};
}
