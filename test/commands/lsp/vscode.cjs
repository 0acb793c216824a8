// SPDX-License-Identifier: GPL-2.0-only
// Loads the packed extension with a stand-in for VS Code's own module, against the real server:
// activates it, opens a document, and calls what the extension has registered as VS Code would.
//
//   node vscode.cjs BUNDLE SERVER KERNEL
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL, fileURLToPath } = require("node:url");

const [bundle, server, kernel] = process.argv.slice(2).map((each) => path.resolve(each));
const CORE = path.join(kernel, "kernel/sched/core.c");
const text = fs.readFileSync(CORE, "utf8");
const nothing = { dispose() {} };

class Position {
  constructor(line, character) { Object.assign(this, { line, character }); }
}
class Range {
  constructor(a, b, c, d) {
    [this.start, this.end] = a instanceof Position ? [a, b] : [new Position(a, b), new Position(c, d)];
  }
}
class Uri {
  constructor(fsPath) { Object.assign(this, { fsPath, path: fsPath, scheme: "file" }); }
  toString() { return pathToFileURL(this.fsPath).href; }
  static file(name) { return new Uri(name); }
  static parse(uri) { return new Uri(fileURLToPath(uri)); }
}
class Emitter {
  constructor() { this.handlers = []; this.event = (handler, self) => { this.handlers.push(handler.bind(self)); return nothing; }; }
  fire(event) { return this.handlers.map((handler) => handler(event)); }
  dispose() {}
}
class Holder { // a class that keeps what it is made of
  constructor(...parts) { this.parts = parts; }
}
class Markdown {
  constructor(value) { this.value = value; }
  appendMarkdown(value) { this.value = (this.value || "") + value; return this; }
  appendCodeblock(value) { return this.appendMarkdown(value); }
}
class Hover { constructor(contents, range) { Object.assign(this, { contents, range }); } }
class Location { constructor(uri, range) { Object.assign(this, { uri, range }); } }
class CodeLens { constructor(range, command) { Object.assign(this, { range, command }); } }
class InlayHint { constructor(position, label) { Object.assign(this, { position, label }); } }

const document = {
  uri: Uri.file(CORE), fileName: CORE, languageId: "c", version: 1, isClosed: false, isDirty: false, eol: 1,
  lineCount: text.split("\n").length, getText: () => text,
};
const executed = [];
const commands = {};
const providers = {};
const shown = [];
const events = {};

// Events and registrations from which nothing is expected.
const lenient = (known) => new Proxy(known, {
  get(target, name) {
    if (name in target || typeof name !== "string") return target[name];
    if (name.startsWith("on")) return (events[name] = events[name] || new Emitter()).event;
    return () => nothing;
  },
});

const channel = { append() {}, appendLine() {}, clear() {}, show() {}, dispose() {}, info() {}, warn() {}, error() {} };
const vscode = new Proxy({
  Position, Range, Uri, EventEmitter: Emitter, Hover, Location, CodeLens, InlayHint, MarkdownString: Markdown,
  Disposable: class { constructor(dispose) { this.dispose = dispose || (() => {}); } static from() { return nothing; } },
  CancellationTokenSource: class {
    constructor() { this.token = { isCancellationRequested: false, onCancellationRequested: () => nothing }; }
    cancel() {} dispose() {}
  },
  version: "1.90.0",
  env: { appName: "stand-in", language: "en" },
  workspace: lenient({
    getConfiguration: () => ({ get: (name) => ({ server })[name] }),
    workspaceFolders: [{ uri: Uri.file(kernel), name: "kernel", index: 0 }],
    textDocuments: [document],
    createFileSystemWatcher: () => lenient({ dispose() {} }),
    getWorkspaceFolder: () => undefined,
    fs: {},
  }),
  window: lenient({
    createOutputChannel: () => channel, visibleTextEditors: [], activeTextEditor: undefined, tabGroups: lenient({ all: [] }),
    showWarningMessage: (message) => { shown.push(message); return Promise.resolve(); },
    showErrorMessage: (message) => { shown.push(message); return Promise.resolve(); },
    showInformationMessage: (message) => { shown.push(message); return Promise.resolve(); },
  }),
  commands: lenient({
    registerCommand: (name, action) => { commands[name] = action; return nothing; },
    executeCommand: (...words) => { executed.push(words); return Promise.resolve(); },
  }),
  languages: new Proxy({
    match: () => 10,
    createDiagnosticCollection: () => ({ set() {}, delete() {}, clear() {}, dispose() {}, name: "plugsched" }),
  }, {
    get(target, name) {
      if (name in target || typeof name !== "string") return target[name];
      return name.startsWith("register") ? (selector, provider) => { providers[name] = provider; return nothing; } : () => nothing;
    },
  }),
  extensions: lenient({ all: [] }),
}, {
  get(target, name) { // classes and enumerations that are not looked at
    if (!(name in target) && typeof name === "string") {
      target[name] = new Proxy(class extends Holder {}, { get: (cls, key) => (key in cls || typeof key !== "string" ? cls[key] : { append: () => ({}), value: key }) });
    }
    return target[name];
  },
});

