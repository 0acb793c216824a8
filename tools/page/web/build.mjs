// SPDX-License-Identifier: GPL-2.0-only
/**
 * Bundles src/ into one HTML file: build.mjs FOLDER-WITH-NODE_MODULES OUTPUT.
 *
 * Script and style are embedded in the page. Its content security policy lists their hashes and
 * forbids everything else, so the page cannot access the network, and no name from a report can
 * become a script.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The mark that the data replaces; page.c searches for it. */
const DATA_MARK = '@PLUGSCHED_DATA@';

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), 'src');

/** Libraries that are bundled into the page and whose licences must be included. */
const LIBRARIES = ['cytoscape', '@dagrejs/dagre', '@dagrejs/graphlib'];

/** The licences of these libraries as one comment. */
async function licences(work) {
	const texts = await Promise.all(LIBRARIES.map(async (name) => {
		const folder = path.join(work, 'node_modules', name);
		const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
		return `${name} ${version}\n\n${(await readFile(path.join(folder, 'LICENSE'), 'utf8')).trim()}`;
	}));
	return `/*\nThis page holds:\n\n${texts.join('\n\n').replaceAll('*/', '* /')}\n*/\n`;
}

async function bundle(work, entry) {
	const esbuild = createRequire(path.join(work, 'package.json'))('esbuild');
	const result = await esbuild.build({
		entryPoints: [path.join(source, entry)],
		bundle: true,
		minify: true,
		write: false,
		charset: 'utf8',
		format: 'iife',
		target: ['chrome123', 'firefox120', 'safari17.5'],
		legalComments: 'inline',
		nodePaths: [path.join(work, 'node_modules')],
		define: { 'process.env.NODE_ENV': '"production"' },
	});
	return result.outputFiles[0].text.trim();
}

/** Escapes text so that it cannot end the element that contains it. */
function inline(text, element) {
	if (element === 'script')
		return text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
	if (text.includes('</style'))
		throw new Error('the style sheet holds </style');
	return text;
}

function hash(text) {
	return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function replaceOnce(text, mark, value) {
	const parts = text.split(mark);
	if (parts.length !== 2)
		throw new Error(`${mark} stands ${parts.length - 1} times in the page`);
	return parts.join(value);
}

const [work, output] = process.argv.slice(2);
if (!output) {
	console.error('usage: build.mjs FOLDER-WITH-NODE_MODULES OUTPUT');
	process.exit(2);
}
const script = inline(await licences(path.resolve(work)) + await bundle(path.resolve(work), 'main.js'), 'script');
const style = inline(await bundle(path.resolve(work), 'page.css'), 'style');
let page = await readFile(path.join(source, 'page.html'), 'utf8');
page = replaceOnce(page, '@SCRIPT_HASH@', hash(script));
page = replaceOnce(page, '@STYLE_HASH@', hash(style));
page = replaceOnce(page, '@STYLE@', style);
page = replaceOnce(page, '@SCRIPT@', script);
replaceOnce(page, DATA_MARK, '');
await writeFile(output, page);
