// SPDX-License-Identifier: Apache-2.0
//
// bundle.mjs SOURCE WORK PAGE: bundles SOURCE/app.jsx and its styles into PAGE, copies the plain files, writes the
// licences of what is bundled and, last, the list of all files. Fails when a package has a licence that is not known
// to go with ours.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const [source, work, page] = process.argv.slice(2).map((each) => path.resolve(each));
const { build } = createRequire(path.join(work, 'package.json'))('esbuild');
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'];
const PLAIN = ['index.html', 'login.html', 'login.css', 'icon.svg'];

fs.rmSync(page, { recursive: true, force: true });
fs.mkdirSync(page, { recursive: true });

const { metafile } = await build({
  entryPoints: [path.join(source, 'app.jsx')],
  outdir: page,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  nodePaths: [path.join(work, 'node_modules')],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

for (const file of PLAIN) fs.copyFileSync(path.join(source, file), path.join(page, file));
fs.writeFileSync(path.join(page, 'licences.txt'), licences(packagesOf(metafile)));
const files = fs.readdirSync(page).sort();
fs.writeFileSync(path.join(page, 'files.txt'), files.join('\n') + '\n');

function packagesOf({ inputs }) {
  const found = new Set();
  for (const input of Object.keys(inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input);
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

function licences(names) {
  return names.map((name) => {
    const home = path.join(work, 'node_modules', name);
    const { version, license } = JSON.parse(fs.readFileSync(path.join(home, 'package.json')));
    if (!ALLOWED.includes(license)) throw new Error(`${name} has the licence ${license}`);
    const file = fs.readdirSync(home).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? fs.readFileSync(path.join(home, file), 'utf8') : '';
    return `${name} ${version}: ${license}\n\n${text}`;
  }).join('\n\n----\n\n');
}
