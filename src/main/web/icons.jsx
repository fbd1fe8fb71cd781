// SPDX-License-Identifier: Apache-2.0
// Small pictures, drawn here.

const PATHS = {
  auto: 'M12 3a9 9 0 1 0 0 18V3z M12 3a9 9 0 0 1 0 18',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.4 1.4 M17.6 17.6 19 19 M5 19l1.4-1.4 M17.6 6.4 19 5',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  pause: 'M8 5v14 M16 5v14',
  play: 'M7 4.5v15l12-7.5z',
  cancel: 'M6 6l12 12 M18 6 6 18',
  done: 'M4.5 12.5l5 5 10-11',
  speed: 'M4 18a9 9 0 1 1 16 0 M12 14l4-5',
  run: 'M7 4.5v15l12-7.5z',
  close: 'M6 6l12 12 M18 6 6 18',
};

export function Icon({ name }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
      {PATHS[name].split(/ (?=M)/).map((path) => <path d={path} key={path} />)}
    </svg>
  );
}
