/** Self-contained pages from portal/: no build, no CDN; the content security policy allows their own scripts and styles only. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Handler } from './core/http-exchange.ts';
import { sendText } from './core/http-exchange.ts';

/** By package.json, since this code runs from src and from a bundle in dist. */
const { resolve } = createRequire(import.meta.url);

function hashes(html: string, tag: 'script' | 'style'): string {
  const bodies = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1] ?? '');
  return bodies.map((body) => `'sha256-${createHash('sha256').update(body).digest('base64')}'`).join(' ') || "'none'";
}

function policyFor(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(html, 'script')}`,
    `style-src ${hashes(html, 'style')}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** @throws when the file is missing from the package. */
export function createPageHandler(file: 'index.html' | 'graphiql.html'): Handler {
  const html = readFileSync(resolve(`#portal/${file}`), 'utf8');
  const policy = policyFor(html);
  return ({ response }) => {
    response.setHeader('content-security-policy', policy);
    response.setHeader('x-frame-options', 'DENY');
    sendText(response, 200, 'text/html; charset=utf-8', html);
  };
}
