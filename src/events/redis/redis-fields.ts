/** The fields of an endpoint as lines of text: see redis-record.ts. */
import type { Fields } from '../event-log.ts';

/**
 * Names of fields as they are in Redis; another name is there as JSON text, which begins with a quotation mark. What is
 * stored outlives the process that wrote it: a code never gets another meaning.
 */
const CODES = new Map([
  ['projectId', 'a'],
  ['serviceType', 'b'],
  ['ip', 'c'],
  ['ipv6Address', 'd'],
  ['activeStatus', 'e'],
  ['enableStatus', 'f'],
  ['endpointServiceId', 'g'],
  ['endpointServiceName', 'h'],
  ['markerId', 'i'],
  ['enableDns', 'j'],
  ['dnsNames', 'k'],
  ['vpcId', 'l'],
  ['subnetId', 'm'],
  ['createdAt', 'n'],
  ['updatedAt', 'o'],
  ['tags', 'p'],
  ['whitelist', 'q'],
  ['enableWhitelist', 'r'],
  ['routeTables', 's'],
  ['specificationName', 't'],
  ['description', 'u'],
  ['policyStatement', 'v'],
  ['policyDocument', 'w'],
  ['publicBorderGroup', 'x'],
  ['endpointPoolId', 'y'],
  ['faults', 'z'],
]);
const NAMES = new Map([...CODES].map(([name, code]) => [code, JSON.stringify(name)]));

/** A line break, then the lines: the form in which the scripts cut fields out of a state. */
export function encodeFields(fields: Fields): string {
  let lines = '\n';
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) lines += `${CODES.get(name) ?? JSON.stringify(name)}\t${JSON.stringify(value)}\n`;
  }
  return lines;
}

/** The lines of one record, put in one after the other: JSON texts by name as it is stored. */
export class RecordLines {
  readonly #texts = new Map<string, string>();

  put(line: string): void {
    const tab = line.indexOf('\t');
    if (tab === -1) this.#texts.delete(line);
    else this.#texts.set(line.slice(0, tab), line.slice(tab + 1));
  }

  fields(): Fields {
    const members = [...this.#texts].map(([name, text]) => `${NAMES.get(name) ?? name}:${text}`);
    return JSON.parse(`{${members.join(',')}}`) as Fields;
  }
}

/** What `encodeFields` made. */
export function decodeFields(lines: string): Fields {
  const record = new RecordLines();
  for (const line of lines.slice(1, -1).split('\n')) record.put(line);
  return record.fields();
}
