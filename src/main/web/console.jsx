// SPDX-License-Identifier: Apache-2.0
// A console: a command, its arguments as JSON, and what came back. Completes from query-qmp-schema.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef, useState } from 'preact/hooks';
import { qmpText } from './api.js';
import { Icon } from './icons.jsx';
import { Panel } from './panel.jsx';
import { members, schema, typeAt, typeName, values } from './schema.js';

const MAX_RESULTS = 20;

const colours = HighlightStyle.define([
  { tag: tags.propertyName, class: 'hl-name' }, { tag: tags.string, class: 'hl-string' }, { tag: tags.number, class: 'hl-number' },
  { tag: [tags.bool, tags.null], class: 'hl-atom' },
]);

export function Console() {
  const command = useRef(null);
  const body = useRef(null);
  const places = [useRef(null), useRef(null)];
  const [results, setResults] = useState([]);
  const past = useRef({ list: [], at: 0 });

  const run = async () => {
    const name = command.current.state.doc.toString().trim();
    const args = body.current.state.doc.toString().trim() || '{}';
    if (!name) return;
    past.current.list.push([name, args]);
    past.current.at = past.current.list.length;
    const result = await qmpText(name, args).catch((e) => ({ status: 0, text: JSON.stringify({ error: { desc: e.message } }), millis: 0 }));
    setResults((before) => [{ ...result, name, key: past.current.list.length }, ...before].slice(0, MAX_RESULTS));
  };
  const back = (step) => {
    const { list } = past.current;
    past.current.at = Math.max(0, Math.min(list.length, past.current.at + step));
    const [name, args] = list[past.current.at] ?? ['', ''];
    fill(command.current, name);
    fill(body.current, args === '{}' ? '' : args);
    return true;
  };

  useEffect(() => {
    const enter = { key: 'Mod-Enter', run: () => { run(); return true; } };
    const up = [{ key: 'Alt-ArrowUp', run: () => back(-1) }, { key: 'Alt-ArrowDown', run: () => back(1) }];
    const next = { key: 'Enter', run: () => { body.current.focus(); startCompletion(body.current); return true; } };
    command.current = editor(places[0].current, 'command', [placeholder('query-block'), oneLine], [enter, ...up], commandSource, [next], 'Command');
    body.current = editor(places[1].current, 'arguments', [json(), placeholder('{ "device": "drive0" }'), closeBrackets(), bracketMatching(), EditorView.lineWrapping],
      [enter, ...up], argumentSource(command), [], 'Arguments, as JSON');
    return () => { command.current.destroy(); body.current.destroy(); };
  }, []);

  return (
    <Panel id="console" title="Console" note="Ctrl-Enter runs, Alt-↑ brings back">
      <div class="console">
        <div class="prompt">
          <div class="field" ref={places[0]} id="console-command" />
          <div class="field tall" ref={places[1]} id="console-arguments" />
          <button class="primary" onClick={run} id="console-run"><Icon name="run" />Run</button>
        </div>
        <div class="results" aria-live="polite" tabIndex={0} aria-label="Replies, the newest first">
          {results.length === 0 && <p class="empty">Replies appear here. Completion: Ctrl-Space.</p>}
          {results.map((each) => <Result key={each.key} result={each} />)}
        </div>
      </div>
    </Panel>
  );
}

function Result({ result }) {
  const good = result.status === 200;
  return (
    <article class={`result ${good ? '' : 'failed'}`}>
      <div class="row"><strong>{result.name}</strong><span class={`chip ${good ? 'run-on' : 'status-aborting'}`}>{result.status}</span><span class="figure">{result.millis.toFixed(1)} ms</span></div>
      <pre>{spread(result.text)}</pre>
    </article>
  );
}

function spread(text) {
  try {
    const reply = JSON.parse(text);
    // Beyond 53 bits a number that is parsed is another number: then the text stays as it is.
    return /\d{16,}/.test(text) ? text : JSON.stringify(reply.return ?? reply.error ?? reply, null, 2);
  } catch {
    return text;
  }
}

