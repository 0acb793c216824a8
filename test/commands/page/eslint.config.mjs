// SPDX-License-Identifier: GPL-2.0-only
/** What eslint looks for in the page, its tests and the extension of VS Code. CMakeLists.txt copies this beside node_modules. */
import js from '@eslint/js';
import globals from 'globals';

export default [
	js.configs.recommended,
	{
		languageOptions: { ecmaVersion: 2023, sourceType: 'module', globals: { ...globals.browser, ...globals.node } },
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			eqeqeq: 'error',
			'no-implicit-globals': 'error',
			'no-shadow': 'error',
			'no-var': 'error',
			'prefer-const': 'error',
		},
	},
	{ files: ['editors/vscode/**'], languageOptions: { sourceType: 'commonjs' } },
];
