import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify, plainText, readErrorBody } from '../../../src/vpcep/errors/classify.ts';

function classified(method: string, status: number, body: unknown = '', retryAfterSeconds?: number) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classify({ method, status, body: text, requestId: 'req-1', retryAfterSeconds });
}

describe('error bodies', () => {
  test.each<[string, unknown, string | undefined, string | undefined]>([
    ['service', { error_code: 'EndPoint.0002', error_msg: 'bad' }, 'EndPoint.0002', 'bad'],
    ['python', { errorCode: 'EndPoint.0002', errorMsg: 'bad' }, 'EndPoint.0002', 'bad'],
    ['plain', { code: 'EndPoint.0002', message: 'bad' }, 'EndPoint.0002', 'bad'],
    ['nested', { error: { code: 'EndPoint.0002', message: 'bad' } }, 'EndPoint.0002', 'bad'],
    ['IAM, whose code is a number', { error: { code: 401, message: 'bad', title: 'Unauthorized' } }, undefined, 'bad'],
    ['OpenStack', { itemNotFound: { code: 404, message: 'gone' } }, undefined, 'gone'],
    ['deeper', { a: { b: { error_code: 'IAM.0012', error_msg: 'slow' } } }, 'IAM.0012', 'slow'],
    ['code alone', { error_code: 'EndPoint.0002' }, 'EndPoint.0002', undefined],
    ['raw text', 'upstream connect error', undefined, 'upstream connect error'],
    ['a code that is none', { error_code: 'x y\nz', error_msg: 'bad' }, undefined, 'bad'],
    ['nothing', '', undefined, undefined],
    ['null', 'null', undefined, undefined],
    ['array', '[1]', undefined, undefined],
  ])('%s', (_what, body, code, message) => {
    const read = readErrorBody(typeof body === 'string' ? body : JSON.stringify(body));
    expect([read.code, read.message]).toEqual([code, message]);
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.json(), (text) => void readErrorBody(text)));
    fc.assert(fc.property(fc.string(), (text) => void readErrorBody(text)));
    expect(readErrorBody('['.repeat(60_000)).code).toBeUndefined();
    expect(readErrorBody(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`).code).toBeUndefined();
  });

  test('the request id comes from the header, else from the body', () => {
    const body = JSON.stringify({ error_code: 'APIGW.0308', error_msg: 'x', request_id: 'req-2' });
    expect(classified('GET', 429, body).requestId).toBe('req-1');
    const withoutHeader = { method: 'GET', status: 429, body, requestId: undefined, retryAfterSeconds: undefined };
    expect(classify(withoutHeader).requestId).toBe('req-2');
  });
});

describe('kind, outcome and retryable', () => {
  test.each([
    ['GET', 404, { error_code: 'EndPoint.0005' }, 'not_found', 'refused', false],
    ['POST', 400, { error_code: 'EndPoint.2003' }, 'not_found_as_400', 'refused', false],
    ['POST', 400, { error_code: 'endpoint.1018' }, 'quota', 'refused', false],
    ['POST', 400, { error_code: 'EndPoint.0022' }, 'throttled', 'refused', true],
    ['POST', 400, { error_code: 'EndPoint.2019' }, 'state', 'refused', true],
    ['POST', 504, { error_code: 'EndPoint.0011' }, 'validation', 'refused', false],
    ['POST', 504, { error_code: 'EndPoint.0013' }, 'timeout', 'unknown', false],
    ['GET', 504, { error_code: 'EndPoint.0013' }, 'timeout', 'refused', true],
    ['POST', 500, { error_code: 'EndPoint.0001' }, 'internal', 'unknown', false],
    ['POST', 500, '', 'internal', 'unknown', false],
    ['DELETE', 502, '<html>Bad Gateway</html>', 'unavailable', 'unknown', false],
    ['PUT', 503, '', 'unavailable', 'unknown', false],
    ['POST', 504, '', 'timeout', 'unknown', false],
    ['GET', 503, '', 'unavailable', 'refused', true],
    ['GET', 401, '', 'auth', 'refused', false],
    ['GET', 403, '', 'forbidden', 'refused', false],
    ['POST', 409, '', 'conflict', 'refused', false],
    ['POST', 413, '', 'limit', 'refused', false],
    ['GET', 418, '', 'validation', 'refused', false],
    ['POST', 400, { error_code: 'EndPoint.9999' }, 'validation', 'refused', false],
    ['GET', 302, '', 'malformed', 'refused', false],
  ])('%s %i %j', (method, status, body, kind, outcome, retryable) => {
    expect(classified(method, status, body)).toMatchObject({ kind, outcome, retryable, status, requestId: 'req-1' });
  });

  test('Retry-After is handed on', () => {
    expect(classified('GET', 429, '', 7).retryAfterSeconds).toBe(7);
  });

  test('the code is handed on as it was sent', () => {
    expect(classified('POST', 400, { error_code: 'endPOINT.2003' }).code).toBe('endPOINT.2003');
  });
});

describe('messages', () => {
  test('ours first, with the code, then upstream’s words', () => {
    expect(classified('POST', 400, { error_code: 'EndPoint.2003', error_msg: 'No such service.' }).message).toBe(
      'A resource that the request names does not exist (EndPoint.2003): No such service.',
    );
    expect(classified('GET', 500).message).toBe('Upstream failed internally (status 500).');
  });

  test.each([
    ['address', 'see https://vpcep.internal.example.com/v1/secret?x=1 now', /https|example|secret/],
    ['host', 'no route to vpcep.cn-north-4.myhuaweicloud.com/v1', /myhuaweicloud/],
    ['numeric address', 'dial 10.1.2.3:443 failed', /10\.1/],
    [
      'authorization',
      'Authorization: SDK-HMAC-SHA256 Access=FAKEACCESSKEY, Signature=abcdef0123',
      /FAKEACCESSKEY|abcdef/,
    ],
    ['token', 'x-auth-token: MIIFAKETOKEN', /MIIFAKE/],
    ['long word', `bad ${'A1'.repeat(40)} here`, /A1A1A1/],
    ['access key', 'unknown key FAKE1FAKE2FAKE3FAKE4', /FAKE1/],
    ['control characters', 'a\u0000b\nc\u202Ed\u001b[31m', /[\p{Cc}\p{Cf}]/u],
    ['markup', '<html><script>alert(1)</script></html>', /[<>]/],
  ])('nothing of an %s is left', (_what, message, forbidden) => {
    expect(plainText(message)).not.toMatch(forbidden);
    expect(classified('GET', 500, { error_code: 'EndPoint.0001', error_msg: message }).message).not.toMatch(forbidden);
  });

  test('is short and on one line for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (message) => {
        const plain = plainText(message);
        expect(plain?.length ?? 0).toBeLessThanOrEqual(200);
        expect(plain ?? '').not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
    expect(plainText('  \n ')).toBeUndefined();
    expect(plainText('word '.repeat(100))).toHaveLength(200);
  });
});
