// SPDX-License-Identifier: GPL-2.0-only
/**
 * Tests of the page of plugsched-graph --html, in headless Chromium.
 *
 *   node page.mjs --tool PLUGSCHED-GRAPH --modules FOLDER-WITH-NODE_MODULES \
 *     --report REPORT [--other REPORT] --out FOLDER
 *
 * Truth: the report itself, and what plugsched-graph --json answers. Screenshots are left in
 * FOLDER; look at them after a change.
 */
import { after } from 'node:test';
import { closeBrowser } from './harness.mjs';
import './entries.mjs';
import './compare.mjs';
import './reach.mjs';
import './safety.mjs';

after(closeBrowser);
