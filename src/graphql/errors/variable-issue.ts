/** What graphql-js says about the value of a variable, as an issue: it tells the place in its message only. Pure. */
import type { InputIssue } from './gateway-errors.ts';

const VARIABLE = /^Variable "\$(\w+)" (.*)$/s;
/** The last place counts: the value, which comes before it, may hold anything. */
const PLACE = /^.* at "(\w+(?:\.\w+|\[\d+\])*)"; (.*?)$/s;
const VALUE = /^got invalid value .*; (.*?)$/s;
const MISSING = /was not provided|must not be null|not to be null/;

/** @returns nothing when the message is about something else. */
export function variableIssues(message: string): readonly InputIssue[] {
  const [, name, rest = ''] = VARIABLE.exec(message) ?? [];
  if (name === undefined) {
    return [];
  }
  const [, place = name, placed] = PLACE.exec(rest) ?? [];
  const reason = placed ?? VALUE.exec(rest)?.[1] ?? rest;
  const rule = MISSING.test(reason) ? 'required' : 'type';
  return [{ path: place.replaceAll(/\[(\d+)\]/g, '.$1'), rule, message: reason }];
}
