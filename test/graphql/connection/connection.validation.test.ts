import { describe, expect, it } from 'vitest';
import {
  readConnectionFilter,
  readConnectionText,
  readDecisions,
} from '../../../src/graphql/connection/connection.validation.ts';
import { InputError } from '../../../src/graphql/errors/gateway-errors.ts';
import {
  readAddPermissions,
  readPermissionText,
  readRemovePermissions,
} from '../../../src/graphql/permission/permission.validation.ts';

function broken(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(({ path, rule }) => `${path} ${rule}`);
    throw error;
  }
  return [];
}

const SERVICE = { endpointServiceId: 'service-1' };

describe('the filter of connections', () => {
  it('takes what upstream can be asked for, every digit kept', () => {
    const filter = { endpointId: 'e-1', markerId: '422321321312321321', status: 'PENDING_ACCEPTANCE' as const };
    expect(readConnectionFilter(filter)).toEqual(filter);
    expect(readConnectionFilter({ endpointId: null })).toEqual({});
    expect(readConnectionFilter(undefined)).toEqual({});
  });

  it('names every broken rule', () => {
    expect(broken(() => readConnectionFilter({ endpointId: '', markerId: '3.2e8' }))).toEqual([
      'filter.endpointId id',
      'filter.markerId digits',
    ]);
  });
});

describe('decisions', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, number) => `e-${number}`);

  it('are for 1 to 100 endpoints, each once', () => {
    expect(readDecisions({ ...SERVICE, endpointIds: ids(100) }, undefined).endpointIds).toHaveLength(100);
    expect(broken(() => readDecisions({ ...SERVICE, endpointIds: [] }, 'a b'))).toEqual([
      'projectId id',
      'input.endpointIds empty',
    ]);
    expect(broken(() => readDecisions({ ...SERVICE, endpointIds: ids(101) }, null))).toEqual([
      'input.endpointIds count',
    ]);
    expect(broken(() => readDecisions({ endpointServiceId: '', endpointIds: ['aB', 'x/y', 'Ab'] }, null))).toEqual([
      'input.endpointServiceId id',
      'input.endpointIds.1 id',
      'input.endpointIds.2 duplicate',
    ]);
  });
});

describe('the text of a connection', () => {
  it('has at most 512 characters without angle brackets, and may be empty', () => {
    const read = (description: string) => () =>
      readConnectionText({ ...SERVICE, endpointId: 'e-1', description }, undefined);
    expect(read('')()).toMatchObject({ description: '' });
    expect(broken(read('\u{1F600}'.repeat(512)))).toEqual([]);
    expect(broken(read(`${'x'.repeat(512)}<`))).toEqual(['input.description length', 'input.description characters']);
  });
});

describe('permissions', () => {
  it.each([
    '*',
    'iam:domain::*',
    'iam:domain::6e9dfd51d1124e8d8498dce894923a0d',
    'organizations:orgPath::o-abc/r-1/ou-2/*',
  ])('may be %s', (permission) => {
    const { permissions } = readAddPermissions({ ...SERVICE, permissions: [{ permission }] }, undefined);
    // Upstream wants a description with every one.
    expect(permissions).toEqual([{ permission, description: '' }]);
  });

  it.each([
    '',
    '**',
    'iam:domain::',
    'iam:domain:6e9dfd51',
    'iam:domain::6e9d-fd51',
    `iam:domain::${'a'.repeat(65)}`,
    'IAM:domain::a',
    'iam:domain::a\n',
    'organizations:orgPath::',
    'organizations:orgPath::o 1',
    `organizations:orgPath::${'a'.repeat(1002)}`,
  ])('may not be %j', (permission) => {
    const read = () => readAddPermissions({ ...SERVICE, permissions: [{ permission }] }, undefined);
    expect(broken(read)).toEqual(['input.permissions.0.permission permission']);
  });

  it('are added 1 to 100 at a time, each once, with at most 256 characters of text', () => {
    const add = (permissions: { permission: string; description?: string }[]) => () =>
      readAddPermissions({ ...SERVICE, permissions }, undefined);
    expect(broken(add([]))).toEqual(['input.permissions empty']);
    const many = Array.from({ length: 101 }, (_, number) => ({ permission: `iam:domain::a${number}` }));
    expect(broken(add(many.slice(1)))).toEqual([]);
    expect(broken(add(many))).toEqual(['input.permissions count']);
    expect(broken(add([{ permission: '*', description: 'x'.repeat(257) }, { permission: '*' }]))).toEqual([
      'input.permissions.0.description length',
      'input.permissions.1.permission duplicate',
    ]);
  });

  it('are removed by ids or by strings', () => {
    const remove = (by: { permissionIds?: string[]; permissions?: string[] }) => () =>
      readRemovePermissions({ ...SERVICE, by }, undefined);
    expect(remove({ permissionIds: ['p-1'] })()).toEqual({ serviceId: 'service-1', by: 'id', ids: ['p-1'] });
    expect(remove({ permissions: ['*'] })()).toEqual({
      serviceId: 'service-1',
      by: 'permission',
      permissions: ['*'],
    });
    expect(broken(remove({ permissionIds: ['p', 'p'] }))).toEqual(['input.by.permissionIds.1 duplicate']);
    expect(broken(remove({ permissions: ['x'] }))).toEqual(['input.by.permissions.0 permission']);
    expect(broken(remove({ permissions: [] }))).toEqual(['input.by.permissions empty']);
  });

  it('get a new text', () => {
    const read = (input: { permissionId: string; description: string }) => () =>
      readPermissionText({ ...SERVICE, ...input }, undefined);
    expect(read({ permissionId: 'p', description: '' })()).toMatchObject({ description: '' });
    expect(broken(read({ permissionId: '', description: 'x'.repeat(257) }))).toEqual([
      'input.permissionId id',
      'input.description length',
    ]);
  });
});
