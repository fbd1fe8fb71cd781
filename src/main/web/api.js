// SPDX-License-Identifier: Apache-2.0
// The server's HTTP API. Every call is same-origin; the browser adds the cookie where there is one.

export class QmpError extends Error {
  constructor({ class: errorClass, desc }, violations) {
    super(desc);
    this.errorClass = errorClass;
    this.violations = violations ?? [];
  }
}

/** Runs a command. With `looks`, the server does not list it among the commands of clients. */
export async function qmp(command, args = {}, { looks = false } = {}) {
  const headers = { 'Content-Type': 'application/json' };
  if (looks) headers['X-Qblockd-Looks'] = '1';
  const response = await fetch(`/qmp/${command}`, { method: 'POST', headers, body: JSON.stringify(args) });
  if (response.status === 401) location.assign('/login');
  const reply = await response.json();
  if (reply.error) throw new QmpError(reply.error, reply.violations);
  return reply.return;
}

/** As `qmp`, but with arguments that are text already, so that large numbers stay exact. */
export async function qmpText(command, text) {
  const begin = performance.now();
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`/qmp/${encodeURIComponent(command)}`, { method: 'POST', headers, body: text });
  return { status: response.status, text: await response.text(), millis: performance.now() - begin };
}

export const look = (command, args) => qmp(command, args, { looks: true });

export async function figures() {
  const response = await fetch('/figures');
  if (!response.ok) throw new Error(`/figures: ${response.status}`);
  return response.json();
}

/** Follows events and commands; `connected` is told true and false. */
export function follow({ item, gap, connected }) {
  const source = new EventSource('/events?kind=all');
  source.addEventListener('hello', () => connected(true));
  source.addEventListener('gap', gap);
  for (const kind of ['event', 'command']) {
    source.addEventListener(kind, (message) =>
      item({ id: message.lastEventId, kind, content: JSON.parse(message.data) }));
  }
  source.onerror = () => connected(false);
  return () => source.close();
}
