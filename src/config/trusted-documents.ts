/** The manifest that codegen's client preset writes: `{ "<id>": "<document>" }`. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { choice, type Env } from './env.ts';

const Mode = choice(['off', 'log', 'enforce']);
export type TrustedDocumentsMode = z.infer<typeof Mode>;

export interface TrustedDocumentsSettings {
  readonly mode: TrustedDocumentsMode;
  /** Texts by id; empty when the mode is `off`. */
  readonly documents: ReadonlyMap<string, string>;
}

const FILE = 'TRUSTED_DOCUMENTS_FILE';
const FORM = 'a JSON object of ids and documents: { "sha256:…": "query …" }';
const Manifest = z.record(z.string(), z.unknown()).refine((documents) => Object.keys(documents).length > 0);

const ID = /^[\w:.+/=-]{1,200}$/;
/** Ids of these forms are hashes, all others are names. */
const HASHES = [
  { form: /^(?:sha256:)?([0-9a-f]{64})$/i, algorithm: 'sha256' },
  { form: /^([0-9a-f]{40})$/i, algorithm: 'sha1' },
] as const;
/** Faults in the file that one message reports. */
const MOST_FAULTS = 5;

export function readTrustedDocuments(env: Env): TrustedDocumentsSettings {
  const mode = env.value('TRUSTED_DOCUMENTS_MODE', Mode.default('off'));
  const path = env.text(FILE);
  if (mode === 'off') {
    if (path !== undefined) env.warnings.push(`${FILE} has no effect, since TRUSTED_DOCUMENTS_MODE is off.`);
    return { mode, documents: new Map() };
  }
  if (path === undefined) {
    env.fault(FILE, `must be set for TRUSTED_DOCUMENTS_MODE=${mode}. Name a file with ${FORM}`);
    return { mode, documents: new Map() };
  }
  return { mode, documents: readManifest(env, path) };
}

function readManifest(env: Env, path: string): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  const { data, error } = Manifest.safeParse(parsedFile(env, path));
  if (error !== undefined) {
    env.fault(
      FILE,
      `must name a readable file with ${FORM}, and at least one. Write it with the client preset, persistedDocuments: true`,
    );
    return documents;
  }
  const wrong: string[] = [];
  for (const [id, document] of Object.entries(data)) {
    const fault = faultOf(id, document);
    if (fault === null) documents.set(id, String(document));
    else wrong.push(`${JSON.stringify(id.slice(0, 80))} ${fault}`);
  }
  if (wrong.length > 0) {
    const more = wrong.length > MOST_FAULTS ? `; and ${wrong.length - MOST_FAULTS} more` : '';
    const rule = `must hold documents under their own ids: ${wrong.slice(0, MOST_FAULTS).join('; ')}${more}`;
    env.fault(FILE, `${rule}. Generate the file anew, and do not edit it`);
  }
  return documents;
}

/** Undefined: the file does not exist, cannot be read or is not JSON. */
function parsedFile(env: Env, path: string): unknown {
  try {
    return JSON.parse(env.files.read(path) ?? '');
  } catch {
    return undefined;
  }
}

function faultOf(id: string, document: unknown): string | null {
  if (typeof document !== 'string' || document.trim() === '') return 'has no document';
  if (!ID.test(id)) return 'is no id: 1 to 200 letters, digits and _ : . + / = -';
  for (const { form, algorithm } of HASHES) {
    const [, digest] = form.exec(id) ?? [];
    if (digest !== undefined && createHash(algorithm).update(document).digest('hex') !== digest.toLowerCase()) {
      return `is not the ${algorithm} of its document`;
    }
  }
  return null;
}
