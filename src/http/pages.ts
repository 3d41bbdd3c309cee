/** The portal and GraphiQL, as script/build-portal.mjs left them: only names of its manifest are served, each from disk. */
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { AuthSettings, OidcSettings } from '../config/auth.ts';
import type { Exchange, Handler, Route } from './core/http-exchange.ts';
import { sendJson, sendText } from './core/http-exchange.ts';
import { accepts } from './request/accepts.ts';

/** By package.json, since this code runs from src and from a bundle in dist. */
const { resolve } = createRequire(import.meta.url);

/** In the order of preference, with the end of the file name. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

const FileEntry = z.object({
  type: z.string(),
  etag: z.string(),
  size: z.int(),
  /** Bytes of the compressed forms that are smaller. */
  encodings: z.partialRecord(z.enum(['br', 'gzip']), z.int()),
});
const Manifest = z.record(z.string(), FileEntry);

/** Addresses of the portal, which reads them itself. */
const PORTAL = /^\/(?:(?:endpoints|services|quotas|sign-in)(?:\/.*)?)?$/;
const GRAPHIQL = 'graphiql/';

const SAME = {
  'default-src': "'none'",
  'script-src': "'self'",
  'img-src': "'self' data:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};
/** Its editor sets styles and starts workers by address, which Trusted Types would refuse. */
const GRAPHIQL_POLICY = {
  ...SAME,
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self' data:",
  'connect-src': "'self'",
};

function portalPolicy(oidc: OidcSettings | null): Readonly<Record<string, string>> {
  return {
    ...SAME,
    'style-src': "'self'",
    'font-src': "'self'",
    'connect-src': ["'self'", ...(oidc === null ? [] : [new URL(oidc.issuer).origin])].join(' '),
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  };
}

const textOf = (policy: Readonly<Record<string, string>>): string =>
  Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');

/** RFC 9110 13.1.2: compared weakly. */
function holds(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((entry) => ['*', etag].includes(entry.trim().replace(/^W\//, ''))) ?? false;
}

interface ServedFile extends z.output<typeof FileEntry> {
  readonly path: string;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
  readonly policy: string;
}

async function sendFile({ request, response }: Exchange, file: ServedFile): Promise<void> {
  const accepted = request.headers['accept-encoding'];
  const [coding, ending = ''] =
    CODINGS.find(([name]) => file.encodings[name] !== undefined && accepts(accepted, name)) ?? [];
  const etag = `"${file.etag}${ending}"`;
  response.setHeader('etag', etag);
  response.setHeader('vary', 'Origin, Accept-Encoding');
  response.setHeader('cache-control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('content-security-policy', file.policy);
  response.setHeader('x-frame-options', 'DENY');
  if (holds(request.headers['if-none-match'], etag)) {
    response.writeHead(304);
    response.end();
    return;
  }
  const size = coding === undefined ? file.size : file.encodings[coding];
  response.setHeader('content-type', file.type);
  response.setHeader('content-length', size ?? file.size);
  if (coding !== undefined) response.setHeader('content-encoding', coding);
  if (request.method === 'HEAD') {
    response.writeHead(200);
    response.end();
    return;
  }
  try {
    await pipeline(createReadStream(file.path + ending), response);
  } catch (error) {
    // The client has left.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

export interface PagesOptions {
  readonly graphiql: boolean;
  readonly authMode: AuthSettings['mode'];
  /** Null: the portal offers no sign-in at an issuer. */
  readonly oidc: OidcSettings | null;
}

/** By name; null when nothing is built, as in a checkout. */
function readManifest({ graphiql, oidc }: PagesOptions): ReadonlyMap<string, ServedFile> | null {
  let manifest: z.output<typeof Manifest>;
  try {
    manifest = Manifest.parse(JSON.parse(readFileSync(resolve('#portal/manifest.json'), 'utf8')));
  } catch (error) {
    if (!['MODULE_NOT_FOUND', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return null;
  }
  const policies = { portal: textOf(portalPolicy(oidc)), graphiql: textOf(GRAPHIQL_POLICY) };
  const files = Object.entries(manifest).flatMap(([name, file]): [string, ServedFile][] => {
    const part = name.startsWith(GRAPHIQL) ? 'graphiql' : 'portal';
    if (part === 'graphiql' && !graphiql) return [];
    const isHashed = /(?:^|\/)assets\//.test(name);
    return [[name, { ...file, path: resolve(`#portal/${name}`), isHashed, policy: policies[part] }]];
  });
  return new Map(files);
}

const notBuilt: Handler = ({ response }) =>
  sendText(response, 503, 'text/plain; charset=utf-8', 'The pages are not built. Run: npm run build\n');

/** Finds the route of a path. Its label is one of three, so that addresses do not multiply metrics. */
export function createPages(options: PagesOptions): (path: string) => Route | undefined {
  const files = readManifest(options);
  const routeTo = (name: string, label: string): Route => {
    const file = files?.get(name);
    return { label, methods: { GET: file === undefined ? notBuilt : (exchange) => sendFile(exchange, file) } };
  };
  const assets = [...(files?.keys() ?? [])].map((name) => [`/${name}`, routeTo(name, '/assets')] as const);
  const graphiql = [['/graphiql', routeTo(`${GRAPHIQL}index.html`, '/graphiql')] as const];
  const named = new Map<string, Route>([...assets, ...(options.graphiql ? graphiql : [])]);
  const portal = routeTo('index.html', '/');
  return (path) => (PORTAL.test(path) ? portal : named.get(path));
}

/** What the portal needs to know before its user has signed in. */
export function createSettingsHandler({ graphiql, authMode, oidc }: PagesOptions): Handler {
  const { version } = JSON.parse(readFileSync(resolve('vpcep-gateway/package.json'), 'utf8'));
  const settings = { version, authMode, oidc, graphiql };
  return ({ response }) => sendJson(response, 200, settings);
}
