/** Whether every trusted document is valid against the schema. */
import type { TrustedDocumentsSettings } from '../../config/trusted-documents.ts';
import { buildGatewaySchema } from '../../graphql/schema.ts';
import { Documents } from '../../http/operation/document-cache.ts';
import { type Finding, fail, ok } from './finding.ts';

const SUBJECT = 'trusted documents';

export async function checkDocuments(
  { documents }: TrustedDocumentsSettings,
  introspection: boolean,
): Promise<readonly Finding[]> {
  const known = new Documents({ schema: await buildGatewaySchema(), introspection });
  const faults = [...documents].flatMap(([id, text]) => {
    const read = known.read(text, true);
    return Array.isArray(read)
      ? [fail(SUBJECT, `${id}: ${read[0]?.message}`, 'Generate the file from this schema')]
      : [];
  });
  return faults.length > 0 ? faults : [ok(SUBJECT, `${documents.size}, all valid`)];
}
