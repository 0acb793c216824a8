// SPDX-License-Identifier: GPL-2.0-only
// Starts plugsched-lsp for the C files of a workspace, and provides the
// command for its code lenses.
"use strict";
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const SHOW_REFERENCES = "plugsched.showReferences";
let client;

// Shows, in the editor's own view, the references of the function at a place of a document, from
// this server only.
async function showReferences(uri, position) {
  const found = await client.sendRequest("textDocument/references", {
    textDocument: { uri },
    position,
    context: { includeDeclaration: false },
  });
  const locations = (found || []).map((each) => client.protocol2CodeConverter.asLocation(each));
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri),
    client.protocol2CodeConverter.asPosition(position), locations);
}

// Shows the hover of this server only, in the output channel: the editor's own hover
// merges those of all servers.
async function showHover() {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !client) return;
  const hover = await client.sendRequest("textDocument/hover",
    client.code2ProtocolConverter.asTextDocumentPositionParams(editor.document, editor.selection.active));
  client.outputChannel.clear();
  client.outputChannel.appendLine(hover ? hover.contents.value : "The report has nothing on this.");
  client.outputChannel.show(true);
}

function start() {
  const settings = vscode.workspace.getConfiguration("plugsched");
  const run = { command: settings.get("server") || "plugsched-lsp", transport: TransportKind.stdio };
  client = new LanguageClient("plugsched", "plugsched", { run, debug: run }, {
    documentSelector: [{ scheme: "file", language: "c" }, { scheme: "file", language: "cpp", pattern: "**/*.h" }],
    initializationOptions: {
      report: settings.get("report") || null,
      kernel: settings.get("kernel") || null,
      showReferencesCommand: SHOW_REFERENCES,
    },
  });
  return client.start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand(SHOW_REFERENCES, showReferences),
    vscode.commands.registerCommand("plugsched.hover", showHover),
    vscode.commands.registerCommand("plugsched.restart", async () => {
      if (client) await client.stop();
      await start();
    }),
  );
  await start();
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
