// What would keep somebody from using the page as it stands: names, headings, contrast, focus, sizes, references.
// The body of a function that WebDriver calls; its argument: the least size of what is touched, in CSS pixels, or 0.
const faults = [];
const least = arguments[0] ?? 0;
const shown = (element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && element.getClientRects().length > 0;
const hidden = (element) => element.closest('[aria-hidden="true"]') !== null;
const unseen = (element) => element.closest('.unseen') !== null;
const told = (element) => `${element.outerHTML.slice(0, 110).replaceAll('\n', ' ')}`;
const fault = (what, element) => faults.push(`${what}: ${told(element)}`);

function nameOf(element) {
  const by = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
  const images = [...element.querySelectorAll('img[alt]')].map((image) => image.alt).join(' ');
  return [by, element.getAttribute('aria-label'), labels, element.textContent, images, element.title].find((text) => text?.trim()) ?? '';
}

// Names and labels.
for (const element of document.querySelectorAll('a[href], button, summary, dialog, [role="region"], nav, svg[role]')) {
  if (shown(element) && !hidden(element) && !nameOf(element).trim()) fault('no name', element);
}
for (const element of document.querySelectorAll('input, select, textarea')) {
  const label = [...(element.labels ?? [])].some((one) => one.textContent.trim()) || element.getAttribute('aria-label');
  if (shown(element) && !label) fault('no label', element);
}
for (const element of document.querySelectorAll('img')) if (!element.hasAttribute('alt')) fault('no alt', element);
if (!document.documentElement.lang) faults.push('no language');
if (!document.title) faults.push('no title');

// Headings and landmarks.
const headings = [...document.querySelectorAll('h1, h2, h3, h4')].filter((one) => one.checkVisibility());
const mains = [...document.querySelectorAll('main')];
if (mains.length !== 1) faults.push(`${mains.length} main landmarks`);
if (document.querySelectorAll('main h1').length !== 1) faults.push(`${document.querySelectorAll('main h1').length} h1`);
let level = 0;
for (const heading of headings) {
  const own = Number(heading.tagName[1]);
  if (!heading.closest('dialog') && own > level + 1) fault(`heading skips from ${level}`, heading);
  if (!heading.closest('dialog')) level = own;
}

// Ids and references.
const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`id twice: ${id}`);
for (const attribute of ['aria-describedby', 'aria-labelledby', 'for', 'aria-controls']) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    for (const id of element.getAttribute(attribute).split(/\s+/)) if (!ids.includes(id)) fault(`${attribute} leads nowhere`, element);
  }
}

// Contrast of text with what is painted below it.
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
function rgba(text) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}
const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const contrast = (one, other) => (Math.max(light(one), light(other)) + 0.05) / (Math.min(light(one), light(other)) + 0.05);

function groundOf(element) {
  const layers = [];
  const svg = element.closest('svg');
  if (svg) {
    const box = element.getBoundingClientRect();
    const below = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).filter((one) => one.tagName === 'rect' && svg.contains(one));
    layers.push(...below.map((one) => rgba(getComputedStyle(one).fill)));
  }
  for (let one = svg ?? element; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
  const last = layers.findIndex((layer) => layer[3] > 0.99);
  const base = last < 0 ? rgba(getComputedStyle(document.documentElement).backgroundColor) : layers[last];
  return layers.slice(0, last < 0 ? undefined : last).reduceRight((ground, layer) => over(layer, ground), base);
}

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
const modal = document.querySelector('dialog[open]');
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || seen.has(element) || ['SCRIPT', 'STYLE', 'TITLE', 'title', 'OPTION', 'NOSCRIPT', 'TEXTAREA'].includes(element.tagName)) continue;
  seen.add(element);
  if (!shown(element) || unseen(element) || element.closest(':disabled') || (modal && !modal.contains(element))) continue;
  const style = getComputedStyle(element);
  const inSvg = element.closest('svg') !== null;
  const ink = over(rgba(inSvg ? style.fill : style.color), groundOf(element));
  const size = parseFloat(style.fontSize);
  const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  const found = contrast(ink, groundOf(element));
  if (found < wanted) fault(`contrast ${found.toFixed(2)}, wants ${wanted}`, element);
}

// Focus can be seen, and what is touched is large enough.
const before = document.activeElement;
for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
  if (element.tabIndex < 0 || element.disabled || !shown(element) || (modal && !modal.contains(element))) continue;
  if (element.tabIndex > 0) fault('tabindex above 0', element);
  const look = (one) => ['outlineStyle', 'outlineWidth', 'boxShadow', 'stroke', 'strokeWidth'].map((name) => getComputedStyle(one)[name]).join();
  const all = [element, ...element.querySelectorAll('rect'), element.parentElement];
  element.blur();
  const plain = all.map(look).join();
  element.focus({preventScroll: true, focusVisible: true});
  if (document.activeElement === element && all.map(look).join() === plain) fault('focus is not seen', element);
  const box = element.getBoundingClientRect();
  const inText = element.tagName === 'A' && getComputedStyle(element).display === 'inline';
  if (least && !inText && !element.closest('svg') && !element.closest('.skip') && (box.height < least || box.width < least)) fault(`small: ${Math.round(box.width)} x ${Math.round(box.height)}`, element);
}
before?.focus({preventScroll: true});
if (document.documentElement.scrollWidth > innerWidth + 1) faults.push(`wider than the screen: ${document.documentElement.scrollWidth} of ${innerWidth}`);
return [...new Set(faults)];
