// SPDX-License-Identifier: GPL-2.0-only
/**
 * Searching, filtering, and the page of an entry: checked against the report and the answers of
 * plugsched-graph.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, close, entryHash, go, makePage, openPage, options, out, overlaps, readReport, sample, showAll, squeeze } from './harness.mjs';

const report = readReport(options.report);
const nodes = [...report.functions, ...report.variables, ...report.members];
const names = [...nodes.map(({ name }) => name), ...report.records.map(({ name }) => name)];
const own = report.functions.filter((node) => node.scheduler);

const textOf = (page, selector) => page.locator(selector).first().textContent();
const foundCount = async (page) => Number((await textOf(page, '#count')).replace(/\D/g, '')) || 0;

async function type(page, text) {
	await page.fill('#q', text);
	return foundCount(page);
}

/** The sorted ids of the drawn nodes. */
function drawn(page) {
	return page.evaluate(() => document.getElementById('drawing')._cyreg.cy.nodes().map((node) => node.data('label')));
}

/** The nodes in the answers to callers and to callees. */
function around(id, depth) {
	const ids = new Set();
	for (const question of ['callers', 'callees'])
		for (const node of ask(options.report, question, id, '--depth', String(depth)).nodes)
			ids.add(node.id);
	return ids;
}

describe('entries', () => {
	let page;
	before(async () => { page = await openPage(makePage('report.html', options.report)); });
	after(() => close(page));

	it('counts what info counts', async () => {
		const rows = ask(options.report, 'info').rows.filter(({ role }) => role === 'counts');
		for (const { values } of rows) {
			const kind = values.kind.slice(0, -1).replace('struct ', '');
			const cells = await page.locator(`#classes tr[data-kind="${kind}"] td`).allTextContents();
			const figures = cells.map((cell) => Number(cell.replace(',', '').replace('–', '0')));
			assert.deepEqual(figures, [values.internal, values.interface, values.external], kind);
		}
		assert.equal(rows.length, 3);
		await page.screenshot({ path: out('home.png') });
	});

	it('finds every name that holds what is typed, and the name itself first', async () => {
		for (const part of ['rq', 'wa', '__', '.n', 'Sc'])
			assert.equal(await type(page, part), names.filter((name) => name.toLowerCase().includes(part.toLowerCase())).length, part);
		for (const { name } of sample(own, 12)) {
			assert.ok(await type(page, name) > 0);
			assert.equal(await textOf(page, '#option-0 .row-name'), name);
		}
		assert.equal(await type(page, 'no such name anywhere'), 0);
		await type(page, '');
	});

	it('filters as list does', async () => {
		for (const [name, kind] of [['internal', 'function'], ['interface', 'function'], ['external', 'variable'], ['internal', 'member']]) {
			await go(page, `#class=${name}&kind=${kind}&own=1`);
			assert.equal(await foundCount(page), ask(options.report, 'list', '--class', name, '--kind', kind).rows.length, `${name} ${kind}`);
		}
		const [{ file }] = own;
		await go(page, `#file=${file}&kind=function`);
		assert.equal(await foundCount(page), ask(options.report, 'list', '--file', file, '--kind', 'function').rows.length, file);
		await go(page, '#reason=waits');
		assert.equal(await foundCount(page), nodes.filter(({ reason }) => reason === 'waits').length);
		await go(page, '#');
		await page.selectOption('.filters select >> nth=0', 'interface');
		assert.match(page.url(), /#class=interface$/);
		await page.click('text=Clear filters');
		assert.equal(await foundCount(page), names.length);
	});

	it('keeps a long list short', async () => {
		await go(page, '#');
		assert.ok(await page.locator('.row').count() < 60);
		await page.locator('#results').evaluate((list) => { list.scrollTop = list.scrollHeight; });
		await page.waitForSelector(`#option-${names.length - 1}`);
	});

	it('says of an entry what why says', async () => {
		const some = [...sample(own, 14), ...sample(report.variables, 4), ...sample(report.members, 4)];
		for (const node of some) {
			const rows = ask(options.report, 'why', node.id).rows;
			await go(page, entryHash(node.id));
			assert.equal(await textOf(page, 'h1'), node.name);
			assert.equal((await textOf(page, '.entry-head .badge')).trim().split(' ').pop(), node.class);
			assert.equal(await textOf(page, '.sentence'), node.why);
			assert.equal(await textOf(page, '.reason .code'), node.reason);
			assert.equal(await textOf(page, '.signature'), node.signature ?? node.type);
			assert.equal(await textOf(page, '.entry-head .place'), `${node.file}:${node.line}`);
			const chain = rows.filter(({ role }) => ['link', 'cause', 'user'].includes(role)).map(({ text }) => squeeze(text));
			await showAll(page, '#chain');
			assert.deepEqual((await page.locator('#chain li').allTextContents()).map(squeeze), chain, node.id);
		}
	});

	it('lists callers and callees, inside and outside', async () => {
		for (const node of sample(own, 10)) {
			await go(page, entryHash(node.id));
			for (const question of ['callers', 'callees']) {
				const rows = ask(options.report, question, node.id).rows.filter((row) => ['caller', 'callee'].includes(row.role) && row.node);
				await showAll(page, `#${question}`);
				const shown = await page.locator(`#${question} .line-name .name`).allTextContents();
				assert.deepEqual(new Set(shown), new Set(rows.map((row) => row.text.split('  ')[0])), `${question} of ${node.id}`);
			}
		}
	});

	it('draws what callers and callees answer', async () => {
		let most = 0;
		for (const depth of [1, 2])
			for (const node of sample(own, depth === 1 ? 12 : 5)) {
				const ids = around(node.id, depth);
				await go(page, entryHash(node.id, `&depth=${depth}&limit=250`));
				const labels = await drawn(page);
				assert.equal(labels.length, Math.min(ids.size, 251), `${node.id}, depth ${depth}`);
				assert.equal(await page.locator('.note.warning').count(), ids.size > 251 ? 1 : 0);
				most = Math.max(most, labels.length);
			}
		assert.ok(most > 3, 'nothing was drawn');
	});

	it('draws no node over another', async () => {
		const busiest = [...own].sort((l, r) => r.uses_outside + r.uses_inside - l.uses_outside - l.uses_inside).slice(0, 4);
		for (const { id } of busiest)
			for (const depth of [1, 2]) {
				await go(page, entryHash(id, `&depth=${depth}&limit=120`));
				assert.deepEqual(await overlaps(page), [], id);
			}
		await go(page, entryHash(busiest[0].id));
		await page.screenshot({ path: out('function.png') });
		await page.locator('.neighbourhood').screenshot({ path: out('drawing.png') });
	});

	it('says so when the drawing is cut', async () => {
		const hub = sample(own, 15).find(({ id }) => around(id, 3).size > 40);
		if (!hub)
			return; // the fixture is too small for that
		await go(page, entryHash(hub.id, '&depth=3&limit=30'));
		assert.equal((await drawn(page)).length, 31);
		assert.match(await textOf(page, '.note.warning'), /^Cut: 30 of /);
	});

	it('walks by clicks', async () => {
		const from = own.find(({ id }) => ask(options.report, 'callees', id).rows.some(({ role }) => role === 'callee'));
		await go(page, entryHash(from.id));
		const to = await page.evaluate(() => {
			const { cy } = document.getElementById('drawing')._cyreg;
			const node = cy.nodes('.root').outgoers('node')[0];
			cy.center(node);
			const { x, y } = node.renderedPosition(), box = cy.container().getBoundingClientRect();
			return { x: x + box.x, y: y + box.y, label: node.data('label') };
		});
		await page.mouse.click(to.x, to.y);
		assert.equal(`${await textOf(page, 'h1')}()`, to.label.slice(2));
	});

	it('shows a struct as uses does', async () => {
		const structs = [...report.records].sort((l, r) => r.size - l.size);
		for (const { name, file, kind } of sample(structs, 8)) {
			const id = `${file}:${kind} ${name}`;
			const answer = ask(options.report, 'uses', id);
			const wanted = answer.rows.filter(({ role }) => role === 'member').map(({ node, values, text }) => {
				const [, read, written, both, address] = text.match(/; (\d+) read, (\d+) written, (\d+) both, (\d+) address taken$/);
				return [node, Math.floor(values.offset_bits / 8), values.inside, values.outside, ...[read, written, both, address].map(Number)];
			});
			await go(page, entryHash(id));
			assert.equal(await textOf(page, 'h1'), `${kind} ${name}`);
			assert.equal(await textOf(page, '.sentence'), answer.nodes.find((node) => node.kind === 'record').why);
			const shown = await page.locator('#members tbody tr').evaluateAll((rows) => rows.map((row) => [row.dataset.member,
				...[...row.querySelectorAll('.number')].map((cell) => parseInt(cell.textContent, 10))]));
			assert.deepEqual(shown, wanted, id);
			const types = await page.locator('#members td.type').allTextContents();
			assert.deepEqual(types, wanted.map(([node]) => answer.nodes.find((one) => one.id === node).type), id);
		}
		await go(page, entryHash(`${structs[0].file}:${structs[0].kind} ${structs[0].name}`));
		await page.screenshot({ path: out('struct.png') });
	});

	it('counts the uses of data as uses does', async () => {
		for (const node of [...sample(report.members, 4), ...sample(report.variables, 4)]) {
			const { values } = ask(options.report, 'uses', node.id).rows.find(({ role }) => role === 'subject');
			await go(page, entryHash(node.id));
			const figures = (await textOf(page, '#uses .note')).replaceAll(',', '').match(/\d+/g).map(Number);
			assert.deepEqual(figures, [values.inside, values.outside], node.id);
		}
	});

	it('goes back and forth, and a link leads to the same', async () => {
		const [first, second] = sample(own, 2);
		await go(page, '#');
		await type(page, first.name);
		await page.click('#option-0');
		await page.selectOption('.neighbourhood select >> nth=0', '2');
		const hash = new URL(page.url()).hash;
		assert.match(hash, /depth=2/);
		await go(page, entryHash(second.id));
		assert.equal(await textOf(page, 'h1'), second.name);
		await page.goBack();
		assert.equal(await textOf(page, 'h1'), first.name);
		assert.equal(await page.inputValue('#q'), first.name);
		await page.goForward();
		assert.equal(await textOf(page, 'h1'), second.name);
		const again = await openPage(out('report.html'), hash);
		assert.equal(await textOf(again, 'h1'), first.name);
		assert.equal(await again.inputValue('.neighbourhood select >> nth=0'), '2');
		await close(again);
	});

	it('says so when there is no such entry', async () => {
		await go(page, '#e=nowhere.c:nobody');
		assert.equal(await textOf(page, 'h1'), 'Not in this report');
		await go(page, '#e=%E0%A4%A&depth=x&limit=-3&edges=,,&nonsense');
		assert.equal(await textOf(page, 'h1'), 'Not in this report');
	});
});
