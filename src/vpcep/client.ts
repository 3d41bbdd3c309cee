/** The whole upstream API, a client for each noun. */
import { UpstreamCaller } from './caller.ts';
import { ConnectionClient } from './connection-client.ts';
import { EndpointClient } from './endpoint-client.ts';
import { PermissionClient } from './permission-client.ts';
import { ServiceClient } from './service-client.ts';
import type { Transport } from './transport.ts';

export interface VpcepClientOptions {
  readonly transport: Transport;
}

export class VpcepClient {
  readonly endpoints: EndpointClient;
  readonly connections: ConnectionClient;
  readonly permissions: PermissionClient;
  readonly services: ServiceClient;

  constructor({ transport }: VpcepClientOptions) {
    const caller = new UpstreamCaller(transport);
    this.endpoints = new EndpointClient(caller);
    this.connections = new ConnectionClient(caller);
    this.permissions = new PermissionClient(caller);
    this.services = new ServiceClient(caller);
  }
}
