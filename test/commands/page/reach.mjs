// SPDX-License-Identifier: GPL-2.0-only
/** The page for everyone: keyboard only, screen readers, dark mode, small screens, paper. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessibilityFaults, close, entryHash, go, makePage, openPage, options, out, overlaps, readReport } from './harness.mjs';

const report = readReport(options.report);
const own = report.functions.filter(({ scheduler }) => scheduler);
const called = own.find(({ uses_inside: inside, uses_outside: outside }) => inside + outside > 2);
const record = report.records.find(({ name }) => name === 'rq');

const views = () => ({
	home: '#own=1', function: entryHash(called.id, '&depth=2'), member: entryHash(report.members.find(({ scheduler }) => scheduler).id),
	struct: entryHash(`${record.file}:${record.kind} ${record.name}`), missing: '#e=nowhere.c:nobody', nothing: '#q=no+such+name',
});

const file = makePage('reach.html', options.report);
const compared = makePage('reach-compared.html', options.report, 'diff', options.other ?? options.report);

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;

describe('reach', () => {
	// in the dark only colours differ
	for (const [colorScheme, rules] of [['light', null], ['dark', ['color-contrast']]])
		it(`has no faults that axe-core finds, ${colorScheme}`, async () => {
			const page = await openPage(file, '#', { colorScheme });
			for (const [name, hash] of Object.entries(views())) {
				if (rules && !['function', 'struct'].includes(name))
					continue;
				await go(page, hash);
				assert.deepEqual(await accessibilityFaults(page, rules), [], name);
				await page.screenshot({ path: out(`${name}-${colorScheme}.png`) });
			}
			await close(page);
			const changes = await openPage(compared, '#view=changes', { colorScheme });
			assert.deepEqual(await accessibilityFaults(changes, rules), []);
			await close(changes);
		});

	it('fits 360 pixels, and 200 % of 1280', async () => {
		for (const width of [360, 640]) {
			const page = await openPage(file, '#', { viewport: { width, height: 740 } });
			for (const [name, hash] of Object.entries(views())) {
				await go(page, hash);
				assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} at ${width}`);
				if (name === 'function')
					assert.deepEqual(await overlaps(page), [], `${name} at ${width}`);
				if (width === 360)
					await page.screenshot({ path: out(`${name}-${width}.png`), fullPage: true });
			}
			assert.deepEqual(await accessibilityFaults(page), []);
			await close(page);
			const changes = await openPage(compared, '#view=changes', { viewport: { width, height: 740 } });
			assert.ok(await changes.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `changes at ${width}`);
			await close(changes);
		}
	});

	it('is used with the keyboard alone', async () => {
		const page = await openPage(file);
		const active = () => page.evaluate(() => document.activeElement.id);
		await page.keyboard.press('Tab');
		assert.equal(await active(), 'skip');
		await page.keyboard.press('/');
		assert.equal(await active(), 'q');
		await page.keyboard.type(called.name);
		await page.keyboard.press('ArrowDown');
		assert.equal(await page.getAttribute('#q', 'aria-activedescendant'), 'option-0');
		await page.keyboard.press('Enter');
		assert.equal(await page.locator('h1').textContent(), called.name);
		assert.equal(await active(), 'entry');
		for (let i = 0; i < 40 && await active() !== 'drawing'; i++)
			await page.keyboard.press('Tab');
		assert.equal(await active(), 'drawing');
		await page.keyboard.press('ArrowLeft'); // the root
		await page.keyboard.press('ArrowLeft');
		const said = (await page.locator('#live').textContent()).split(',')[0];
		assert.notEqual(said, called.name);
		await page.keyboard.press('Enter');
		assert.equal(await page.locator('h1').textContent(), said);
		await close(page);
	});

	it('says how many are found', async () => {
		const page = await openPage(file);
		await page.fill('#q', called.name);
		assert.equal(await page.locator('#live').textContent(), await page.locator('#count').textContent());
		assert.equal(await page.getAttribute('#live', 'aria-live'), 'polite');
		await close(page);
	});

	it('says in words what is drawn', async () => {
		const page = await openPage(file, entryHash(called.id));
		const lines = await page.evaluate(() => document.getElementById('drawing')._cyreg.cy.edges().length);
		assert.ok(lines > 0);
		assert.ok((await page.getAttribute('#drawing', 'aria-label')).includes(`${lines} line`));
		await page.click('.as-list summary');
		assert.equal(await page.locator('.as-list li').count(), lines);
		await close(page);
	});

	it('is light or dark as the system is, or as the reader says', async () => {
		const page = await openPage(file, entryHash(called.id), { colorScheme: 'dark' });
		const fill = () => page.evaluate(() => document.getElementById('drawing')._cyreg.cy.nodes('.root').style('background-color'));
		assert.ok(brightness(await background(page)) < 80);
		const dark = await fill();
		await page.click('#theme');
		assert.ok(brightness(await background(page)) > 200, 'light was chosen');
		assert.notEqual(await fill(), dark);
		await page.click('#theme');
		assert.ok(brightness(await background(page)) < 80, 'dark was chosen');
		await page.click('#theme');
		await page.emulateMedia({ colorScheme: 'light' });
		assert.ok(brightness(await background(page)) > 200, 'as the system is');
		await close(page);
	});

	it('prints what is read, not what is clicked', async () => {
		const page = await openPage(file, entryHash(called.id), { colorScheme: 'dark' });
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		assert.equal(await page.locator('.finder').isVisible(), false);
		assert.equal(await page.locator('#drawing').isVisible(), false);
		assert.ok(await page.locator('.sentence').isVisible());
		assert.ok(brightness(await background(page)) > 200);
		await page.screenshot({ path: out('print.png') });
		await close(page);
	});
});