const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));

const until = async (what, ready) => {
  for (let i = 0; i < 12000; i++) {
    if (ready()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited in vain for ${what}`);
};
const where = (part, word) => {
  const lines = text.split("\n");
  const line = lines.findIndex((each) => each.includes(part));
  return new Position(line, lines[line].indexOf(word));
};

async function main() {
  const manifest = JSON.parse(fs.readFileSync(path.join(path.dirname(bundle), "../package.json"), "utf8"));
  const extension = require(bundle);
  const context = { subscriptions: [] };
  await extension.activate(context);
  for (const { command } of manifest.contributes.commands) assert.ok(commands[command], `${command} is not registered`);
  await until("the providers", () => providers.registerHoverProvider && providers.registerCodeLensProvider);
  for (const name of ["Definition", "Reference", "DocumentSymbol", "CallHierarchy", "InlayHints"]) {
    assert.ok(providers[`register${name}Provider`], `no provider of ${name}`);
  }
  for (const name of ["CompletionItem", "DocumentFormattingEdit", "Rename", "DocumentSemanticTokens"]) {
    assert.ok(!providers[`register${name}Provider`], `${name} would get in clangd's way`);
  }
  const token = { isCancellationRequested: false, onCancellationRequested: () => nothing };
  const place = where("void wake_up_new_task", "wake_up_new_task");
  const hover = await providers.registerHoverProvider.provideHover(document, place, token);
  const said = JSON.stringify(hover);
  assert.match(said, /copy_process\(\) in kernel\/fork\.c calls it/);
  assert.match(said, /1 caller outside · 0 inside/);
  const found = await providers.registerDefinitionProvider.provideDefinition(document, where("activate_task(per_cpu_ptr", "activate_task"), token);
  assert.strictEqual([].concat(found)[0].range.start.line, where("noinline void activate_task", "").line);
  const lenses = await providers.registerCodeLensProvider.provideCodeLenses(document, token);
  const lens = lenses.find((each) => each.range.start.line === place.line);
  assert.strictEqual(lens.command.title, "interface · 1 caller outside · 0 inside");
  assert.strictEqual(lens.command.command, "plugsched.showReferences");
  await commands[lens.command.command](...lens.command.arguments);
  const [name, uri, , locations] = executed.find((each) => each[0] === "editor.action.showReferences");
  assert.ok(name && uri.fsPath === CORE);
  assert.deepStrictEqual(locations.map((each) => each.uri.fsPath), [path.join(kernel, "kernel/fork.c")]);
  const hints = await providers.registerInlayHintsProvider.provideInlayHints(document, new Range(0, 0, document.lineCount, 0), token);
  assert.ok(hints.length > 3 && hints.every((each) => ["→ vmlinux", "→ module", "internal"].includes(each.label)), JSON.stringify(hints.slice(0, 3)));
  await extension.deactivate();
  assert.deepStrictEqual(shown, []);
  console.log(`${lenses.length} lenses, ${hints.length} hints, by the packed extension`);
}

main().then(() => process.exit(0), (fault) => { console.error(fault); process.exit(1); });
