// From numbers to places in a plot: round steps, times on the axis, lines with gaps. No DOM.

/// A round number above `most`, and the steps up to it: {top, steps}.
export function roundTop(most, wanted = 3) {
  if (!(most > 0)) return {top: 1, steps: [0, 1]};
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const number = Math.ceil(most / step - 1e-9);
  return {top: number * step, steps: Array.from({length: number + 1}, (_, i) => i * step)};
}

/// {from, series} without the time before anything was known; `least`: seconds that stay.
export function known({step_s, from, series}, least = 300) {
  const all = Object.values(series);
  const length = Math.max(0, ...all.map((values) => values.length));
  const begins = all.map((values) => values.findIndex((value) => value !== null)).filter((at) => at >= 0);
  const first = Math.max(0, Math.min(...begins, length - Math.ceil(least / step_s)));
  return {from: from + first * step_s, series: Object.fromEntries(Object.entries(series).map(([name, values]) => [name, values.slice(first)]))};
}

const strides = [60, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800];

/// Round times between two, not more than `most`. `offset`: of the zone, in seconds.
export function timeSteps(from, until, most, offset = 0) {
  const stride = strides.find((size) => (until - from) / size <= most) ?? 604800;
  const first = Math.ceil((from + offset) / stride) * stride - offset;
  const found = [];
  for (let at = first; at <= until; at += stride) found.push(at);
  return {stride, times: found};
}

/// An SVG path; null is a gap, and a lone value a short dash. y grows downwards.
export function linePath(values, width, height, top) {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const place = (value, i) => `${(i * step).toFixed(1)} ${(height - (value / top) * height).toFixed(1)}`;
  let path = '';
  values.forEach((value, i) => {
    if (value === null || value === undefined) return;
    const begins = i === 0 || values[i - 1] === null || values[i - 1] === undefined;
    path += `${begins ? 'M' : 'L'}${place(value, i)}`;
    if (begins && (i + 1 === values.length || values[i + 1] === null)) path += 'h1';
  });
  return path;
}

/// At most `most` values, each the largest of those that it stands for: peaks stay to be seen.
export function thinned(values, most) {
  if (values.length <= most) return values;
  const each = values.length / most;
  return Array.from({length: most}, (_, i) => {
    const part = values.slice(Math.floor(i * each), Math.floor((i + 1) * each)).filter((value) => value !== null);
    return part.length ? Math.max(...part) : null;
  });
}

/// Stretches of places where `of(value)` holds: [[first, last], …].
export function stretches(values, of) {
  const found = [];
  values.forEach((value, i) => {
    if (!of(value)) return;
    if (found.length && found.at(-1)[1] === i - 1) found.at(-1)[1] = i;
    else found.push([i, i]);
  });
  return found;
}
