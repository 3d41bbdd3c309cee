/** Whether every trusted document is valid against the schema. */
import type { Config } from '../../config/config.ts';
import { buildServedSchema } from '../../graphql/schema.ts';
import { Documents } from '../../http/operation/document-cache.ts';
import { type Finding, fail, ok } from './finding.ts';

const SUBJECT = 'trusted documents';

export async function checkDocuments({
  trustedDocuments: { documents },
  federation,
  introspection,
}: Pick<Config, 'trustedDocuments' | 'federation' | 'introspection'>): Promise<readonly Finding[]> {
  const known = new Documents({ schema: await buildServedSchema(federation), introspection });
  const faults = [...documents].flatMap(([id, text]) => {
    const read = known.read(text, true);
    return Array.isArray(read)
      ? [fail(SUBJECT, `${id}: ${read[0]?.message}`, 'Generate the file from this schema')]
      : [];
  });
  return faults.length > 0 ? faults : [ok(SUBJECT, `${documents.size}, all valid`)];
}
