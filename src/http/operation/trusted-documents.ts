/** Which documents may run: all (`off`), all with a line in the log for strangers (`log`), or known ones (`enforce`). */
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { TrustedDocumentsMode, TrustedDocumentsSettings } from '../../config/trusted-documents.ts';
import type { ErrorCode } from '../../graphql/errors/error-codes.ts';
import type { Logger } from '../../observability/logger.ts';
import { documentOf, type Identified } from './document-id.ts';

export interface ChosenDocument {
  readonly text: string;
  /** Its operator has looked at it: limits on documents do not concern it. */
  readonly trusted: boolean;
}

const PREFIX = 'sha256:';
/** Strangers that are named once each in the log; after so many they are forgotten. */
const MOST_NAMED = 1_000;

function refuse(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

export class TrustedDocuments {
  readonly #logger: Logger;
  readonly #named = new Set<string>();
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
    // Apollo's clients name the SHA-256 alone, whatever the manifest calls the document.
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
      this.#name(text);
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

  #name(text: string): void {
    const hash = sha256(text);
    if (this.#named.has(hash)) {
      return;
    }
    if (this.#named.size >= MOST_NAMED) {
      this.#named.clear();
    }
    this.#named.add(hash);
    this.#logger.warn({ sha256: hash, length: text.length }, 'a document that is not trusted has run');
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
