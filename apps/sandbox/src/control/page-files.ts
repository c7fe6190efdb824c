import { readFileSync } from 'node:fs';
import type { Answer } from '../http/call.js';
import { clearError } from './answers.js';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

const FILE = /^[a-z-]+\.(html|css|js)$/;

/** A file of the page: plain HTML, CSS and modules that the browser loads as they are. */
export const pageFile = (name: string): Answer => {
  const [, extension = ''] = FILE.exec(name) ?? [];
  const type = TYPES[extension];
  if (type === undefined) return clearError(404, 'no such file of the page');
  try {
    const body = readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body };
  } catch {
    return clearError(404, 'no such file of the page');
  }
};
