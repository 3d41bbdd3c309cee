/** The whole upstream API, a client for each noun. */

import { ConnectionClient } from './connection/client.ts';
import type { PolicyNotice } from './core/policy.ts';
import { EndpointClient, EndpointEditClient } from './endpoint/client.ts';
import { PermissionClient } from './permission/client.ts';
import { QuotaClient } from './quota.ts';
import { ServiceClient } from './service/client.ts';
import type { CredentialSource } from './signing/credentials.ts';
import { TagClient } from './tag/client.ts';
import type { WriteOptions } from './transport/caller.ts';
import { UpstreamCaller } from './transport/caller.ts';
import { SharedCalls } from './transport/shared-calls.ts';
import type { Transport } from './transport/transport.ts';
import { VersionClient } from './version.ts';

/** What calls have that do not bring their own: without a credential, they are made with the project's keys. */
export interface VpcepClientOptions extends WriteOptions {
  readonly transport: Transport;
  /** Where equal reads find each other; its own when absent. */
  readonly shared?: SharedCalls;
  /** Called each time an answer has something that the contract does not describe. */
  readonly onDeviation?: PolicyNotice;
}

export class VpcepClient {
  readonly endpoints: EndpointClient;
  readonly endpointEdits: EndpointEditClient;
  readonly connections: ConnectionClient;
  readonly permissions: PermissionClient;
  readonly services: ServiceClient;
  readonly tags: TagClient;
  readonly quotas: QuotaClient;
  readonly versions: VersionClient;
  readonly #options: VpcepClientOptions & { readonly shared: SharedCalls };
  readonly #bound = new WeakMap<CredentialSource, VpcepClient>();

  constructor(given: VpcepClientOptions) {
    const { transport, shared = new SharedCalls(), onDeviation, ...usual } = given;
    this.#options = { ...given, shared };
    const caller = new UpstreamCaller(transport, shared, usual, onDeviation);
    this.endpoints = new EndpointClient(caller);
    this.endpointEdits = new EndpointEditClient(caller);
    this.connections = new ConnectionClient(caller);
    this.permissions = new PermissionClient(caller);
    this.services = new ServiceClient(caller);
    this.tags = new TagClient(caller);
    this.quotas = new QuotaClient(caller);
    this.versions = new VersionClient(caller);
  }

  /** The same API as somebody else: no call of it can fall back to the project's keys. */
  as(credential: CredentialSource): VpcepClient {
    const known = this.#bound.get(credential) ?? new VpcepClient({ ...this.#options, credential });
    this.#bound.set(credential, known);
    return known;
  }

  /** The same API for the same caller, with somebody to tell of calls. */
  telling(told: Pick<WriteOptions, 'onWrite' | 'onCall'>): VpcepClient {
    return new VpcepClient({ ...this.#options, ...told });
  }
}
