// Elements as values, and the page made equal to them. Data reaches the page as text nodes and attributes only:
// names of servers and what they answer are foreign. Listeners go through one table, so views may be made anew often.

const SVG = 'http://www.w3.org/2000/svg';

/// h('button.danger', {onclick}, 'Drain'): a value; children may be nested lists, null and false are nothing.
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const given = props ?? {};
  const own = [...classes, given.class].filter(Boolean).join(' ');
  return {name, props: own ? {...given, class: own} : given, children: children.flat(Infinity).filter(shown).map(node), key: given.key};
}

const shown = (child) => child !== null && child !== undefined && child !== false && child !== '';
const node = (child) => (typeof child === 'object' ? child : {text: String(child)});

function dispatch(event) {
  this.listeners[event.type]?.call(this, event);
}

const asMember = new Set(['value', 'checked', 'indeterminate']);

function set(element, name, value) {
  if (name.startsWith('on')) {
    element.listeners ??= {};
    const type = name.slice(2);
    if (!(type in element.listeners)) element.addEventListener(type, dispatch, type === 'scroll' ? {passive: true} : undefined);
    element.listeners[type] = value;
  } else if (name === 'style') {
    for (const [property, text] of Object.entries(value ?? {})) element.style.setProperty(property, text);
  } else if (asMember.has(name)) {
    if (element[name] !== value) element[name] = value ?? '';
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

const silent = new Set(['key', 'ref']);

function setAll(element, props, before) {
  for (const name of Object.keys(before)) if (!(name in props) && !silent.has(name)) set(element, name, null);
  for (const [name, value] of Object.entries(props)) {
    const kept = asMember.has(name) && element !== document.activeElement;  // what somebody types is not taken back
    if (!silent.has(name) && (kept || value !== before[name])) set(element, name, value);
  }
}

let born = [];  // elements whose `ref` is called when they stand in the page

function create(value, svg) {
  if (value.text !== undefined) return (value.element = document.createTextNode(value.text));
  const inSvg = svg || value.name === 'svg';
  const element = inSvg ? document.createElementNS(SVG, value.name) : document.createElement(value.name);
  value.element = element;
  for (const child of value.children) element.append(create(child, inSvg));
  setAll(element, value.props, {});
  if (value.props.ref) born.push(value);
  return element;
}

function drop(value) {
  value.gone?.();
  value.children?.forEach(drop);
}

const alike = (one, other) => one.name === other.name && one.key === other.key && (one.text === undefined) === (other.text === undefined);

function update(before, after, svg) {
  if (before === after) return;  // kept from the last time
  const {element} = before;
  after.element = element;
  after.gone = before.gone;
  if (after.text !== undefined) {
    if (after.text !== before.text) element.data = after.text;
    return;
  }
  const inSvg = svg || after.name === 'svg';
  patch(element, before.children, after.children, inSvg);
  setAll(element, after.props, before.props);
}

function patch(parent, before, after, svg) {
  const keyed = new Map(before.filter((one) => one.key !== undefined).map((one) => [one.key, one]));
  const loose = before.filter((one) => one.key === undefined);
  const used = new Set();
  let next = 0;
  const match = (value) => {
    const found = value.key !== undefined ? keyed.get(value.key) : loose[next++];
    return found && !used.has(found) && alike(found, value) ? found : null;
  };
  const matched = after.map((value) => {
    const found = match(value);
    if (found) used.add(found);
    return found;
  });
  for (const old of before) {
    if (used.has(old)) continue;
    drop(old);
    old.element.remove();
  }
  let place = parent.firstChild;
  after.forEach((value, i) => {
    if (matched[i]) update(matched[i], value, svg);
    else create(value, svg);
    if (value.element === place) place = place.nextSibling;
    else parent.insertBefore(value.element, place);
  });
}

/// Makes the children of `root` equal to these values.
export function render(root, ...values) {
  const after = values.flat(Infinity).filter(shown).map(node);
  patch(root, root.shown ?? [], after, false);
  root.shown = after;
  const fresh = born;
  born = [];
  for (const value of fresh) value.gone = value.props.ref(value.element);
}

const region = () => document.getElementById('spoken');

/// Says something to who listens and does not look.
export function say(text) {
  const place = region();
  if (place && place.textContent !== text) place.textContent = text;
}

/// A `ref` that gives an element the focus when it comes up.
export const focused = (element) => {
  setTimeout(() => element.focus({preventScroll: true}), 0);
};
