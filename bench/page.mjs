// SPDX-License-Identifier: GPL-2.0-only
/**
 * How fast the page of plugsched-graph --html is, in headless Chromium.
 *
 *   node bench/page.mjs --modules FOLDER PAGE...
 *
 *   PAGE             a file that plugsched-graph --html wrote
 *   --modules FOLDER where the libraries of test/commands/page are (default:
 *                    build/plain/test/commands/page/npm, which its tests fill)
 *   --browser FILE   default: /usr/bin/chromium
 *
 * "usable" is the time from opening to the first view. "key" is the time from a keystroke
 * in the search field until the list is painted, for names typed letter by letter. "entry"
 * is the time from choosing an entry until its page with the drawing is painted. Each is
 * given as median and worst. "memory" is what the page's process has at the end and does
 * not share with other processes.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals: files } = parseArgs({ allowPositionals: true, options: {
	modules: { type: 'string', default: 'build/plain/test/commands/page/npm' }, browser: { type: 'string', default: '/usr/bin/chromium' },
} });
if (!files.length) {
	console.error('usage: node bench/page.mjs [--modules FOLDER] [--browser FILE] PAGE...');
	process.exit(2);
}
const { chromium } = createRequire(path.join(path.resolve(options.modules), 'package.json'))('playwright-core');

const WORDS = ['wake_up', 'update_rq_clock', 'kernel/sched/fair', 'rq', 'zzz'];

/** Runs in the page: measures how long each of the letters takes. */
async function typeAll(words) {
	const times = [], input = document.getElementById('q');
	const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
	for (const word of words)
		for (let n = 1; n <= word.length; n++) {
			const begin = performance.now();
			input.value = word.slice(0, n);
			input.dispatchEvent(new Event('input', { bubbles: true }));
			await painted();
			times.push(performance.now() - begin);
		}
	input.value = '';
	input.dispatchEvent(new Event('input', { bubbles: true }));
	await painted();
	return times;
}

/** Runs in the page: measures how long each of the first entries found takes. */
async function openAll(n) {
	const times = [];
	const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
	for (let i = 0; i < n; i++) {
		const begin = performance.now();
		document.getElementById(`option-${i}`).click();
		await painted();
		times.push(performance.now() - begin);
	}
	return times;
}

function figures(times) {
	const sorted = [...times].sort((l, r) => l - r);
	return `${sorted[Math.floor(sorted.length / 2)].toFixed(0)} / ${sorted.at(-1).toFixed(0)}`;
}

/** The private memory of the browser's largest page, in MiB. */
async function largestRenderer(browser) {
	const session = await browser.newBrowserCDPSession();
	const { processInfo } = await session.send('SystemInfo.getProcessInfo');
	await session.detach();
	return Math.max(...processInfo.filter(({ type }) => type === 'renderer')
		.map(({ id }) => [...readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+:\s*(\d+)/gm)]
			.reduce((sum, [, kib]) => sum + Number(kib) / 1024, 0)));
}

async function measure(browser, file) {
	const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
	await page.goto(`file://${path.resolve(file)}`);
	const ready = await (await page.waitForSelector('html[data-ready]')).getAttribute('data-ready');
	const entries = (await page.locator('#count').textContent()).split(' ')[0];
	const keys = await page.evaluate(typeAll, WORDS), opened = await page.evaluate(openAll, 15);
	const resident = await largestRenderer(browser);
	await page.close();
	return [path.basename(file), (statSync(file).size / 1e6).toFixed(2), entries, `${ready} ms`, `${figures(keys)} ms`, `${figures(opened)} ms`,
		`${resident.toFixed(0)} MiB`];
}

const browser = await chromium.launch({ executablePath: options.browser, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
const print = (row) => console.log(row.map((cell, i) => (i ? cell.padStart(13) : cell.padEnd(24))).join(''));
print(['page', 'MB', 'entries', 'usable', 'key', 'entry', 'memory']);
for (const file of files)
	print(await measure(browser, file));
await browser.close();
