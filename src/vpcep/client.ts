/** The whole upstream API, a client for each noun. */
import { UpstreamCaller } from './caller.ts';
import { ConnectionClient } from './connection-client.ts';
import { EndpointClient } from './endpoint-client.ts';
import { EndpointEditClient } from './endpoint-edit-client.ts';
import { PermissionClient } from './permission-client.ts';
import { QuotaClient } from './quota-client.ts';
import { ServiceClient } from './service-client.ts';
import { SharedCalls } from './shared-calls.ts';
import { TagClient } from './tag-client.ts';
import type { Transport } from './transport.ts';
import { VersionClient } from './version-client.ts';

export interface VpcepClientOptions {
  readonly transport: Transport;
  /** Where equal reads find each other; its own when absent. */
  readonly shared?: SharedCalls;
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

  constructor({ transport, shared = new SharedCalls() }: VpcepClientOptions) {
    const caller = new UpstreamCaller(transport, shared);
    this.endpoints = new EndpointClient(caller);
    this.endpointEdits = new EndpointEditClient(caller);
    this.connections = new ConnectionClient(caller);
    this.permissions = new PermissionClient(caller);
    this.services = new ServiceClient(caller);
    this.tags = new TagClient(caller);
    this.quotas = new QuotaClient(caller);
    this.versions = new VersionClient(caller);
  }
}