function editor(parent, name, extensions, keys, source, first, label) {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: '',
      extensions: [
        history(), syntaxHighlighting(colours), autocompletion({ override: [source], icons: false, activateOnTyping: true, interactionDelay: 0 }),
        EditorView.cspNonce.of(document.querySelector('meta[name="csp-nonce"]').content),
        EditorView.contentAttributes.of({ 'aria-label': label, 'data-editor': name }),
        Prec.high(keymap.of(keys)), keymap.of([...completionKeymap, ...first, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
        ...extensions,
      ],
    }),
  });
}

const oneLine = EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change));

function fill(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: text.length } });
}

async function commandSource(context) {
  const word = context.matchBefore(/[\w-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const entities = await schema();
  const options = [...entities.values()].filter((each) => each['meta-type'] === 'command').map((each) => ({ label: each.name, type: 'keyword' }));
  return { from: word.from, options, validFor: /^[\w-]*$/ };
}

/** Completes member names, and values of enumerations and booleans, by the place in the JSON text. */
const argumentSource = (command) => async (context) => {
  const entities = await schema();
  const name = command.current.state.doc.toString().trim();
  const text = context.state.doc.toString();
  const from = context.matchBefore(/[\w-]*$/)?.from ?? context.pos;
  // What is matched against the text stands without the quote, and takes its place with it.
  const open = text[from - 1] === '"' ? 1 : 0;
  if (!context.explicit && from === context.pos && !open) return null;
  const place = placeAfter(text.slice(0, from - open));
  const valueAt = (path) => path.reduce((value, step) => value?.[step], place.root);
  const close = text[context.pos] === '"' ? 1 : 0;
  const offer = (label, apply, detail) => ({ label, detail, apply: (view, done, start, end) => {
    view.dispatch({ changes: { from: start - open, to: end + close, insert: apply }, selection: { anchor: start - open + apply.length } });
  } });
  if (place.kind === 'value') {
    const type = typeAt(entities, name, place.path, valueAt);
    return { from, options: values(entities, type).map((each) => offer(each.replaceAll('"', ''), each, '')), filter: true };
  }
  const type = typeAt(entities, name, place.path, valueAt);
  const there = new Set(Object.keys(valueAt(place.path) ?? {}));
  const options = members(entities, type, valueAt(place.path)).filter((each) => !there.has(each.name)).map((each) =>
    offer(each.name, place.outside ? `{ "${each.name}": ` : `"${each.name}": `,
      `${typeName(entities, entities.get(each.type))}${'default' in each ? '' : ' · required'}`));
  return { from, options, filter: true };
};

/**
 * Where the end of an unfinished JSON text is: the path to it, whether a name or a value belongs there, and what has been
 * written so far.
 */
export function placeAfter(text) {
  const open = [];
  let root = {};
  let last = '';
  const put = (value) => {
    const top = open.at(-1);
    if (!top) root = value;
    else if (top.value) top.content[top.step] = value;
  };
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[\w.+-]+/g)) {
    const top = open.at(-1);
    if (token === '{' || token === '[') {
      const names = token === '{';
      const content = names ? {} : [];
      put(content);
      open.push({ content, names, step: names ? null : 0, value: !names });
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && top) Object.assign(top, { step: last, value: true });
    else if (token === ',' && top) Object.assign(top, top.names ? { step: null, value: false } : { step: top.step + 1 });
    else if (token !== ':' && token !== ',') {
      last = token.startsWith('"') ? token.slice(1, -1) : token;
      put(last);
    }
  }
  const top = open.at(-1);
  const outer = open.slice(0, -1).map((each) => each.step);
  return { kind: top?.value ? 'value' : 'name', path: top?.value ? [...outer, top.step] : outer, outside: !top, root };
}
