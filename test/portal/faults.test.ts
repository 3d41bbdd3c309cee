import { CombinedError } from 'urql';
import { describe, expect, it } from 'vitest';
import { faultOf, issueText } from '../../portal/src/gateway/faults.ts';
import { MOST_TAGS } from '../../src/vpcep/core/model.ts';

const error = (extensions: object) =>
  new CombinedError({
    graphQLErrors: [{ message: 'The route table is bound to another endpoint.', extensions: { ...extensions } }],
  });

describe('an error of the gateway', () => {
  const conflict = error({
    code: 'CONFLICT',
    upstream: { code: 'EndPoint.2023', status: 409, requestId: 'request-1' },
  });

  it('keeps its cause beside a text in Chinese', () => {
    expect(faultOf(conflict, 'zh')).toMatchObject({
      message: '与资源的当前状态冲突。',
      original: 'The route table is bound to another endpoint.',
      requestId: 'request-1',
    });
    expect(faultOf(error({ code: 'NEW' }), 'zh')).toMatchObject({
      message: 'The route table is bound to another endpoint.',
      requestId: undefined,
    });
  });

  it('stands alone in English', () => {
    const { original, requestId } = faultOf(conflict, 'en');
    expect([original, requestId]).toEqual([undefined, 'request-1']);
  });
});

describe('a rule that counts', () => {
  it('has the same order of numbers in all messages', () => {
    const message = `input.tags may bring it to at most ${MOST_TAGS} tags: it would have 22. Remove others first`;
    expect(issueText({ path: 'input.tags', rule: 'count', message }, 'zh', '标签')).toBe('标签 最多 20 项，现为 22 项');
  });
});
