import { describe, expect, test } from 'vitest';
import { parseProfile } from '../../src/config/access-keys.ts';
import { readSecurityKey } from '../../src/vpcep/signing/metadata-credentials.ts';
import { revealed } from '../support/revealed.ts';

describe('profile file', () => {
  test('section [basic]; comments, spaces, other sections and line endings aside', () => {
    const file =
      '\uFEFF# by hand\r\n[global]\r\nak = FAKE-G\r\nsk = fake-g\r\n\r\n[ Basic ]\r\n; note\r\n AK=FAKE-B\r\nsk = fake#b;=1 \r\nsecurity_token=\r\njunk\r\n';
    expect(revealed(parseProfile(file))).toEqual({
      keys: { source: 'keys', ak: 'FAKE-B', sk: 'fake#b;=1', securityToken: undefined },
      meant: true,
      projectId: undefined,
    });
  });

  test('a temporary key keeps its token', () => {
    const profile = revealed(parseProfile('[basic]\nak=FAKE\nsk=fake\nsecurity_token=fake-t'));
    expect(profile).toMatchObject({ keys: { securityToken: 'fake-t' } });
  });

  test.each(['', '[basic]\nak=FAKE', '[global]\nak=FAKE\nsk=fake', 'ak=FAKE\nsk=fake', '[basic\nak=FAKE\nsk=fake'])(
    'no key in %j',
    (file) => {
      expect(parseProfile(file).keys).toBeUndefined();
    },
  );
});

test.each([
  ['no JSON', 'oops'],
  ['no object', '[]'],
  ['no credential', '{}'],
  ['no secret', '{"credential":{"access":"FAKE","securitytoken":"t","expires_at":"2024-01-31T08:15:30.000000Z"}}'],
  ['no time', '{"credential":{"access":"FAKE","secret":"s","securitytoken":"t","expires_at":"soon"}}'],
])('metadata answer with %s', (_what, body) => {
  expect(readSecurityKey(body)).toBeUndefined();
});
