/** The documents that an operator trusts: the manifest that codegen's client preset writes, `{ "<id>": "<document>" }`. */
import { createHash } from 'node:crypto';
import type { Values } from './env.ts';
import type { ConfigFiles } from './types.ts';

const MODES = ['off', 'log', 'enforce'] as const;
export type TrustedDocumentsMode = (typeof MODES)[number];

export interface TrustedDocumentsSettings {
  readonly mode: TrustedDocumentsMode;
  /** Texts by id; empty when the mode is `off`. */
  readonly documents: ReadonlyMap<string, string>;
}

const FILE = 'TRUSTED_DOCUMENTS_FILE';
const FORM = 'a JSON object of ids and documents: { "sha256:…": "query …" }';
const ID = /^[\w:.+/=-]{1,200}$/;
/** Ids that say by their form what they are. Others are names of somebody's own choice. */
const HASHES = [
  { form: /^(?:sha256:)?([0-9a-f]{64})$/i, algorithm: 'sha256' },
  { form: /^([0-9a-f]{40})$/i, algorithm: 'sha1' },
] as const;
/** Of faults in the file that are told at once. */
const MOST_FAULTS = 5;

export function readTrustedDocuments(values: Values, files: ConfigFiles, warnings: string[]): TrustedDocumentsSettings {
  const mode = values.choice('TRUSTED_DOCUMENTS_MODE', MODES, 'off');
  const path = values.text(FILE);
  if (mode === 'off') {
    if (path !== undefined) {
      warnings.push(`${FILE} is set, but TRUSTED_DOCUMENTS_MODE is off: it has no effect.`);
    }
    return { mode, documents: new Map() };
  }
  if (path === undefined) {
    values.fault(FILE, `must be set for TRUSTED_DOCUMENTS_MODE=${mode}`, `Name a file with ${FORM}`);
    return { mode, documents: new Map() };
  }
  return { mode, documents: readManifest(values, textOf(values, files, path)) };
}

function textOf(values: Values, files: ConfigFiles, path: string): string | undefined {
  try {
    const text = files.read(path);
    if (text === undefined) values.fault(FILE, 'must name a file that exists', 'Correct the path');
    return text;
  } catch (error) {
    values.fault(FILE, `must be readable (${String(error)})`, 'Give this process the right to read it');
    return undefined;
  }
}

function readManifest(values: Values, text: string | undefined): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  if (text === undefined) return documents;
  const manifest = parse(text);
  if (manifest === null || Object.keys(manifest).length === 0) {
    values.fault(
      FILE,
      `must hold ${FORM}, and at least one`,
      'Write it with the client preset, persistedDocuments: true',
    );
    return documents;
  }
  const wrong: string[] = [];
  for (const [id, document] of Object.entries(manifest)) {
    const fault = faultOf(id, document);
    if (fault === null) documents.set(id, String(document));
    else wrong.push(`${JSON.stringify(id.slice(0, 80))} ${fault}`);
  }
  if (wrong.length > 0) {
    const more = wrong.length > MOST_FAULTS ? `; and ${wrong.length - MOST_FAULTS} more` : '';
    const rule = `must hold documents under their own ids: ${wrong.slice(0, MOST_FAULTS).join('; ')}${more}`;
    values.fault(FILE, rule, 'Generate the file anew, and do not edit it');
  }
  return documents;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
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
