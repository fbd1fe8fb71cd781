// SPDX-License-Identifier: Apache-2.0
// Figures as people read them.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value) {
  if (value == null || Number.isNaN(value)) return '–';
  let unit = 0;
  let rest = Math.abs(value);
  while (rest >= 1024 && unit < UNITS.length - 1) { rest /= 1024; unit++; }
  const digits = unit === 0 || rest >= 100 ? 0 : rest >= 10 ? 1 : 2;
  return `${value < 0 ? '-' : ''}${Number(rest.toFixed(digits))} ${UNITS[unit]}`;
}

export const rate = (value) => `${bytes(value)}/s`;

export function count(value) {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : value >= 1e4 ? `${(value / 1e3).toFixed(1)} k` : `${Math.round(value)}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 60) return `${Math.max(0, Math.ceil(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const micros = (value) => (value < 1000 ? `${value.toFixed(0)} µs` : `${(value / 1000).toFixed(1)} ms`);

export const percent = (part, whole) => (whole > 0 ? Math.min(100, (100 * part) / whole) : 0);

export function clock(stamp) {
  const date = stamp ? new Date(stamp.seconds * 1000 + stamp.microseconds / 1000) : new Date();
  return date.toLocaleTimeString('en-GB') + '.' + String(date.getMilliseconds()).padStart(3, '0');
}

/** A size as a user types it: 10M, 1.5 GiB, 4096. */
export function parseSize(text) {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?(?:\/s)?\s*$/i.exec(text);
  if (!match) return null;
  return Math.round(Number(match[1]) * 1024 ** (' kmgtp'.indexOf(match[2].toLowerCase() || ' ')));
}

/** The last part of a file's name; nothing for a node that is described by options instead. */
export const fileName = (path) => (path && !path.startsWith('json:') ? path.slice(path.lastIndexOf('/') + 1) : '');
