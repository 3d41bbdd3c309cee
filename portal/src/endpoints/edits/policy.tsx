import { useState } from 'react';
import { UpdateVpcEndpointPolicyDocument } from 'vpcep-gateway/documents';
import type { PolicyStatementInput } from '../../../../src/graphql/endpoint/endpoint.input.ts';
import { readPolicyInput } from '../../../../src/graphql/endpoint/endpoint.validation.ts';
import { InputError } from '../../../../src/graphql/errors/gateway-errors.ts';
import type { JsonObject } from '../../../../src/vpcep/core/model.ts';
import { useWrite } from '../../gateway/hooks.ts';
import { EditablePart, EditDialog } from '../../parts/edit-dialog.tsx';
import { Field } from '../../parts/form.tsx';
import { useText } from '../../preferences.ts';
import { type EditProps, type Endpoint, useWhole } from './edit.ts';

const en = {
  title: 'Policy',
  statements: 'Statements (JSON)',
  document: 'Document (JSON)',
  full: 'Full access',
  shownOnly: 'The cloud does not take notAction and notResource: saving leaves them out.',
};
const zh: typeof en = {
  title: '策略',
  statements: '语句（JSON）',
  document: '文档（JSON）',
  full: '完全访问',
  shownOnly: '云服务不接受 notAction 和 notResource：保存时会去掉它们。',
};

type Statement = Endpoint['policyStatements'][number];

const FULL_ACCESS = [{ effect: 'ALLOW', action: ['*'], resource: ['*'] }];

/** The cloud shows the default policy, too, in the form that the service takes. */
export function hasPolicy({ policyStatements, policyDocument }: Endpoint): boolean {
  return policyStatements.length > 0 || policyDocument !== null;
}

const asText = (value: unknown) => JSON.stringify(value, null, 2);

/** With the members that are said only; those of `shown` cannot be given. */
function plainStatement({ effect, rawEffect, action, notAction, resource, notResource, condition, sid }: Statement) {
  const shown = {
    notAction: notAction.length > 0 ? notAction : undefined,
    notResource: notResource.length > 0 ? notResource : undefined,
  };
  return {
    given: { effect, action, resource, condition: condition ?? undefined, sid: sid ?? undefined },
    shown: { ...shown, rawEffect: effect === 'UNKNOWN' ? rawEffect : undefined },
  };
}

function policyText({ policyStatements, policyDocument }: Endpoint): string {
  return asText(
    policyStatements.length > 0
      ? policyStatements.map(plainStatement).map(({ given, shown }) => ({ ...given, ...shown }))
      : policyDocument,
  );
}

export function Policy({ endpoint, canEdit }: EditProps) {
  const t = useText({ en, zh });
  return (
    <EditablePart
      title={t.title}
      canEdit={canEdit}
      edit={(close) => <EditPolicy endpoint={endpoint} onClose={close} />}
    >
      <pre>{policyText(endpoint)}</pre>
    </EditablePart>
  );
}

function EditPolicy({ endpoint, onClose }: Pick<EditProps, 'endpoint'> & { readonly onClose: () => void }) {
  const t = useText({ en, zh });
  const { id, projectId, policyStatements, policyDocument } = endpoint;
  const form = policyStatements.length > 0 ? 'statements' : 'document';
  const statements = policyStatements.map(plainStatement);
  const [text, setText] = useState(() =>
    asText(form === 'statements' ? statements.map(({ given }) => given) : policyDocument),
  );
  const { run } = useWrite(UpdateVpcEndpointPolicyDocument);
  const whole = useWhole(endpoint, (shown) => [policyText(shown)]);
  const policyOf = form === 'statements' ? readStatements : readDocument;
  return (
    <EditDialog
      title={t.title}
      input={text}
      read={(typed) => readPolicyInput({ id, policy: policyOf(typed) })}
      write={async (typed) => (await run({ projectId, input: { id, policy: policyOf(typed) } })).error}
      whole={whole}
      onClose={onClose}
    >
      {(fields) => (
        <>
          <Field form={fields} path="input.policy" label={t[form]} required isEmpty={text.trim() === ''}>
            {(props) => (
              <textarea
                {...props}
                className="code"
                rows={14}
                spellCheck={false}
                value={text}
                onInput={({ currentTarget }) => setText(currentTarget.value)}
              />
            )}
          </Field>
          {statements.some(({ shown }) => shown.notAction ?? shown.notResource) && <p>{t.shownOnly}</p>}
          {form === 'statements' && (
            <p>
              <button type="button" onClick={() => setText(asText(FULL_ACCESS))}>
                {t.full}
              </button>
            </p>
          )}
        </>
      )}
    </EditDialog>
  );
}

/** @throws InputError */
function readDocument(text: string): { readonly document: JsonObject } {
  const document = parsed(text);
  if (!isObject(document)) throw wrong('must be a JSON object');
  return { document };
}

/** The shape only: the gateway's rules come after it. @throws InputError */
function readStatements(text: string): { readonly statements: PolicyStatementInput[] } {
  const statements = parsed(text);
  if (!Array.isArray(statements) || !statements.every(isStatement)) {
    throw wrong(
      'must be a JSON list of statements such as {"effect": "ALLOW", "action": ["obs:*:*"], "resource": ["obs:*:*:*:*/*"]}',
    );
  }
  return { statements };
}

function isStatement(value: unknown): value is PolicyStatementInput {
  return (
    isObject(value) &&
    ['ALLOW', 'DENY'].includes(String(value.effect)) &&
    isTexts(value.action) &&
    isTexts(value.resource)
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function wrong(message: string): InputError {
  return new InputError([{ path: 'input.policy', rule: 'json', message: `input.policy ${message}` }]);
}
