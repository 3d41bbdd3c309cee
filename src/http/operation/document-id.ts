/** Requests that name a document instead of sending it, brought into one form that every library here passes on. Pure. */

type Members = Readonly<Record<string, unknown>>;

/** Stands where libraries ask for a text: no GraphQL, so that nothing can come of it by mistake. */
const NO_TEXT = '#';

export interface Identified {
  readonly query?: string | null | undefined;
  readonly extensions?: unknown;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `extensions.documentId` is the form that all others are brought into. */
function idOf(extensions: unknown): string | undefined {
  const id = isMembers(extensions) ? extensions.documentId : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** @returns the text that is sent, or the id of one that is not. */
export function documentOf({ query, extensions }: Identified): { readonly text: string } | { readonly id: string } {
  const id = idOf(extensions);
  const isText = typeof query === 'string' && query !== '' && query !== NO_TEXT;
  return id === undefined || isText ? { text: query ?? '' } : { id };
}

/** Apollo's form (automatic persisted queries), and the one of the recipes of graphql-ws. */
function persistedIdOf(persistedQuery: unknown): string | undefined {
  const { version, sha256Hash }: Members = isMembers(persistedQuery)
    ? persistedQuery
    : { version: 1, sha256Hash: persistedQuery };
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

/** A text that comes with its hash is a text: it is never kept under the hash. */
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

/** `operationName=` equals leaving it out (GraphQL over HTTP, "GET"); for the others it can mean nothing else. */
function withoutEmpty(given: URLSearchParams): boolean {
  const names = ['operationName', 'variables', 'extensions'];
  const empty = names.filter((name) => given.get(name) === '' && given.getAll(name).length === 1);
  for (const name of empty) given.delete(name);
  return empty.length > 0;
}

/** The same for the query of a URL, without empty parameters; malformed ones are left to whoever reads them. */
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

/** Of a request with a body, or of a GET. */
export function extensionsOf(body: unknown, search: string): unknown {
  return isMembers(body) ? body.extensions : parsed(new URLSearchParams(search).get('extensions'));
}

/** Null: it is so deep that writing it would end the stack, which reading it does not. */
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
