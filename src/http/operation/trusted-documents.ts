/** Which documents may run: all (`off`), all, logging unknown ones (`log`), or known ones only (`enforce`). */
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { TrustedDocumentsMode, TrustedDocumentsSettings } from '../../config/trusted-documents.ts';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';
import type { Logger } from '../../observability/logger.ts';

type Members = Readonly<Record<string, unknown>>;

/** The `query` of a request that names its document, as libraries require one. Not valid GraphQL, so it can never run. */
const NO_TEXT = '#';

interface Identified {
  readonly query?: string | null | undefined;
  readonly extensions?: unknown;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All forms of naming a document are converted to `extensions.documentId`, which every library here passes on. */
function idOf(extensions: unknown): string | undefined {
  const id = isMembers(extensions) ? extensions.documentId : undefined;
  return typeof id === 'string' ? id : undefined;
}

function documentOf({ query, extensions }: Identified): { readonly text: string } | { readonly id: string } {
  const id = idOf(extensions);
  const isText = typeof query === 'string' && query !== '' && query !== NO_TEXT;
  return id === undefined || isText ? { text: query ?? '' } : { id };
}

/** The form of Apollo's automatic persisted queries, and the one in the recipes of graphql-ws. */
function persistedIdOf(persistedQuery: unknown): string | undefined {
  const { version, sha256Hash }: Members = isMembers(persistedQuery)
    ? persistedQuery
    : { version: 1, sha256Hash: persistedQuery };
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

/** A text that comes with a hash is used as a text, and never stored under the hash. */
export function withDocumentId(request: unknown): unknown {
  if (!isMembers(request)) {
    return request;
  }
  const { documentId, ...members } = request;
  const { persistedQuery, ...extensions }: Members = isMembers(request.extensions) ? request.extensions : {};
  const id = typeof documentId === 'string' ? documentId : persistedIdOf(persistedQuery);
  if (id === undefined) {
    return request;
  }
  return { ...members, query: members.query || NO_TEXT, extensions: { ...extensions, documentId: id } };
}

/** An empty `operationName=` means none (GraphQL over HTTP, "GET"); so do the others. */
function withoutEmpty(given: URLSearchParams): boolean {
  const names = ['operationName', 'variables', 'extensions'];
  const empty = names.filter((name) => given.get(name) === '' && given.getAll(name).length === 1);
  for (const name of empty) given.delete(name);
  return empty.length > 0;
}

/** `withDocumentId` for the query of a URL, without empty parameters. Malformed ones stay for the reader to refuse. */
export function searchWithDocumentId(sent: string): string {
  const given = new URLSearchParams(sent);
  const search = withoutEmpty(given) ? `?${given}` : sent;
  const extensions = parsed(given.get('extensions'));
  const documentId = given.get('documentId') ?? undefined;
  const request = { documentId, query: given.get('query') ?? undefined, extensions };
  const identified = withDocumentId(request);
  if (identified === request || !isMembers(identified)) {
    return search;
  }
  given.delete('documentId');
  given.set('query', String(identified.query));
  const json = written(identified.extensions);
  if (json === null) {
    return search;
  }
  given.set('extensions', json);
  return `?${given}`;
}

/** The request in the URL of a GET. Faulty JSON stays a text, which `payloadOf` refuses. */
export function requestOf(search: string): unknown {
  const given = new URLSearchParams(searchWithDocumentId(search));
  const request: Record<string, unknown> = {};
  for (const name of ['query', 'operationName', 'variables', 'extensions']) {
    const text = given.get(name);
    if (text !== null) request[name] = name === 'variables' || name === 'extensions' ? (parsed(text) ?? text) : text;
  }
  return request;
}

/** Null: nested so deeply that serialising would overflow the stack. */
function written(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

interface ChosenDocument {
  readonly text: string;
  /** In the operator's manifest: limits on documents do not apply. */
  readonly trusted: boolean;
}

const PREFIX = 'sha256:';
/** Unknown documents that are remembered, so that each is logged once. */
const MAX_LOGGED = 1_000;

function refuse(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

export class TrustedDocuments {
  readonly #logger: Logger;
  readonly #logged = new LRUCache<string, true>({ max: MAX_LOGGED });
  #mode: TrustedDocumentsMode = 'off';
  #byId: ReadonlyMap<string, string> = new Map();
  #texts: ReadonlySet<string> = new Set();

  constructor(settings: TrustedDocumentsSettings, logger: Logger) {
    this.#logger = logger;
    this.replace(settings);
  }

  replace({ mode, documents }: TrustedDocumentsSettings): void {
    this.#mode = mode;
    this.#texts = new Set(documents.values());
    // Apollo's clients send the SHA-256, whatever id the manifest has.
    const hashes = [...documents.values()].map((text) => [sha256(text), text] as const);
    this.#byId = new Map([...hashes, ...hashes.map(([hash, text]) => [PREFIX + hash, text] as const), ...documents]);
  }

  /** The document that a request sends or names; a GraphQLError when there is none, or it may not run. */
  choose(request: Identified): ChosenDocument | GraphQLError {
    const given = documentOf(request);
    if ('id' in given) {
      return this.#byName(given.id);
    }
    const { text } = given;
    const trusted = this.#texts.has(text);
    if (this.#mode === 'enforce' && !trusted) {
      const message = 'Only trusted documents run here: name one by documentId, or have this one added to the manifest';
      return refuse('PERSISTED_QUERY_NOT_FOUND', message);
    }
    if (this.#mode === 'log' && !trusted) {
      this.#log(text);
    }
    return { text, trusted };
  }

  #byName(id: string): ChosenDocument | GraphQLError {
    if (this.#mode === 'off') {
      return refuse('PERSISTED_QUERY_NOT_SUPPORTED', 'Documents cannot be named by an id here: send the document');
    }
    const text = this.#byId.get(id);
    if (text !== undefined) {
      return { text, trusted: true };
    }
    const fix = this.#mode === 'log' ? 'send the document' : 'have the document added to the manifest';
    return refuse('PERSISTED_QUERY_NOT_FOUND', `No trusted document has this id: ${fix}`);
  }

  #log(text: string): void {
    const hash = sha256(text);
    if (this.#logged.has(hash)) {
      return;
    }
    this.#logged.set(hash, true);
    this.#logger.warn({ sha256: hash, length: text.length }, 'untrusted document executed');
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
