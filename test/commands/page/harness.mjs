// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the tests of the page share: the options, the questions that give the right
 * answers, and the browser.
 *
 * Every page that a test opens is watched: an error on the console, or a request for anything but
 * the page's own file, makes the test fail (checkQuiet).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const { values: options } = parseArgs({ options: {
	tool: { type: 'string' },     // plugsched-graph
	modules: { type: 'string' },  // a folder with node_modules
	report: { type: 'string' },
	other: { type: 'string' },    // a later report; without it the fixture's is changed here
	out: { type: 'string' },      // folder for pages and screenshots
	browser: { type: 'string', default: '/usr/bin/chromium' },
} });
for (const name of ['tool', 'modules', 'report', 'out'])
	if (!options[name])
		throw new Error(`page.mjs: --${name} is missing; test/commands/page/CMakeLists.txt shows how it is run`);

const require = createRequire(path.join(path.resolve(options.modules), 'package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

mkdirSync(options.out, { recursive: true });
export const out = (name) => path.join(path.resolve(options.out), name);

/** Runs the tool; returns status, stdout and stderr. */
export function run(...words) {
	return spawnSync(options.tool, words, { encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** The JSON answer to a question about a report. */
export function ask(report, ...words) {
	const { status, stdout, stderr } = run(report, ...words, '--json');
	assert.ok(status === 0 || status === 1, `${words.join(' ')}: ${stderr}`);
	return JSON.parse(stdout);
}

/** Writes a page. `words` are diff and the other report, or nothing. */
export function makePage(name, report, ...words) {
	const { status, stderr } = run(report, ...words, '--html', '-o', out(name));
	assert.equal(stderr, '');
	assert.ok(status === 0 || (words.length && status === 1), `exit status ${status}`);
	return out(name);
}

export function readReport(file) {
	return JSON.parse(readFileSync(file, 'utf8'));
}

/*
 * Root needs --no-sandbox. Memory in /dev/shm is scarce in containers, and a graphics process only
 * disturbs screenshots.
 */
const BROWSER_ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'];

let browser;

/**
 * Opens a file's page in the browser, with `hash` behind its name. Settings are those of a
 * Playwright context.
 */
export async function openPage(file, hash = '', settings = {}) {
	browser ??= await chromium.launch({ executablePath: options.browser, args: BROWSER_ARGUMENTS });
	const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, reducedMotion: 'reduce', ...settings });
	const page = await context.newPage();
	page.setDefaultTimeout(600000); // a busy machine takes its time
	page.troubles = [];
	page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.troubles.push(message.text()));
	page.on('pageerror', (error) => page.troubles.push(error.stack));
	page.on('dialog', (dialog) => { page.troubles.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	page.on('request', (request) => request.url().split('#')[0] !== `file://${file}` && page.troubles.push(`request: ${request.url()}`));
	await page.goto(`file://${file}${hash}`);
	await page.waitForSelector('html[data-ready]', { timeout: 600000 });
	return page;
}

/** Switches an open page to another state. */
export async function go(page, hash) {
	await page.evaluate((to) => new Promise((done) => {
		if ((location.hash || '#') === to)
			return done();
		addEventListener('hashchange', () => setTimeout(done), { once: true });
		return location.hash = to;
	}), hash);
}

/** Clicks a link to another state and waits until that is shown. */
export async function follow(page, link) {
	const shown = page.evaluate(() => new Promise((done) => addEventListener('hashchange', () => setTimeout(done), { once: true })));
	await page.click(link);
	await shown;
}

/** The address of an entry, as the page writes it. */
export const entryHash = (id, more = '') =>
	`#e=${encodeURIComponent(id).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',')}${more}`;

/** Presses every button that shows more of a list, until there is none. */
export async function showAll(page, within) {
	for (let buttons = page.locator(`${within} .more:visible`); await buttons.count();)
		await buttons.first().dispatchEvent('click');
}

export function checkQuiet(page) {
	assert.deepEqual(page.troubles, []);
}

/** Closes a page after checking that nothing went wrong on it. */
export async function close(page) {
	checkQuiet(page);
	await page.context().close();
}

export async function closeBrowser() {
	await browser?.close();
}

/**
 * The faults that axe-core finds, without minor ones. If `rules` is given, only these rules count.
 */
export async function accessibilityFaults(page, rules = null) {
	await page.evaluate(`globalThis.axe || ${axeSource}`);
	const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { resultTypes: ['violations'], ...(runOnly ? { runOnly } : {}) }), rules);
	return violations.filter(({ impact }) => impact !== 'minor').map(({ id, impact, nodes }) =>
		`${id} (${impact}): ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)}: ${node.any[0]?.message ?? ''}`).join('; ')}`);
}

/** The pairs of boxes in the drawing that overlap. */
export function overlaps(page) {
	return page.evaluate(() => {
		const boxes = document.getElementById('drawing')._cyreg.cy.nodes().map((node) => [node.data('label'), node.boundingBox()]);
		return boxes.flatMap(([l, a], i) => boxes.slice(i + 1).filter(([, b]) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2)
			.map(([r]) => `${l} and ${r}`));
	});
}

/**
 * A text with normalised white space, and without what the page inserts
 * between the pieces of a row.
 */
export const squeeze = (text) => text.replace(/[\s\u00a0·]+/g, ' ').trim();

/** A sample of many items, evenly distributed. */
export function sample(items, n) {
	return items.length <= n ? items : Array.from({ length: n }, (_, i) => items[Math.floor(i * items.length / n)]);
}
