// SPDX-License-Identifier: GPL-2.0-only
/** Two reports compared: checked against the answer of plugsched-graph diff. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ask, close, follow, go, makePage, openPage, options, out, readReport, showAll } from './harness.mjs';

const ROLES = ['entered', 'left', 'class', 'file', 'signature', 'type', 'offset', 'size', 'align'];

/** The fixture's report with a change of each kind. */
function changedReport() {
	const report = readReport(options.report);
	const own = report.functions.filter(({ scheduler }) => scheduler);
	own[0].signature = 'int (void)';
	Object.assign(own.find((node) => node.class === 'internal'), { class: 'external', reason: 'waits' });
	report.functions.push({ ...own[1], id: `${own[1].file}:newcomer`, name: 'newcomer' });
	report.members[0].offset_bits += 64;
	report.records[0].size += 64;
	writeFileSync(out('changed.json'), JSON.stringify(report));
	return out('changed.json');
}

describe('two reports', () => {
	const other = options.other ?? changedReport();
	const changes = ask(options.report, 'diff', other).rows.filter(({ role }) => ROLES.includes(role));
	let page;
	before(async () => { page = await openPage(makePage('compared.html', options.report, 'diff', other)); });
	after(() => close(page));

	const shown = async () => {
		await showAll(page, '.scroll');
		return page.locator('#changes tbody tr').evaluateAll((rows) => rows.map((row) => {
			const cells = [...row.cells].map((cell) => cell.textContent);
			return [row.dataset.role, cells[1], row.dataset.id, cells[3], cells[4]];
		}));
	};
	const wanted = (some) => some.map(({ role, values }) => [role, values.kind, values.id, values.before ?? '', values.after ?? '']);

	it('begins with the changes, all that diff has', async () => {
		assert.ok(changes.length > 4);
		assert.deepEqual(await shown(), wanted(changes));
		await page.evaluate(() => scrollTo(0, 0));
		await page.screenshot({ path: out('compare.png') });
	});

	it('filters them', async () => {
		await page.selectOption('.controls select >> nth=0', 'entered');
		assert.deepEqual(await shown(), wanted(changes.filter(({ role }) => role === 'entered')));
		await page.selectOption('.controls select >> nth=1', 'function');
		assert.deepEqual(await shown(), wanted(changes.filter(({ role, values }) => role === 'entered' && values.kind === 'function')));
		await go(page, '#view=changes');
		const { id } = changes[changes.length - 1].values;
		await page.fill('#change-text', id);
		assert.deepEqual(await shown(), wanted(changes.filter(({ values }) => `${values.id} ${values.before ?? ''} ${values.after ?? ''}`.includes(id))));
		assert.equal(await page.evaluate(() => document.activeElement.id), 'change-text');
	});

	it('leads from each sort of change to the entry', async () => {
		for (const role of ROLES) {
			const change = changes.find((one) => one.role === role);
			if (!change)
				continue;
			await go(page, `#view=changes&change=${role}`);
			assert.equal(await page.locator('#changes .sign').first().evaluate((sign) => getComputedStyle(sign).display), 'inline', `${role}: the sign stands in its line`);
			await follow(page, '#changes tbody tr >> nth=0 >> a');
			const title = await page.locator('h1').textContent();
			assert.ok(title.endsWith(change.values.id.split(':').pop().split('.').pop()), `${role}: ${title}`);
			assert.ok((await page.locator('.changed').textContent()).includes((change.values.after ?? change.values.before).slice(0, 20)), role);
		}
	});

	it('has both reports', async () => {
		const report = readReport(options.report), later = readReport(other);
		const ids = new Set(later.functions.map(({ id }) => id));
		const both = report.functions.find(({ id, scheduler }) => scheduler && ids.has(id));
		await go(page, `#report=old&e=${both.id}`);
		assert.equal(await page.locator('.sentence').textContent(), both.why);
		await follow(page, '.changed a');
		assert.equal(await page.locator('.sentence').textContent(), later.functions.find(({ id }) => id === both.id).why);
	});
});
