// SPDX-License-Identifier: GPL-2.0-only
/**
 * The page makes no requests, and names from a report are shown only as text. Also what the command
 * says when it fails.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { close, entryHash, go, makePage, openPage, options, out, readReport, run } from './harness.mjs';

const HOSTILE = [
	'</script><script>alert(1)</script>', '"><img src=x onerror=alert(2)>', "'-alert(3)-'", '<!--<script>', ']]>&lt;&amp;%3C&e=x#y',
	'__proto__', 'constructor', '${alert(4)}', 'javascript:alert(5)', '\u2028line\u2029', 'right\u202eto left', 'a\tb\nc', '\ud83d\ude00', ' ', '\\"',
];

describe('safety', () => {
	it('takes hostile names for names', async () => {
		const report = readReport(options.report);
		const own = report.functions.filter(({ scheduler }) => scheduler);
		let text = readFileSync(options.report, 'utf8');
		const renamed = HOSTILE.map((name, i) => {
			const { id, file } = own[i];
			text = text.replaceAll(JSON.stringify(id), () => JSON.stringify(`${file}:${name}`));
			return { id: `${file}:${name}`, old: own[i], name };
		});
		const changed = JSON.parse(text);
		for (const { id, name } of renamed)
			Object.assign(changed.functions.find((node) => node.id === id), { name, why: `internal: ${name} </script> calls it`, signature: name });
		writeFileSync(out('hostile.json'), JSON.stringify(changed));
		const file = makePage('hostile.html', out('hostile.json'));
		const html = readFileSync(file, 'utf8');
		assert.equal(html.match(/<\/script/g).length, 2, 'a name ends a script');
		const page = await openPage(file);
		for (const { id, name } of renamed) {
			await go(page, entryHash(id, '&depth=2'));
			assert.equal(await page.locator('h1').textContent(), name);
			assert.equal(await page.locator('.signature').textContent(), name);
			await page.fill('#q', name);
			const names = await page.locator('.row-name').allTextContents();
			assert.ok(!name.trim() || /[/:]/.test(name) || /\s/.test(name) || names.includes(name), `not found: ${JSON.stringify(name)}`);
			await page.fill('#q', '');
		}
		assert.equal(await page.evaluate(() => document.scripts.length), 1);
		await close(page);
		const compared = await openPage(makePage('hostile-compared.html', options.report, 'diff', out('hostile.json')), '#view=changes');
		assert.ok(await compared.locator('#changes tbody tr').count() > 10);
		await close(compared);
	});

	it('takes bytes that are not UTF-8', async () => {
		const text = readFileSync(options.report, 'latin1').replaceAll('"activate_task"', '"activate_\xff\xfetask"');
		writeFileSync(out('bytes.json'), text, 'latin1');
		const page = await openPage(makePage('bytes.html', out('bytes.json')));
		await page.fill('#q', 'activate_\ufffd');
		assert.match(await page.locator('#option-0 .row-name').textContent(), /^activate_\ufffd+task$/);
		await close(page);
	});

	it('forbids itself the network', async () => {
		const page = await openPage(makePage('closed.html', options.report));
		assert.match(await page.getAttribute('meta[http-equiv]', 'content'), /^default-src 'none';/);
		await close(page);
		const trying = await openPage(out('closed.html'));
		trying.removeAllListeners('request');
		const requests = [];
		trying.on('requestfinished', (request) => requests.push(request.url()));
		const results = await trying.evaluate(async () => {
			const image = new Image(), element = document.createElement('script');
			const gone = (target) => new Promise((done) => { target.onload = () => done('loaded'); target.onerror = () => done('refused'); });
			image.src = 'http://127.0.0.1:9/x.png';
			element.textContent = 'globalThis.ran = true';
			document.body.append(element);
			return [await gone(image), await fetch('http://127.0.0.1:9/').then(() => 'loaded', () => 'refused'), Boolean(globalThis.ran)];
		});
		assert.deepEqual(results, ['refused', 'refused', false]);
		assert.ok(trying.troubles.filter((text) => text.includes('Content Security Policy')).length >= 3, trying.troubles.join('\n'));
		assert.deepEqual(requests, []);
		await trying.context().close();
	});

	it('holds no address and no path of this machine', () => {
		const html = readFileSync(out('closed.html'), 'utf8');
		assert.doesNotMatch(html.replace(/<script type="text\/plain"[^]*?<\/script>/, ''), new RegExp(process.cwd().split('/').slice(0, 3).join('/')));
		assert.doesNotMatch(html, /(src|href)=["']?https?:/);
	});

	it('is the same for the same report', () => {
		makePage('again.html', options.report);
		assert.ok(readFileSync(out('again.html')).equals(readFileSync(out('closed.html'))));
	});

	it('says what it cannot do', () => {
		for (const [words, message] of [
			[['why', 'rq', '--html'], /why takes no --html/], [['--html', '--json'], /exclude each other/],
			[['--html', '-o', '/nowhere/page.html'], /cannot/],
		]) {
			const { status, stdout, stderr } = run(options.report, ...words);
			assert.equal(status, 2);
			assert.equal(stdout, '');
			assert.match(stderr, message);
		}
	});
});
