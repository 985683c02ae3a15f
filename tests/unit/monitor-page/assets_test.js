import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import test from 'node:test';

const assets = new URL('../../../keepalive/monitor/assets/', import.meta.url);
const text = (name) => readFileSync(new URL(name, assets), 'utf8');
const modules = readdirSync(new URL('js/', assets)).sort().map((name) => `js/${name}`);

test('index.html names each module once, so that none waits for another to be read', () => {
  const named = [...text('index.html').matchAll(/modulepreload" href="\/(js\/[\w-]+\.js)"/g)].map(([, name]) => name);
  assert.deepEqual(named, modules);
});

test('nothing is inline, and nothing comes from elsewhere: the content security policy forbids both', () => {
  assert.doesNotMatch(text('index.html'), /<script(?! type="module" src="\/)|<style|\sstyle=|\son\w+=|https?:\/\//);
  for (const name of [...modules, 'style.css']) assert.doesNotMatch(text(name).replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\/\w|@import|url\(/, name);
});

test('no module makes markup or code of text: names and answers of servers are foreign', () => {
  for (const name of modules) assert.doesNotMatch(text(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:/, name);
});

test('what a module takes from another is there', () => {
  for (const name of modules) {
    for (const [, list, from] of text(name).matchAll(/import \{([^}]*)\} from '\.\/([\w-]+\.js)'/g)) {
      for (const word of list.split(',').map((part) => part.trim().split(' as ')[0])) {
        assert.match(text(`js/${from}`), new RegExp(`export (?:async )?(?:const|let|function|class) ${word}\\b|export \\{[^}]*\\b${word}\\b`), `${name}: ${word} of ${from}`);
      }
    }
  }
});

test('what a module gives is taken by another one, or by a test', () => {
  const here = new URL('./', import.meta.url);
  const tests = readdirSync(here).filter((name) => name.endsWith('.js')).map((name) => readFileSync(new URL(name, here), 'utf8'));
  const takes = (code, from, word) => [...code.matchAll(/import \{([^}]*)\} from '[^']*?([\w-]+\.js)'/g)]
    .some(([, list, whose]) => whose === from && list.split(',').some((part) => part.trim().split(' as ')[0] === word));
  for (const name of modules) {
    const all = [...modules.filter((other) => other !== name).map(text), ...tests];
    for (const [, word] of text(name).matchAll(/^export (?:async )?(?:const|let|function|class) (\w+)/gm)) {
      assert.ok(all.some((code) => takes(code, name.slice(3), word)), `${name}: nobody takes ${word}`);
    }
  }
});

test('each address within the page is made for somebody', () => {
  const all = modules.map(text).join('\n');
  const made = /export const to = \{(.*?)^\};/ms.exec(text('js/route.js'))[1];
  for (const [, word] of made.matchAll(/^  (\w+):/gm)) assert.match(all, new RegExp(`\\bto\\.${word}\\b`), word);
});

test('files have at most 450 lines, functions at most 60', () => {
  for (const name of [...modules, 'style.css', 'index.html']) {
    const lines = text(name).split('\n');
    assert.ok(lines.length <= 451, `${name}: ${lines.length}`);
    let start = null;
    lines.forEach((line, i) => {
      if (/^(?:export )?(?:async )?(?:function|const \w+ = .*(?:=>|\() ?[{(]$)/.test(line)) start = i;
      if (start !== null && /^[})]/.test(line)) {
        assert.ok(i - start < 60, `${name}:${start + 1}: ${i - start + 1} lines`);
        start = null;
      }
    });
  }
});
