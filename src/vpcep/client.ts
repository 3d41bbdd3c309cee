/** The whole upstream API, a client for each noun. */

import { ConnectionClient } from './connection/client.ts';
import type { PolicyNotice } from './core/policy.ts';
import { EndpointClient } from './endpoint/client.ts';
import { PermissionClient } from './permission/client.ts';
import { QuotaClient } from './quota.ts';
import { ServiceClient } from './service/client.ts';
import { TagClient } from './tag/client.ts';
import { UpstreamCaller } from './transport/caller.ts';
import { SharedCalls } from './transport/shared-calls.ts';
import type { Transport } from './transport/transport.ts';
import { VersionClient } from './version.ts';

interface VpcepClientOptions {
  readonly transport: Transport;
  /** Called each time an answer has something that the contract does not describe. */
  readonly onDeviation?: PolicyNotice;
}

/** Every method takes its options as a required argument: without them a call would be made with the project's keys. */
export class VpcepClient {
  readonly endpoints: EndpointClient;
  readonly connections: ConnectionClient;
  readonly permissions: PermissionClient;
  readonly services: ServiceClient;
  readonly tags: TagClient;
  readonly quotas: QuotaClient;
  readonly versions: VersionClient;
  /** The reads in flight; writes of this client end them. */
  readonly shared = new SharedCalls();

  constructor({ transport, onDeviation }: VpcepClientOptions) {
    const caller = new UpstreamCaller(transport, this.shared, onDeviation);
    this.endpoints = new EndpointClient(caller);
    this.connections = new ConnectionClient(caller);
    this.permissions = new PermissionClient(caller);
    this.services = new ServiceClient(caller);
    this.tags = new TagClient(caller);
    this.quotas = new QuotaClient(caller);
    this.versions = new VersionClient(caller);
  }
}
